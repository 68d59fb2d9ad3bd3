"""One campaign at work: its dials, its leads at hand, and what its pacer is asked.

**The rhythm of pacing.** The pacer is asked when the floor has changed, but not within
`PACE_MS_MIN` of the last time, and anyway `PACE_MS_MAX` after it. One question is open at a time:
the next view then shows the dials that the last answer started, and a slow journal cannot make all
answers stale. A question without an answer is given up after `PACE_MS_MAX`; an answer to any but
the open question is ignored.

**Observations** (what the pacer learns from) are gathered between two questions and travel with
the next, so that the pacer's state follows from the questions alone.

**Which leads** the next dials would take is settled with the question: likely answers first while
no more agents are ready than the calls on the way may need, the store's order otherwise. So the
pacer is shown the chances of the very numbers that its answer will dial.

**How hard it dials** is a matter of the settings, until somebody changes it by hand
(`PacingChanged`); new settings that say the same about pacing leave that as it is.

**After a takeover** a campaign dials one per ready agent, until the dials of the time before are
over and `CAUTION_MS` have passed: what the pacer learnt may be older than what happened, and late
facts must not make it dial too much (nobody is abandoned because of a crash).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from operator import itemgetter

from acd.deadlines import NO_TICKET
from acd.engine import Floor
from acd.ids import CallId
from dialer.allowance import Allowance
from dialer.commands import Observation, PaceCampaign, WindowCount
from dialer.compliance import AbandonmentMeter
from dialer.config import CampaignConfig
from dialer.detection import DetectionTally
from dialer.dials import IN_FLIGHT, ON_THE_WAY, UNKNOWN, Dial, DialState
from dialer.events import Lead
from dialer.leads import LeadStock, permille
from dialer.previews import Previews
from dialer.windows import PPM_PER_PERCENT, live_answer, meter_of, window_counts

PACE_MS_MIN = 250
"""The pacer is not asked more often than this."""

PACE_MS_MAX = 1_000
"""While a campaign runs its pacer is asked at least this often."""

CAUTION_MS = 60_000
"""How long a campaign dials 1:1 after a takeover, at least."""

SHIFT_PAUSE_MS = 4 * 3_600_000
"""After so long without a question to the pacer the next one begins a shift."""

NO_VIEW = 0
"""The ordinal that no view has."""


@dataclass(frozen=True, slots=True)
class Grant:
    """How many of the wanted dials may be started."""

    dials: int
    why: str  #: what cut them, in one sentence; empty if nothing did


@dataclass(slots=True)
class Campaign:
    """One campaign's state. Mutated in place by the dialer."""

    config: CampaignConfig  #: in force: the settings, with what was changed by hand
    told: CampaignConfig  #: the settings as they were told
    is_running: bool
    allowance: Allowance
    stock: LeadStock = field(default_factory=LeadStock)
    dials: dict[CallId, Dial] = field(default_factory=dict)  #: not over, in the order of dialling
    observations: list[Observation] = field(default_factory=list)
    last_view: int = NO_VIEW
    open_view: int = NO_VIEW  #: the question that is not answered yet
    paced_at_ms: int = -PACE_MS_MAX
    is_likely_first: bool = False  #: how the next dials choose their leads
    has_changed: bool = False  #: since the last question
    is_unsettled: bool = True  #: pacer and lead store are to be looked at
    present: int = 0  #: agents at the last question who were not on a break
    cautious_until_ms: int = 0
    pace_ticket: int = NO_TICKET
    leads_ticket: int = NO_TICKET
    is_retired: bool = False  #: gone from the settings; finishes its dials
    meter: AbandonmentMeter | None = None  #: None until the pacer is first asked
    previews: Previews = field(default_factory=Previews)
    tally: DetectionTally = field(default_factory=DetectionTally)

    @classmethod
    def of(cls, config: CampaignConfig) -> "Campaign":
        """Make the campaign of its settings, without leads."""
        allowance = Allowance.of(config.calls_per_s_max)
        return cls(config, config, not config.starts_paused, allowance)

    @property
    def has_work(self) -> bool:
        """Tell whether asking the pacer could lead to anything, or teach it."""
        return self.is_running and bool(len(self.stock) or self.dials or self.previews)

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
        """Take new settings; leads at hand, dials and whether it runs stay.

        Pacing that was changed by hand stays as well, if the settings of pacing have not changed.
        """
        told, self.told = self.told, config
        if _pacing(told) == _pacing(config):
            pacer, percent_max = _pacing(self.config)
            config = replace(config, pacer=pacer, abandon_percent_max=percent_max)
        if config.calls_per_s_max != self.config.calls_per_s_max:
            self.allowance = Allowance.of(config.calls_per_s_max)
        if self.is_retired:
            self.is_running, self.is_retired = not config.starts_paused, False
        has_other_windows = config.windows != self.config.windows
        self.config = config
        if self.meter is not None and has_other_windows:
            counted, self.meter = self.meter.snapshot(), meter_of(config, self.paced_at_ms)
            self.meter.restore(counted)
            self.meter.errors_ppm = self.tally.people_ppm
        self.touch()

    def set_pacing(self, pacer: str, abandon_ppm_max: int) -> None:
        """Change how hard to dial by hand.

        Raises:
            ConfigError: There is no such rule, or the target is above what may be set.
        """
        percent_max = abandon_ppm_max / PPM_PER_PERCENT
        self.config = replace(self.config, pacer=pacer, abandon_percent_max=percent_max)
        self.touch()

    def retire(self) -> None:
        """Dial no more: the campaign is gone from the settings."""
        self.is_running, self.is_retired, self.is_unsettled = False, True, True

    @property
    def unknown_count(self) -> int:
        """How many dials have no verdict yet: each may turn out to be a person."""
        return sum(dial.state in UNKNOWN for dial in self.dials.values())

    def in_flight(self) -> Iterator[Dial]:
        """Yield the dials that may still need an agent."""
        return (dial for dial in self.dials.values() if dial.state in IN_FLIGHT)

    def observe(
        self,
        what: str,
        at_ms: int,
        *,
        duration_ms: int = 0,
        outcome: str = "",
        odds_permille: int = -1,
    ) -> None:
        """Keep one thing for the pacer to learn from."""
        self.observations.append(Observation(what, at_ms, duration_ms, outcome, odds_permille))

    def count_answer(self, dial: Dial, at_ms: int) -> None:
        """Count a dial that reached a person and whose end is known now in all windows, once."""
        if self.meter is not None and not (dial.is_counted or dial.is_sampled):
            dial.is_counted = True
            self.meter.on_answer(live_answer(dial, self.config, at_ms))

    def count_machine(self, at_ms: int) -> None:
        """Count a machine verdict: some of them are people, as the checks estimate."""
        self.tally.machines += 1
        if self.meter is not None:
            self.meter.on_machine(at_ms)

    def learn_truth(self, disposition: str, *, was_checked: bool) -> None:
        """Hear what an agent found at the other end."""
        is_machine = disposition in self.config.machine_dispositions
        self.tally.on_disposition(was_checked=was_checked, is_machine=is_machine)
        if self.meter is not None:
            self.meter.errors_ppm = self.tally.people_ppm

    def windows(self, at_ms: int) -> tuple[WindowCount, ...]:
        """Return how all windows stand; a shift begins after hours without a question."""
        if self.meter is None:
            self.meter = meter_of(self.config, at_ms)
            self.meter.errors_ppm = self.tally.people_ppm
        elif at_ms - self.paced_at_ms >= SHIFT_PAUSE_MS:
            self.meter.on_shift_started(at_ms)
        return window_counts(self.config, self.meter, at_ms)

    def view(
        self, at_ms: int, floor: Floor, is_busy: Callable[[str], bool], reserve: int
    ) -> PaceCampaign:
        """Make the next question, with everything observed since the last.

        Args:
            at_ms: Now.
            floor: The agents who may serve the campaign.
            is_busy: Tells whether a number (by its key) is being dialled.
            reserve: Agents whom the rules of the centre keep for callers.
        """
        self._observe_presence(at_ms, floor.present)
        windows = self.windows(at_ms)
        on_the_way = [dial for dial in self.dials.values() if dial.state in ON_THE_WAY]
        next_leads = self._next_leads(at_ms, floor, is_busy)
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
            ringing_since_ms=tuple(dial.dialled_at_ms for dial in on_the_way),
            signed_in=floor.signed_in,
            leads=len(self.stock),
            observations=observations,
            pacer=self.config.pacer,
            abandon_ppm_max=round(self.config.abandon_percent_max * PPM_PER_PERCENT),
            windows=windows,
            ringing_permille=_known_odds([dial.lead for dial in on_the_way]),
            next_permille=_known_odds(next_leads),
            leaving_talking=floor.leaving_talking,
            leaving_wrapping=floor.leaving_wrapping,
            reserve=reserve,
            previewed=len(self.previews.pressed),
        )

    def _next_leads(self, at_ms: int, floor: Floor, is_busy: Callable[[str], bool]) -> list[Lead]:
        """Settle in which order leads are dialled until the next question, and return the first."""
        unknown = [dial for dial in self.dials.values() if dial.state in UNKNOWN]
        expected_permille = sum(permille(dial.lead) for dial in unknown)
        self.is_likely_first = floor.ready * 1_000 <= expected_permille
        count = int(self.config.calls_per_s_max) + 1
        return self.stock.upcoming(at_ms, is_busy, count, is_likely_first=self.is_likely_first)

    def grant(self, at_ms: int, wanted: int, floor: Floor, objection: str = "") -> Grant:
        """Cut the pacer's answer to what lines, call rate, leads and agents allow.

        Args:
            at_ms: Now.
            wanted: The pacer's answer.
            floor: The agents who may serve the campaign.
            objection: Why the rules of the centre let nobody be dialled now; empty if they do.
        """
        if objection:
            return Grant(0, objection)
        if not self.is_running:
            return Grant(0, "The campaign is paused.")
        if not (floor.signed_in or self.config.is_agentless):
            return Grant(0, "Nobody is signed in.")
        in_flight = list(self.in_flight())
        lines, calls = self.config.lines_max - len(in_flight), self.allowance.calls(at_ms)
        leads = len(self.stock) + len(self.previews.pressed)
        limits = [
            (wanted, ""),
            (lines, f"{max(0, lines)} of {self.config.lines_max} lines are free."),
            (calls, f"The call rate leaves {calls} at {self.config.calls_per_s_max:g} a second."),
            (leads, f"Leads at hand: {leads}."),
        ]
        if self._is_cautious(at_ms) and not self.config.is_agentless:
            unserved = sum(not dial.is_offered for dial in in_flight)
            why = f"After a takeover one call per ready agent: {floor.ready} ready, {unserved} out."
            limits.append((floor.ready - unserved, why))
        dials, why = min(limits, key=itemgetter(0))
        return Grant(max(0, dials), why)

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

    def _observe_presence(self, at_ms: int, present: int) -> None:
        """Tell the pacer who came and went; a break takes an agent away like the end of a shift."""
        what = "signed_in" if present > self.present else "signed_out"
        for _ in range(abs(present - self.present)):
            self.observe(what, at_ms)
        self.present = present


def _known_odds(leads: list[Lead]) -> tuple[int, ...]:
    """Return each lead's chance of an answer, or nothing if none is known."""
    odds = tuple(lead.answer_permille for lead in leads)
    return odds if any(known >= 0 for known in odds) else ()


def _pacing(config: CampaignConfig) -> tuple[str, float]:
    return config.pacer, config.abandon_percent_max
