"""When somebody is likely to answer, learnt from who answered when.

Every dial that rang out or was picked up is a trial of its local weekday and hour. Few trials say
little, so each estimate is drawn towards the one above it, with the weight of `K` trials (the mean
of a beta posterior whose prior has that many trials):

    campaign       p0   = (answers + K0 c) / (dials + K0),          c = 0.25 before any dial
    hour h         p_h  = (answers_h + K1 p0) / (dials_h + K1)
    weekday w      p_w  = (answers_w + K1 p0) / (dials_w + K1)
    both           p_wh = (answers_wh + K1 p_h p_w / p0) / (dials_wh + K1)
    this number    p    = (answers_n + K2 p_wh) / (dials_n + K2)

where `n` counts the number's own dials within an hour of the clock time. So a number that did not
answer at ten in the morning is tried at another time of day, even while nothing is known of others.

`pick` takes, of the hours of the next two days in which the number may be called, the one with the
largest p x 0.99^(hours from the earliest): an hour's delay must be worth a hundredth. Without any
knowledge all hours are alike and the earliest is taken.

Source: A. Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4 (beta-binomial posterior
mean); the weights are our own choice, made so that fifty dials of an hour outweigh the rest of the
day.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from dialer.compliance import Window

K_CAMPAIGN, K_HOUR, K_NUMBER = 20.0, 50.0, 3.0
"""K0, K1 and K2."""

ANSWERS_BEFORE = 0.25
"""The share of answers taken for granted before any dial."""

HOUR_MS = 3_600_000

HORIZON_H = 48
"""A next try is not put off further than that beyond its pause."""

DELAY_FACTOR = 0.99

LocalHour = tuple[int, int]
"""Weekday, Monday is 0, and hour."""


@dataclass(slots=True)
class Trials:
    """Dials, and how many of them a person answered."""

    dials: int = 0
    answers: int = 0

    def drawn_to(self, prior: float, weight: float) -> float:
        """Return the share of answers, drawn towards a prior with the weight of so many dials."""
        return (self.answers + weight * prior) / (self.dials + weight)


@dataclass(slots=True)
class AnswerTimes:
    """What one campaign knows of hours."""

    cells: dict[LocalHour, Trials] = field(default_factory=dict)

    def chances(self) -> Callable[[LocalHour], float]:
        """Return a function from a local hour to the chance of a live answer then."""
        whole, hours, weekdays = Trials(), dict[int, Trials](), dict[int, Trials]()
        for (weekday, hour), trials in self.cells.items():
            for pooled in (
                whole,
                hours.setdefault(hour, Trials()),
                weekdays.setdefault(weekday, Trials()),
            ):
                pooled.dials += trials.dials
                pooled.answers += trials.answers
        mean = whole.drawn_to(ANSWERS_BEFORE, K_CAMPAIGN)

        def chance(when: LocalHour) -> float:
            weekday, hour = when
            by_hour = hours.get(hour, Trials()).drawn_to(mean, K_HOUR)
            by_weekday = weekdays.get(weekday, Trials()).drawn_to(mean, K_HOUR)
            prior = min(1.0, by_hour * by_weekday / mean)
            return self.cells.get(when, Trials()).drawn_to(prior, K_HOUR)

        return chance


@dataclass(frozen=True, slots=True)
class OwnDial:
    """One earlier dial of the number."""

    when: LocalHour
    was_answered: bool


def chance_of_number(chance: float, hour: int, own: Iterable[OwnDial]) -> float:
    """Return the chance that a number answers at an hour, given its own dials near that hour.

    Example:
        >>> chance_of_number(0.5, 10, [OwnDial((0, 9), was_answered=False)])
        0.375
    """
    near = [dial for dial in own if abs((dial.when[1] - hour + 12) % 24 - 12) <= 1]
    trials = Trials(len(near), sum(dial.was_answered for dial in near))
    return trials.drawn_to(chance, K_NUMBER)


def local_hour(at_ms: int, zone: ZoneInfo) -> LocalHour:
    """Return weekday and hour of an instant in a zone."""
    local = datetime.fromtimestamp(at_ms / 1_000, zone)
    return local.weekday(), local.hour


def pick(
    earliest_ms: int,
    windows: Sequence[Window],
    zone: ZoneInfo,
    times: AnswerTimes,
    own: Sequence[OwnDial],
) -> int:
    """Return when to try a number again.

    Args:
        earliest_ms: Not before.
        windows: When it may be called, as far as they are known; outside them nothing is chosen.
        zone: Where the person's clock is.
        times: What the campaign knows.
        own: The number's own dials.

    Returns:
        The most promising instant; `earliest_ms` where no window is open within the horizon.
    """
    chance = times.chances()
    best_ms, best = earliest_ms, -1.0
    first_hour_ms = earliest_ms - earliest_ms % HOUR_MS
    for step in range(HORIZON_H + 1):
        at_ms = max(earliest_ms, first_hour_ms + step * HOUR_MS)
        if not any(at_ms in window for window in windows):
            continue
        when = local_hour(at_ms, zone)
        delay_h = (at_ms - earliest_ms) / HOUR_MS
        worth = chance_of_number(chance(when), when[1], own) * DELAY_FACTOR**delay_h
        if worth > best:
            best_ms, best = at_ms, worth
    return best_ms
