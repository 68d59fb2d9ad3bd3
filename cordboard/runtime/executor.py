"""Threads that carry out what lies in the outbox, for one term.

One thread reads the outbox and puts commands into lanes; several take them out and carry them out.
An effect is claimed, tried and settled as `outbox` describes. Whatever ends the term (somebody else
leads, the store is down) ends the executor too: an effect in the middle of it is left `started`,
and whoever leads next looks for it.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from cordboard.runtime.carrier.effects import AGAIN_MS, Done, Doubtful, Effect, NotNow, Try
from cordboard.runtime.carrier.faults import sentence_of
from cordboard.runtime.clock import Clock, ModelledClock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.gateway import Gateway, is_overtaken, lane_of
from cordboard.runtime.lanes import Lanes
from cordboard.runtime.leader import Fenced
from cordboard.runtime.metrics import Metrics
from cordboard.runtime.outbox import Outbox, Posted, Settlement

THREADS = 8
"""The carrier limits requests at a time per account; a site of 100 agents needs some five."""

_BUSY_MS_MIN, _BUSY_MS_MAX = 200, 10_000

_BLOCK_MS = 250

FAULTS_MAX = 3
"""A command at which our own code fails so often is given up; the centre's deadlines go on."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Task:
    """A command in its lane, with what was tried so far."""

    posted: Posted
    looks: int = 0
    refusals: int = 0  #: how often the carrier asked us to come back
    faults: int = 0  #: how often our own code failed at it


class Executor:
    """Carries out the outbox of one term, until `stop`."""

    def __init__(
        self,
        outbox: Outbox,
        gateway: Gateway,
        clock: Clock,
        modelled: ModelledClock,
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._outbox = outbox
        self._gateway = gateway
        self._clock = clock
        self._modelled = modelled
        self._lanes: Lanes[_Task] = Lanes(clock.monotonic_ms)
        self._ends = threading.Event()
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            for name, work in [("outbox", self._read)]
            + [(f"effects-{number}", self._work) for number in range(THREADS)]
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let effects that are under way come to an end, and no other begin."""
        self._ends.set()
        self._lanes.close()
        for thread in self._threads:
            thread.join()

    @property
    def is_running(self) -> bool:
        """False once something ended the term for the executor."""
        return not self._ends.is_set()

    @property
    def unsettled(self) -> int:
        """How many commands are in lanes."""
        return len(self._lanes)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Run a thread; its end by exception is everybody's end."""
        try:
            work()
        except (Fenced, StoreDown) as reason:
            _log.warning("executor ends", reason=str(reason))
        finally:
            self._ends.set()
            self._lanes.close()

    def _read(self) -> None:
        at = "0-0"
        while not self._ends.is_set():
            for posted in self._outbox.read(at, block_ms=_BLOCK_MS):
                at = posted.outbox_id
                self._lanes.put(lane_of(posted.command), _Task(posted))

    def _work(self) -> None:
        while not self._ends.is_set():
            taken = self._lanes.take()
            if taken is None:
                return
            lane, task = taken
            wait_ms = self._attempt(lane, task)
            if wait_ms is None:
                self._lanes.finish(lane)
            else:
                self._lanes.put_off(lane, wait_ms)

    def _attempt(self, lane: str, task: _Task) -> int | None:
        """Try one effect; return after how long to try again, None when it is settled."""
        posted = task.posted
        claim = self._outbox.claim(posted)
        if claim.is_settled:
            self._outbox.drop(posted)
            return None
        behind = [later.posted.command for later in self._lanes.behind(lane)]
        doubtful_ms = 0
        if claim.started_wall_ms is not None:
            doubtful_ms = max(1, self._clock.wall_ms() - claim.started_wall_ms)
        now_ms = self._modelled.now_ms()
        attempt = Try(
            key=posted.key,
            now_ms=now_ms,
            age_ms=max(0, now_ms - posted.at_ms),
            doubtful_ms=doubtful_ms,
            looks=task.looks,
            is_overtaken=is_overtaken(posted.command, behind),
        )
        try:
            effect = self._gateway.carry_out(posted.command, attempt)
        except Exception:  # noqa: BLE001  (a command we cannot handle must not stop the others)
            _log.exception("fault in carrying out", key=posted.key)
            task.faults += 1
            given_up = Done(Settlement("fault"))
            effect = given_up if task.faults >= FAULTS_MAX else Doubtful("our own fault")
        return self._conclude(task, effect, attempt)

    def _conclude(self, task: _Task, effect: Effect, attempt: Try) -> int | None:
        posted = task.posted
        kind = type(posted.command).__name__
        self._metrics.effects.labels(kind, type(effect).__name__.lower()).inc()
        self._metrics.unsettled.set(len(self._lanes))
        if isinstance(effect, Done):
            self._outbox.settle(posted, effect.settlement)
            self._tell_refusal(posted, kind, effect.settlement.result)
            _log.debug("effect settled", key=posted.key, kind=kind, result=effect.settlement.result)
            return None
        if isinstance(effect, NotNow):
            if not attempt.is_repeat:
                self._outbox.give_back(posted)
            if effect.after_ms:
                return -(-effect.after_ms // self._clock.scale)
            task.refusals += 1
            if effect.why:
                _log.warning("effect put off", key=posted.key, kind=kind, why=effect.why)
            return self._pause_ms(task.refusals)
        task.looks += attempt.is_repeat
        _log.warning("effect in doubt", key=posted.key, kind=kind, why=effect.why)
        return AGAIN_MS

    def _tell_refusal(self, posted: Posted, kind: str, result: str) -> None:
        """Say in a sentence why the carrier did not do what was asked, where it gave a code."""
        verdict, _, code = result.partition(":")
        if verdict == "failed" and code.isdecimal() and int(code):
            self._metrics.refusals.labels(code).inc()
            why = sentence_of(int(code))
            _log.warning("effect refused", key=posted.key, kind=kind, code=int(code), why=why)

    def _pause_ms(self, refusals: int) -> int:
        """Return a pause that doubles, with jitter so that lanes do not come back together."""
        ceiling = min(_BUSY_MS_MAX, _BUSY_MS_MIN * 2 ** min(refusals, 10))
        return random.randint(ceiling // 2, ceiling)  # noqa: S311  (no secret: spreads retries)
