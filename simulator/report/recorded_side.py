"""A recorded day as a sample: counted from its journal as simulated days are from theirs."""

from __future__ import annotations

from collections.abc import Iterable

from acd.measures import Measures, QueueCounts
from acd.replay import Fold, JournalEntry
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from dialer.commands import CentreCommand
from dialer.events import CentreEvent, SettingsApplied
from simulator.course import CourseFold
from simulator.recorded import RecordedDay
from simulator.replay import NOTHING
from simulator.report.samples import Sample

_DAY_MS = 86_400_000


def recorded_sample(entries: Iterable[JournalEntry], day: RecordedDay, interval_ms: int) -> Sample:
    """Return the day of a journal that is lived again, by interval.

    Args:
        entries: The journal from its beginning.
        day: What was read of it.
        interval_ms: Length of the intervals.

    Raises:
        EngineError: The entries are out of order.
    """
    centre = Centre(NOTHING)
    fold: Fold[CentreEvent, CentreCommand] = Fold(centre, EVENT_CODEC)
    measures = Measures(centre.acd.config.queues)
    course = CourseFold(day.config.acd, interval_ms, day.midnight_ms)
    ends_ms, last_ms = day.midnight_ms + _DAY_MS, day.midnight_ms
    for entry in entries:
        fold.apply(entry)
        if entry.type == SettingsApplied.__name__:
            measures.configure(centre.acd.config.queues)
        if day.midnight_ms <= fold.clock.at_ms < ends_ms:
            last_ms = fold.clock.at_ms
            measures.feed(fold.notices)
            course.feed(fold.notices)
    queues = {
        str(name): _by_interval(intervals, day.midnight_ms, interval_ms)
        for name, intervals in measures.queues.items()
    }
    return Sample(queues, course.course(last_ms))


def _by_interval(
    counts: dict[int, QueueCounts], midnight_ms: int, interval_ms: int
) -> dict[int, QueueCounts]:
    """Join a day's quarters of an hour to intervals after midnight."""
    joined: dict[int, QueueCounts] = {}
    for start_ms, quarter in counts.items():
        after_ms = start_ms - midnight_ms
        joined.setdefault(after_ms - after_ms % interval_ms, QueueCounts()).add(quarter)
    return joined
