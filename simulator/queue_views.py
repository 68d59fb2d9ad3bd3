"""How the queues look to a call flow that asks, as the live centre publishes it.

A flow may branch on a queue's waiting callers, agents and expected wait. Each is worked out when it
is asked for, from the centre's own lines, and the wait from the queue's latest connections, as
callers are told it (`acd.pace`).
"""

from collections import deque
from collections.abc import Iterator, Mapping

from acd.ids import QueueId
from acd.notices import CallConnected
from acd.pace import CONNECTIONS_KEPT, estimate_ms
from ivr.inputs import QueueView
from simulator.world import World


class QueueViews(Mapping[str, QueueView]):
    """The queues of a simulated centre, at the present instant."""

    def __init__(self, world: World) -> None:
        self._queues = world.centre.acd.board.queues
        self._names = [queue.queue_id for queue in world.centre.acd.config.queues]
        self._paces: dict[QueueId, deque[int]] = {}
        world.listen(CallConnected, self._hear_connected)

    def __getitem__(self, queue: str) -> QueueView:
        """Return how a queue looks."""
        name = QueueId(queue)
        if name not in self._names:
            raise KeyError(queue)
        lines = [line for line in self._queues.lines if line.needs.queue_id == name]
        waiting = sum(line.waiting_count for line in lines)
        low_ms, high_ms = estimate_ms(waiting + 1, list(self._paces.get(name, ())))
        wait_ms = 0 if low_ms is None or high_ms is None else (low_ms + high_ms) // 2
        agents = self._queues.plain_line(name).staffed_count
        return QueueView(waiting=waiting, wait_s=wait_ms // 1_000, agents=agents)

    def __iter__(self) -> Iterator[str]:
        """Go through the queues' names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many queues there are."""
        return len(self._names)

    def _hear_connected(self, notice: CallConnected) -> None:
        pace = self._paces.setdefault(notice.queue_id, deque(maxlen=CONNECTIONS_KEPT))
        pace.append(notice.at_ms)
