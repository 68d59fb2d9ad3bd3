"""Adaptive: the level rules most dialling floors know, kept as the baseline to compare with.

A *level* of lines per agent is multiplied up while agents idle and down while answers wait, and a
limit on today's abandoned share cuts it. Nothing else enters: no answer rate, no ring time, no talk
time. It is an integral controller behind a bang-bang limit, so it swings between its cap and level
1 on most floors; the measurements are in `docs/pacing.md`.

Three loops run on their own clocks: samples each second, the level every 15 seconds, the abandoned
share every 60. Calls are placed every 2.5 seconds: level times (ready + talking agents), minus all
lines in use. A talking agent's own line counts on both sides, so level 1 is progressive.

Faithful to a fault, each tested: intensities beyond 100 % flip the sign; the tapered rule subtracts
clock times as decimal numbers (2100 - 1330 = 770); calls still talking are missing from the
denominator of the abandoned share; the share is the calendar day's, not the legal window's.

Source: VICIdial, bin/AST_VDadapt.pl (build 240219-1514) and bin/AST_VDauto_dial.pl, in own words.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Any

from dialer.pacing.decision import Decision, Limit
from dialer.pacing.pacer import Pacer
from dialer.pacing.view import PacingView

SAMPLES = 15
LEVEL_EVERY_S, SHARE_EVERY_S, DIAL_EVERY_S = 15.0, 60.0, 2.5
DAY_S = 86_400.0
#: Below these counts the emergency and the limit say nothing.
EMERGENCY_CALLS_MIN, LIMITED_CALLS_MIN = 20, 50


@unique
class LimitRule(StrEnum):
    """What happens to the level while today's abandoned share is over the limit."""

    HARD = "hard"
    AVERAGE = "average"
    TAPERED = "tapered"


@dataclass(frozen=True, slots=True)
class AdaptiveSettings:
    """The settings of the level rules, with their customary defaults."""

    rule: LimitRule = LimitRule.HARD
    abandoned_percent_max: float = 3.0
    level_max: float = 3.0
    intensity_percent: float = 0.0
    """+40 speeds rises by 1.4 and softens falls to 0.6."""
    difference_target: float = 0.0
    """-1 aims at one idle agent, +1 at one waiting answer."""
    is_ready_only: bool = False
    """Count ready agents only, not those who talk."""
    agents_min: int = 0
    """Below this many agents the level is 1."""
    latest_hhmm: int = 2100
    """End of the shift for the tapered rule, as hours and minutes."""
    midnight_at_s: float = 0.0
    """A local midnight on the clock of `now_s`."""


@dataclass(slots=True)
class Samples:
    """The last fifteen one-second samples of idle agents, waiting answers and agents signed in."""

    idle: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))
    waiting: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))
    agents: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))

    def add(self, view: PacingView) -> None:
        """Take one sample."""
        self.idle.append(view.ready)
        self.waiting.append(view.waiting)
        self.agents.append(view.signed_in)

    def difference(self) -> float:
        """Return mean idle agents less mean waiting answers."""
        return _mean(self.idle) - _mean(self.waiting)

    def agents_mean(self) -> float:
        """Return the mean number of agents signed in."""
        return _mean(self.agents)


def _mean(values: deque[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def moved_level(
    level: float, difference: float, agents: float, settings: AdaptiveSettings
) -> float:
    """Return the level after one step of the controller, within 1 and the cap."""
    target = difference + settings.difference_target
    step = target / agents if target and agents else 0.0
    intensity = settings.intensity_percent / 100.0
    step *= abs(intensity - 1.0) if step < 0.0 else intensity + 1.0
    return max(1.0, min(settings.level_max, level * (1.0 + step)))


def calmed_level(level: float, calls_last_minute: int, abandons_last_minute: int) -> float:
    """Halve the level when more than half of the last minute's calls were abandoned."""
    is_emergency = (
        calls_last_minute > EMERGENCY_CALLS_MIN and abandons_last_minute > 0.5 * calls_last_minute
    )
    return level / 2.0 if is_emergency else level


def limited_level(
    level: float,
    abandoned_percent: float,
    calls_today: int,
    now_hhmm: int,
    settings: AdaptiveSettings,
) -> float:
    """Cut the level while today's abandoned share is over the limit."""
    is_over = abandoned_percent > settings.abandoned_percent_max
    if not is_over or calls_today <= LIMITED_CALLS_MIN:
        return level
    if settings.rule is LimitRule.HARD:
        return 1.0
    if settings.rule is LimitRule.AVERAGE:
        return level / 2.0
    left = settings.latest_hhmm - now_hhmm
    if left < 0:
        return 1.0
    return level * min(1.0, left / 1000.0)


def abandoned_percent_with_machines(
    abandons: int, agent_humans: int, agent_machines: int
) -> float | None:
    """Return the abandoned percentage corrected for machines taken for people.

    Agents find some of their answers to be machines; the same share of the abandoned ones is taken
    to be machines too.

    Source: the United Kingdom regulator's annex of December 2015 as implemented by VICIdial,
        docs/UK_OFCOM_OUTBOUND_COMPLIANCE.txt.

    Example:
        >>> round(abandoned_percent_with_machines(29, agent_humans=9, agent_machines=7), 2)
        64.44
    """
    marked = agent_humans + agent_machines
    if not marked:
        return None
    people = abandons * (1.0 - agent_machines / marked)
    return 100.0 * people / (agent_humans + people) if agent_humans + people else None


def hhmm(seconds_since_midnight: float) -> int:
    """Return the clock time as the number its four digits make: 13:30 is 1330."""
    minutes = int(seconds_since_midnight // 60) % 1440
    return minutes // 60 * 100 + minutes % 60


class AdaptivePacer(Pacer):
    """Dial by a level that idle agents raise and abandons cut."""

    name = "adaptive"

    def __init__(self, settings: AdaptiveSettings | None = None) -> None:
        super().__init__()
        self.settings = settings or AdaptiveSettings()
        self.level = 1.0
        self._samples = Samples()
        self._due_at_s = dict.fromkeys(("sample", "level", "share", "dial"), 0.0)
        self._day = 0
        self._calls_today = self._abandons_today = self._handled_today = 0
        self._abandoned_percent = 0.0
        self._calls_at_s: deque[float] = deque()
        self._abandons_at_s: deque[float] = deque()

    def propose(self, view: PacingView) -> Decision:
        """Return the lines missing to level times agents, once per dial loop."""
        self._run_loops(view)
        if not self._is_due("dial", view.now_s, DIAL_EVERY_S):
            due_in_s = self._due_at_s["dial"] - view.now_s
            return Decision(0, 0, Limit.BETWEEN_LOOPS, {"due_in_s": due_in_s})
        talking = len(view.talking_since_s)
        counted = view.free + (0 if self.settings.is_ready_only else talking)
        goal = int(self.level * counted + 0.5) + (talking if self.settings.is_ready_only else 0)
        lines = view.in_flight + view.waiting + talking
        dials = max(0, goal - lines)
        inputs = {"level": self.level, "counted": counted, "goal": goal, "lines": lines}
        return Decision(dials, dials, Limit.LEVEL, inputs)

    def _is_due(self, loop: str, now_s: float, every_s: float) -> bool:
        """Tell whether a loop's time has come, and set its next one."""
        if now_s < self._due_at_s[loop]:
            return False
        self._due_at_s[loop] = now_s + every_s
        return True

    def _run_loops(self, view: PacingView) -> None:
        now_s = view.now_s
        self._turn_day(now_s)
        if self._is_due("sample", now_s, 1.0):
            self._samples.add(view)
        if self._is_due("share", now_s, SHARE_EVERY_S):
            counted = self._handled_today + self._abandons_today
            self._abandoned_percent = 100.0 * self._abandons_today / counted if counted else 0.0
        if self._is_due("level", now_s, LEVEL_EVERY_S):
            self.level = self._next_level(now_s)

    def _next_level(self, now_s: float) -> float:
        """Move the level, calm it, limit it; too few agents set it to 1."""
        settings, samples = self.settings, self._samples
        level = moved_level(self.level, samples.difference(), samples.agents_mean(), settings)
        for instants in (self._calls_at_s, self._abandons_at_s):
            while instants and instants[0] <= now_s - 60.0:
                instants.popleft()
        level = calmed_level(level, len(self._calls_at_s), len(self._abandons_at_s))
        clock = hhmm(now_s - settings.midnight_at_s)
        level = limited_level(level, self._abandoned_percent, self._calls_today, clock, settings)
        if samples.agents_mean() < settings.agents_min:
            level = 1.0
        return max(1.0, level)

    def _turn_day(self, now_s: float) -> None:
        """Forget yesterday's counts at midnight."""
        day = int((now_s - self.settings.midnight_at_s) // DAY_S)
        if day != self._day:
            self._day = day
            self._calls_today = self._abandons_today = self._handled_today = 0

    def on_dialled(self, now_s: float, odds: float | None = None) -> None:
        """Count a call."""
        super().on_dialled(now_s, odds)
        self._turn_day(now_s)
        self._calls_today += 1
        self._calls_at_s.append(now_s)

    def on_abandoned(self, now_s: float) -> None:
        """Count an abandon."""
        self._abandons_today += 1
        self._abandons_at_s.append(now_s)

    def on_wrap_ended(self, now_s: float, wrap_s: float) -> None:
        """Count a call as handled: only now has it a disposition."""
        del now_s, wrap_s
        self._handled_today += 1

    def snapshot(self) -> dict[str, Any]:
        """Return the level, the clocks and today's counts."""
        return {
            **super().snapshot(),
            "level": self.level,
            "due_at_s": dict(self._due_at_s),
            "today": [self._day, self._calls_today, self._abandons_today, self._handled_today],
            "abandoned_percent": self._abandoned_percent,
            "samples": [
                list(kind)
                for kind in (self._samples.idle, self._samples.waiting, self._samples.agents)
            ],
            "last_minute": [list(self._calls_at_s), list(self._abandons_at_s)],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave."""
        super().restore(state)
        self.level = state["level"]
        self._due_at_s = dict(state["due_at_s"])
        today = state["today"]
        self._day, self._calls_today, self._abandons_today, self._handled_today = today
        self._abandoned_percent = state["abandoned_percent"]
        idle, waiting, agents = (deque(kind, maxlen=SAMPLES) for kind in state["samples"])
        self._samples = Samples(idle, waiting, agents)
        self._calls_at_s, self._abandons_at_s = (deque(part) for part in state["last_minute"])
