"""Whether the centre works, in one answer for a monitor; and the description of the API itself."""

from dataclasses import dataclass

from cordboard.api.operation import Asked, Operation
from cordboard.api.tokens import Scope
from cordboard.api.world import World
from cordboard.history.counts import HistoryUnreadable, reach_ms

BEHIND_MS_MAX = 10_000
"""The wallboard is written four times a second; older than this, nobody leads."""


@dataclass(frozen=True, slots=True)
class Health:
    """What works. Each is told by itself, so that a monitor can say what is wrong."""

    is_published: bool  #: there is a wallboard, so the store answers and somebody has led
    is_led: bool  #: it is fresh, so somebody leads now
    behind_ms: int  #: how old the wallboard is, in the centre's time; 0 when there is none
    history_behind_ms: int | None  #: how far the history is behind the wallboard; None: unreadable


def _health(world: World, _asked: Asked) -> Health:
    board = world.board()
    if board is None:
        return Health(is_published=False, is_led=False, behind_ms=0, history_behind_ms=None)
    behind_ms = max(0, world.now_ms() - board.at_ms)
    return Health(
        is_published=True,
        is_led=behind_ms < BEHIND_MS_MAX * board.scale,
        behind_ms=behind_ms,
        history_behind_ms=_history_behind_ms(world, board.at_ms),
    )


def _history_behind_ms(world: World, at_ms: int) -> int | None:
    try:
        with world.history() as history:
            reach = reach_ms(history)
    except HistoryUnreadable:
        return None
    return None if reach is None else max(0, at_ms - reach[1])


OPERATIONS = (
    Operation(
        name="readHealth",
        method="GET",
        path="/health",
        scope=Scope.FLOOR_READ,
        summary="Whether the centre is led, and how far its history is behind.",
        answer=_health,
        gives=Health,
    ),
)
