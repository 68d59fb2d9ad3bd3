"""The books of a day: whether every contact is accounted for, exactly once.

Every call that was opened must have ended in exactly one outcome, every dial likewise; every dial
that was ordered must have been written back to the lead store once; and at the end no agent may be
left with a contact. `problems` says in words what does not balance.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from acd.agents import AgentState
from acd.ids import CallId
from acd.notices import CallbackEnded, CallbackPromised, CallClosed, CallOpened, Direction
from dialer.centre import Centre
from dialer.commands import CloseAttempt
from dialer.notices import DialClosed, DialPlaced


@dataclass(slots=True)
class Books:
    """Who came, and how each ended."""

    calls_opened: int = 0
    calls: dict[str, int] = field(default_factory=dict)  #: inbound calls by outcome
    dials_placed: int = 0
    dials: Counter[str] = field(default_factory=Counter)  #: dials by outcome
    live_answers: int = 0
    abandoned_dials: int = 0  #: a person was there and no agent came in time
    attempts_written: int = 0  #: to the lead store
    callbacks_promised: int = 0
    callbacks_kept: int = 0
    open_calls: set[CallId] = field(default_factory=set)
    open_dials: set[CallId] = field(default_factory=set)
    promises: set[CallId] = field(default_factory=set)  #: callbacks that have not ended
    problems: list[str] = field(default_factory=list)

    @property
    def listeners(self) -> dict[type, Callable[[Any], None]]:
        """What to call with every notice of each class."""
        return {
            CallOpened: self._open_call,
            CallClosed: self._close_call,
            CallbackPromised: self._promise,
            CallbackEnded: self._end_promise,
            DialPlaced: self._open_dial,
            DialClosed: self._close_dial,
        }

    def write_back(self, command: CloseAttempt) -> None:
        """Book that an attempt was written back to the lead store."""
        del command
        self.attempts_written += 1

    def close(self, centre: Centre) -> None:
        """Look for what is left over at the end of the day."""
        for call_id in sorted(self.open_calls):
            self.problems.append(f"call {call_id} has no outcome")
        for call_id in sorted(self.open_dials):
            self.problems.append(f"dial {call_id} has no outcome")
        if self.attempts_written != self.dials_placed:
            self.problems.append(
                f"{self.dials_placed} dials were placed, {self.attempts_written} written back"
            )
        for agent in centre.acd.board.agents.values():
            if agent.state is not AgentState.IDLE:
                self.problems.append(f"agent {agent.agent_id} is left {agent.state}")

    def _open_call(self, notice: CallOpened) -> None:
        if notice.direction is Direction.INBOUND:
            self.calls_opened += 1
        self._add(self.open_calls, notice.call_id, "call")

    def _close_call(self, notice: CallClosed) -> None:
        if notice.direction is Direction.INBOUND:
            self.calls[notice.outcome] = self.calls.get(notice.outcome, 0) + 1
        if notice.call_id in self.promises:
            self.promises.discard(notice.call_id)
        else:
            self._remove(self.open_calls, notice.call_id, "call")

    def _promise(self, notice: CallbackPromised) -> None:
        """Book a promise; a callback outlives the day, so it is not missed at the end of it."""
        self.callbacks_promised += 1
        self.promises.add(notice.call_id)
        self.open_calls.discard(notice.call_id)

    def _end_promise(self, notice: CallbackEnded) -> None:
        self.callbacks_kept += notice.is_kept

    def _open_dial(self, notice: DialPlaced) -> None:
        self.dials_placed += 1
        self._add(self.open_dials, notice.call_id, "dial")

    def _close_dial(self, notice: DialClosed) -> None:
        self.dials[notice.outcome] += 1
        self.live_answers += notice.is_live_answer
        self.abandoned_dials += notice.is_abandoned
        self._remove(self.open_dials, notice.call_id, "dial")

    def _add(self, known: set[CallId], call_id: CallId, noun: str) -> None:
        if call_id in known:
            self.problems.append(f"{noun} {call_id} began twice")
        known.add(call_id)

    def _remove(self, known: set[CallId], call_id: CallId, noun: str) -> None:
        if call_id not in known:
            self.problems.append(f"{noun} {call_id} ended twice, or never began")
        known.discard(call_id)
