"""Waits that callers were told, and whether they came true.

Somebody who waits hears a range in which half of such waits should end (`acd.pace.estimate_ms`).
What a caller hears first is kept until an agent has them, and then scored in the ledger of the
queue: inside the range, sooner, or later. The ledger stretches the next ranges of that queue when
too many were broken, and narrows them when too few were (`acd.estimates.Ledger`), so that what is
told stays true when days change. Callers who give up first cannot be scored and are counted apart.
"""

from acd.estimates import Ledger, WaitRange
from acd.notices import CallClosed, CallConnected
from cordboard.runtime.floor import FloorState, ToldNow

TOLD_SHARE = 0.5
"""How many of the waits should end inside what was told: it is the middle half that is told."""


def announce(floor: FloorState, call_id: str, told: ToldNow) -> None:
    """Note what a waiting caller is told; what they heard first counts."""
    floor.told.setdefault(call_id, told)


def spread_of(floor: FloorState, queue_id: str) -> float:
    """Return by how much the ranges of a queue are stretched now."""
    ledger = floor.ledgers.get(queue_id)
    return 1.0 if ledger is None else ledger.spread


def connected(floor: FloorState, notice: CallConnected) -> None:
    """Score what a caller was told who is with an agent now."""
    told = floor.told.pop(notice.call_id, None)
    if told is not None:
        promised = WaitRange(told.low_ms, told.high_ms, TOLD_SHARE)
        _ledger(floor, told.queue_id).score(promised, notice.at_ms - told.at_ms)


def closed(floor: FloorState, notice: CallClosed) -> None:
    """Count a caller who was told something and never came to an agent."""
    told = floor.told.pop(notice.call_id, None)
    if told is not None:
        _ledger(floor, told.queue_id).unscored += 1


def _ledger(floor: FloorState, queue_id: str) -> Ledger:
    return floor.ledgers.setdefault(queue_id, Ledger())
