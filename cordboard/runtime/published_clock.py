"""The modelled present, for processes that do not lead: opening hours are decided by it.

The leader publishes the journal's instant with the wallboard. Between two looks at it a process
goes on by its own monotonic clock at the same scale, so that the answer is behind by no more than
what the leader itself is behind, and needs the store once a second at most. Before anything is
published the wall clock is all there is.
"""

from collections.abc import Callable

from cordboard.runtime.board import Board
from cordboard.runtime.clock import Clock

LOOK_MS = 1_000
"""How long a look at the wallboard is good for."""


class PublishedClock:
    """Tells the modelled time, in Unix milliseconds."""

    def __init__(self, board: Callable[[], Board | None], clock: Clock) -> None:
        self._board = board
        self._clock = clock
        self._seen_at_ms = 0  #: modelled, at the last look
        self._looked_ms: int | None = None  #: monotonic, of the last look

    def now_ms(self) -> int:
        """Return the modelled present."""
        monotonic_ms = self._clock.monotonic_ms()
        if self._looked_ms is None or monotonic_ms - self._looked_ms >= LOOK_MS:
            self._look(monotonic_ms)
        if self._looked_ms is None:
            return self._clock.wall_ms()
        return self._seen_at_ms + self._clock.scale * (monotonic_ms - self._looked_ms)

    def _look(self, monotonic_ms: int) -> None:
        board = self._board()
        if board is None or board.at_ms == self._seen_at_ms:
            return
        self._seen_at_ms = board.at_ms
        self._looked_ms = monotonic_ms
