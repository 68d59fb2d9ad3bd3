"""Called people from records: how their numbers answer, and what talking to them takes.

Shares of dials nobody answers are of those that no person answered, as `simulator.network` has it.
When a machine or a person picked up is not recorded, only when the dial was over, so ring times of
answered dials keep their usual figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.calibration.records import DialRecord, Records
from simulator.calibration.shapes import Shape, describe_durations

_ENDS = {"no_answer": "ring_timeout_s", "busy": "busy_s", "invalid": "invalid_s"}
"""Outcomes whose dials last as long as the network says, by its name for that time."""

_NOT_MADE = frozenset({"failed", "cancelled"})

_SHARES = {"machine": "machine_share", "no_answer": "no_answer_share", "busy": "busy_share"}


@dataclass(frozen=True)
class ListModel:
    """One campaign's people."""

    campaign: str
    dials: int
    answer_share: float
    shares: dict[str, float]
    """Of the dials no person answered, by the network's name for the outcome."""
    times_s: dict[str, float]
    """Mean time of unanswered dials, by the network's name for it."""
    talk: Shape | None
    """None where nobody spoke."""
    wrap: Shape | None


def model_lists(records: Records, queues: set[str]) -> tuple[ListModel, ...]:
    """Model every campaign's people; `queues` are the names that are not campaigns."""
    names = sorted({dial.campaign for dial in records.dials} - queues)
    return tuple(_list(name, records) for name in names)


def _list(name: str, records: Records) -> ListModel:
    dials = [dial for dial in records.dials if dial.campaign == name]
    handled = [one for one in records.handlings if one.queue == name]
    live = sum(dial.is_live_answer for dial in dials)
    missed = Counter(_kind(dial) for dial in dials if not dial.is_live_answer)
    others = max(1, missed.total())
    return ListModel(
        campaign=name,
        dials=len(dials),
        answer_share=live / len(dials),
        shares={figure: missed[kind] / others for kind, figure in _SHARES.items()},
        times_s=_times(dials),
        talk=describe_durations(np.array([one.talk_s for one in handled])) if handled else None,
        wrap=describe_durations(np.array([one.wrap_s for one in handled])) if handled else None,
    )


def _kind(dial: DialRecord) -> str:
    """Return the network's kind of an outcome: answered by no person, or not answered."""
    if dial.outcome in _ENDS:
        return dial.outcome
    return "no_answer" if dial.outcome in _NOT_MADE else "machine"


def _times(dials: Sequence[DialRecord]) -> dict[str, float]:
    times: dict[str, float] = {}
    for outcome, figure in _ENDS.items():
        mine = [dial.duration_s for dial in dials if dial.outcome == outcome]
        if mine:
            times[figure] = round(float(np.mean(mine)), 2)
    return times
