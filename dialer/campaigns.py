"""One campaign at work: its dials, its leads at hand, and what its pacer is asked.

**The rhythm of pacing.** The pacer is asked when the floor has changed, but not within
`PACE_MS_MIN` of the last time, and anyway `PACE_MS_MAX` after it. One question is open at a time:
the next view then shows the dials that the last answer started, and a slow journal cannot make all
answers stale. A question without an answer is given up after `PACE_MS_MAX`; an answer to any but
the open question is ignored.

**Observations** (what the pacer learns from) are gathered between two questions and travel with
the next, so that the pacer's state follows from the questions alone.

**After a takeover** a campaign dials one per ready agent, until the dials of the time before are
over and `CAUTION_MS` have passed: what the pacer learnt may be older than what happened, and late
facts must not make it dial too much (nobody is abandoned because of a crash).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from acd.deadlines import NO_TICKET
from acd.engine import Floor
from acd.ids import CallId
from dialer.allowance import Allowance
from dialer.commands import Observation, PaceCampaign
from dialer.config import CampaignConfig
from dialer.dials import IN_FLIGHT, ON_THE_WAY, Dial, DialState
from dialer.leads import LeadStock

PACE_MS_MIN = 250
"""The pacer is not asked more often than this."""

PACE_MS_MAX = 1_000
"""While a campaign runs its pacer is asked at least this often."""

CAUTION_MS = 60_000
"""How long a campaign dials 1:1 after a takeover, at least."""

NO_VIEW = 0
"""The ordinal that no view has."""


@dataclass(slots=True)
class Campaign:
    """One campaign's state. Mutated in place by the dialer."""

    config: CampaignConfig
    is_running: bool
    allowance: Allowance
    stock: LeadStock = field(default_factory=LeadStock)
    dials: dict[CallId, Dial] = field(default_factory=dict)  #: not over, in the order of dialling
    observations: list[Observation] = field(default_factory=list)
    last_view: int = NO_VIEW
    open_view: int = NO_VIEW  #: the question that is not answered yet
    paced_at_ms: int = -PACE_MS_MAX
    has_changed: bool = False  #: since the last question
    is_unsettled: bool = True  #: pacer and lead store are to be looked at
    signed_in: int = 0  #: at the last question
    cautious_until_ms: int = 0
    pace_ticket: int = NO_TICKET
    leads_ticket: int = NO_TICKET
    is_retired: bool = False  #: gone from the settings; finishes its dials

    @classmethod
    def of(cls, config: CampaignConfig) -> "Campaign":
        """Make the campaign of its settings, without leads."""
        return cls(config, not config.starts_paused, Allowance.of(config.calls_per_s_max))

    @property
    def has_work(self) -> bool:
        """Tell whether asking the pacer could lead to anything, or teach it."""
        return self.is_running and bool(len(self.stock) or self.dials)

    @property
    def is_done(self) -> bool:
        """Tell whether the campaign is gone from the settings and has finished its dials."""
        return self.is_retired and not self.dials

    @property
    def next_pace_ms(self) -> int:
        """When the pacer may be asked next."""
        if self.has_changed and self.open_view == NO_VIEW:
            return self.paced_at_ms + PACE_MS_MIN
        return self.paced_at_ms + PACE_MS_MAX

    def touch(self) -> None:
        """Note that the campaign's floor is another one than at the last question."""
        self.has_changed = True
        self.is_unsettled = True

    def change(self, config: CampaignConfig) -> None:
        """Take new settings; leads at hand, dials and whether it runs stay."""
        if config.calls_per_s_max != self.config.calls_per_s_max:
            self.allowance = Allowance.of(config.calls_per_s_max)
        if self.is_retired:
            self.is_running, self.is_retired = not config.starts_paused, False
        self.config = config
        self.touch()

    def retire(self) -> None:
        """Dial no more: the campaign is gone from the settings."""
        self.is_running, self.is_retired = False, True

    def in_flight(self) -> Iterator[Dial]:
        """Yield the dials that may still need an agent."""
        return (dial for dial in self.dials.values() if dial.state in IN_FLIGHT)

    def observe(self, what: str, at_ms: int, *, duration_ms: int = 0, outcome: str = "") -> None:
        """Keep one thing for the pacer to learn from."""
        self.observations.append(Observation(what, at_ms, duration_ms, outcome))

    def view(self, at_ms: int, floor: Floor) -> PaceCampaign:
        """Make the next question, with everything observed since the last."""
        self._observe_sign_ins(at_ms, floor.signed_in)
        self.last_view += 1
        self.open_view = self.last_view
        self.paced_at_ms = at_ms
        self.has_changed = False
        observations, self.observations = tuple(self.observations), []
        states = [dial.state for dial in self.dials.values()]
        return PaceCampaign(
            campaign_id=self.config.campaign_id,
            view=self.last_view,
            at_ms=at_ms,
            ready=floor.ready,
            waiting=sum(
                dial.state is DialState.WAITING and not dial.is_offered
                for dial in self.dials.values()
            ),
            detecting=states.count(DialState.DETECTING),
            talking_since_ms=floor.talking_since_ms,
            wrapping_since_ms=floor.wrapping_since_ms,
            ringing_since_ms=tuple(
                dial.dialled_at_ms for dial in self.dials.values() if dial.state in ON_THE_WAY
            ),
            signed_in=floor.signed_in,
            leads=len(self.stock),
            observations=observations,
        )

    def dials_allowed(self, at_ms: int, wanted: int, floor: Floor) -> int:
        """Cut the pacer's answer to what lines, call rate and agents allow."""
        if not self.is_running or not floor.signed_in:
            return 0
        in_flight = list(self.in_flight())
        lines = self.config.lines_max - len(in_flight)
        allowed = min(wanted, lines, self.allowance.calls(at_ms), len(self.stock))
        if self._is_cautious(at_ms):
            unserved = sum(not dial.is_offered for dial in in_flight)
            allowed = min(allowed, floor.ready - unserved)
        return max(0, allowed)

    def begin_caution(self, at_ms: int) -> None:
        """Dial one per ready agent for a while: another worker leads from here on.

        A campaign whose pacer was never asked has nothing to be careful about.
        """
        if self.last_view == NO_VIEW:
            return
        self.open_view = NO_VIEW
        self.cautious_until_ms = at_ms + CAUTION_MS

    def _is_cautious(self, at_ms: int) -> bool:
        if self.cautious_until_ms == 0:
            return False
        began_at_ms = self.cautious_until_ms - CAUTION_MS
        is_over = at_ms >= self.cautious_until_ms and all(
            dial.dialled_at_ms >= began_at_ms for dial in self.in_flight()
        )
        if is_over:
            self.cautious_until_ms = 0
        return not is_over

    def _observe_sign_ins(self, at_ms: int, signed_in: int) -> None:
        what = "signed_in" if signed_in > self.signed_in else "signed_out"
        for _ in range(abs(signed_in - self.signed_in)):
            self.observe(what, at_ms)
        self.signed_in = signed_in
