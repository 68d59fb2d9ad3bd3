"""How many agents the calls of a day would need, by closed forms.

No formula knows a centre of several skills, but two bound it: with every agent able to take every
call no fewer would do, with a team for each queue no more are needed. Both are Erlang A for the
modified offered load of each interval, which carries long calls over into the next.

Source:
    `simulator.erlang.varying`, `simulator.erlang.inverse`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.distributions import Floats
from simulator.erlang import required_agents_by_interval

LEVEL = 0.8
"""The service level asked for where no target is known, as for eight calls in ten."""


@dataclass(frozen=True, slots=True)
class QueueNeed:
    """What a queue's calls ask for."""

    offered: Floats
    """Calls by interval: (I,)."""
    handle_s: float
    patience_s: float | None  #: None: nobody gives up
    within_s: float


def bounds(needs: Sequence[QueueNeed], interval_s: float) -> tuple[list[int], list[int]]:
    """Return the agents needed by interval if all share all calls, and if each queue has its own.

    Args:
        needs: The queues; those without calls are passed over.
        interval_s: Length of an interval.
    """
    called = [need for need in needs if need.offered.sum() > 0 and need.handle_s > 0]
    if not called:
        nobody = [0] * (len(needs[0].offered) if needs else 0)
        return nobody, nobody
    apart = [_required(need, interval_s) for need in called]
    together = _required(_shared(called), interval_s)
    return together, [sum(column) for column in zip(*apart, strict=True)]


def _required(need: QueueNeed, interval_s: float) -> list[int]:
    return required_agents_by_interval(
        (need.offered / interval_s).tolist(),
        interval_s=interval_s,
        handle_s=need.handle_s,
        patience_s=need.patience_s,
        service_level=LEVEL,
        within_s=need.within_s,
    )


def _shared(needs: Sequence[QueueNeed]) -> QueueNeed:
    """Return all queues as one, whose figures are the means over calls."""
    calls = np.array([need.offered.sum() for need in needs])
    patient = [need.patience_s for need in needs if need.patience_s is not None]
    is_endless = len(patient) < len(needs)
    return QueueNeed(
        offered=np.sum([need.offered for need in needs], axis=0),
        handle_s=float(np.average([need.handle_s for need in needs], weights=calls)),
        patience_s=None if is_endless else float(np.average(patient, weights=calls)),
        within_s=float(np.average([need.within_s for need in needs], weights=calls)),
    )
