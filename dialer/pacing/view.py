"""What a pacer may look at when it decides: one photograph of the floor.

The core takes the photograph (`PaceCampaign`), the shell hands it to the pacer, and the pacer's
integer comes back as a fact. A view therefore holds plain numbers only: instants in seconds on the
caller's clock, counts, and optional probabilities. It holds no identities, so it can be kept in the
audit stream as it is.

All instants (`..._since_s`) and `now_s` are on one clock; an age is `now_s - since`. Optional
fields default to "not known", and a pacer does the best it can without them.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowStanding:
    """How one abandonment window stands, as counted by the compliance meter.

    The legal window, a shift limit and a 24-hour cap are all windows; the pacer keeps every one of
    them. Counts follow the window's own definition of numerator and denominator.
    """

    name: str
    rate_max: float
    """Abandoned over live answers that must not be exceeded at the end of the window, 0..1."""
    answers: int
    abandons: int
    answers_ahead: float = 0.0
    """Live answers still expected before the window ends; 0 when it is not known."""
    is_rolling: bool = False
    """It never ends: what it holds today is all forgotten one length later."""
    is_hard: bool = False
    """Stop dialling ahead at once while the rate is above `rate_max`."""
    breach_risk_max: float | None = None
    """Hold the probability of ending above `rate_max` below this (risk mode)."""

    @property
    def rate(self) -> float:
        """Return abandoned over live answers so far; 0.0 before the first answer."""
        return self.abandons / self.answers if self.answers else 0.0


@dataclass(frozen=True, slots=True)
class PacingView:
    """The floor at one instant.

    `ready`, `talking_since_s` and `wrapping_since_s` together are the agents who can serve this
    campaign; agents on a break are in `signed_in` only.
    """

    now_s: float
    ready: int
    waiting: int
    """People who have answered and wait for an agent."""
    detecting: int
    """Calls answered but not yet told apart from machines, beside those in `ringing_since_s`."""
    talking_since_s: Sequence[float]
    wrapping_since_s: Sequence[float]
    ringing_since_s: Sequence[float]
    """When each call that is still on its way was dialled."""
    signed_in: int
    calls_per_s_max: float
    ringing_odds: Sequence[float | None] | None = None
    """Live-answer probability of each ringing number, in the order of `ringing_since_s`; None for
    one nothing is known of, and instead of all if nothing is known of any."""
    next_odds: Sequence[float | None] | None = None
    """The same of each number that would be dialled next, in that order."""
    leaving_talking: Sequence[int] = ()
    """Indices into `talking_since_s` of agents who asked to pause after this call."""
    leaving_wrapping: Sequence[int] = ()
    """Indices into `wrapping_since_s` of agents who asked to pause after this call."""
    trunks_free: int | None = None
    """Lines the carrier still grants; None when there is no such limit."""
    reserve: int = 0
    """Agents whom the rules of the centre keep for callers: not to be dialled for."""
    previewed: int = 0
    """Agents who looked at their lead and pressed dial."""
    windows: Sequence[WindowStanding] = ()

    @property
    def free(self) -> int:
        """Return the ready agents who may be dialled for."""
        return max(0, self.ready - self.reserve)

    @property
    def in_flight(self) -> int:
        """Return the calls dialled and not yet told live or dead."""
        return len(self.ringing_since_s) + self.detecting

    @property
    def staff(self) -> int:
        """Return the agents who are free or will be after their present contact."""
        busy = len(self.talking_since_s) + len(self.wrapping_since_s)
        return self.ready + busy
