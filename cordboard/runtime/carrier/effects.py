"""What carrying out a command led to, in four words."""

from dataclasses import dataclass

from cordboard.runtime.outbox import Settlement

AGAIN_MS = 3_000
"""A doubtful outcome is looked for this often."""

GIVE_UP_MS = 30_000
"""A leg that was not found for so long, and twice, does not exist."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is settled, one way or the other."""

    settlement: Settlement


@dataclass(frozen=True, slots=True)
class NotNow:
    """It certainly did not happen; it is tried again."""

    why: str = ""  #: for people, if the carrier said it; empty: we ourselves hold it back
    after_ms: int = 0  #: when, in modelled time; 0: after a pause that grows


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It may have happened. The claim stays; the next try is made as a repeat."""

    why: str


Effect = Done | NotNow | Doubtful


@dataclass(frozen=True, slots=True)
class Try:
    """The circumstances under which a command is carried out."""

    key: str  #: the command's identity
    now_ms: int  #: the journal's time, about
    age_ms: int = 0  #: how long ago, in that time, the command was given
    doubtful_ms: int = 0  #: for how long an earlier try's outcome is unknown; 0: there was none
    looks: int = 0  #: how often it was looked for in vain
    is_overtaken: bool = False  #: a later command of the same lane makes it pointless

    @property
    def is_repeat(self) -> bool:
        """Whether an earlier try may have had its effect."""
        return self.doubtful_ms > 0

    @property
    def is_hopeless(self) -> bool:
        """Whether it was looked for long enough."""
        return self.doubtful_ms >= GIVE_UP_MS and self.looks >= 1
