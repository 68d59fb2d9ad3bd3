"""Callers who walk the real call flow: SimPy keeps the time, the unchanged interpreter decides.

Each caller has a way (`simulator.ways`) and meets the flow's own prompts. What they hear takes as
long as its text takes to read; then they think, key or speak (`simulator.at_prompts`), and the
interpreter says what comes next, as it does for the webhooks of the live centre. So the path, what
the flow serves by itself, the time in it, and the queue, skills and priority of those who want an
agent are the flow's doing, and another flow makes another day of the same callers.

What a caller does at a question is drawn from a stream named by the caller, the node and how often
they have been asked there: whoever hangs up at one menu does so under every flow that has it.

The facts are those that the webhooks append, at the same moments: a caller is queued when the flow
says so, before the sentence that announces it has been heard, and movable when it has.

Not here: what follows in the flow when an agent has hung up (a survey). Twin callers hang up first.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from acd.calls import CallState
from acd.events import (
    CallArrived,
    CallbackAsked,
    CallEnded,
    CallLeftQueue,
    CallQueued,
    FlowEnded,
    FlowOutcome,
    VoicemailLeft,
)
from acd.ids import CallId, QueueId, Sid
from acd.notices import CallClosed
from dialer.events import CentreEvent
from ivr import inputs
from ivr import steps as put
from ivr.interpreter import advance
from ivr.session import Session, new_session
from simulator.at_prompts import CONFIDENCE, Deed, Mind, heard_s, question_at
from simulator.callers import Caller, Callers
from simulator.customers import Customers, Line
from simulator.draws import Draws, to_ms
from simulator.flow_in_use import FlowInUse
from simulator.flow_tally import FlowDay
from simulator.queue_views import QueueViews
from simulator.streams import Streams
from simulator.ways import Lookup, chosen
from simulator.world import Timer, World

_ENDINGS = frozenset(FlowOutcome)
"""Outcomes that the centre is told; of queues and callbacks it knows by facts of their own."""


@dataclass(slots=True)
class Walker:
    """One caller in the flow."""

    caller: Caller
    session: Session
    mind: Mind
    arrived_ms: int
    asked: Counter[str] = field(default_factory=Counter)  #: questions by node
    has_left: bool = False  #: the flow, for the first time
    waits: int = 0  #: how often they have been put into a queue

    @property
    def call_id(self) -> CallId:
        """Names the caller's call."""
        return self.caller.customer.call_id


@dataclass(slots=True)
class _Turn:
    """What comes with the step that ends an answer."""

    heard_s: float  #: until it has been said
    facts: list[CentreEvent]  #: that the centre is told with it


class Walks:
    """Everybody who walks the flow on one day."""

    def __init__(  # noqa: PLR0913  (the parts of a day that it joins)
        self,
        world: World,
        customers: Customers,
        callers: Callers,
        in_use: FlowInUse,
        *,
        streams: Streams,
        date: dt.date,
    ) -> None:
        self.tally = FlowDay()
        self._world = world
        self._customers = customers
        self._callers = callers
        self._in_use = in_use
        self._habits = in_use.habits
        self._streams = streams
        self._messages = Draws(self._habits.message_s, streams.stream("voicemail length"))
        self._payments = Draws(self._habits.payment_s, streams.stream("payment time"))
        self._views = QueueViews(world)
        self._ahead_ms = in_use.midnight_ms(date) - world.midnight_ms
        self._walkers: dict[CallId, Walker] = {}
        self._puts: dict[type, Callable[[Walker, Any, _Turn], None]] = {
            put.Ask: self._ask,
            put.Voicemail: self._record,
            put.FetchData: self._fetch,
            put.TakePayment: self._charge,
            put.Enqueue: self._queue,
            put.Transfer: self._transfer,
            put.HangUp: self._end,
            put.Reject: self._end,
        }
        callers.on_walk = self.begin
        customers.on_sent_to_flow = self.send_back
        world.listen(CallClosed, self._forget)

    def begin(self, caller: Caller) -> None:
        """Let somebody call and hear the flow's first words."""
        customer, flow = caller.customer, self._in_use.flow
        call_id = customer.call_id
        session = new_session(
            call=call_id, flow=flow.name, version=flow.version, language=flow.first_language
        )
        assert caller.way is not None, "only callers with a way walk"
        walker = Walker(caller, session, Mind.of(caller.way), self._world.now_ms)
        self._walkers[call_id] = walker
        arrived = CallArrived(self._world.now_ms, call_id, caller.line, customer.customer_id)
        known = self._in_use.known_of(caller.line)
        given = inputs.Started(at_ms=self._at_ms, queues=self._views, caller=known)
        self._advance(walker, given, arrived)

    def send_back(self, call_id: CallId) -> bool:
        """Let a waiting caller whom the centre takes out of the line go on in the flow.

        Returns:
            Whether they have a flow to go on in.
        """
        walker = self._walkers.get(call_id)
        if walker is not None:
            self._leave_queue(walker, "overflow")
        return walker is not None

    @property
    def _at_ms(self) -> int:
        """The present instant as the flow knows it, since 1970."""
        return self._ahead_ms + self._world.now_ms

    # --- one turn ----------------------------------------------------------------------------

    def _advance(self, walker: Walker, given: inputs.Input, *facts: CentreEvent) -> None:
        """Let the interpreter take an input, and the caller what it answers.

        Args:
            walker: Who.
            given: What they did, or what became of an errand.
            *facts: What the centre is told with it.
        """
        walker.session, steps = advance(self._in_use.flow, walker.session, given)
        leading, ending = steps[:-1], put.ending_of(steps)
        prompts = ending.prompts if isinstance(ending, put.Ask) else ()
        walker.mind.hear((*leading, *prompts), (walker.session.node, len(walker.session.way)))
        booked = [step for step in leading if isinstance(step, put.BookCallback)]
        turn = _Turn(heard_s(leading), [*facts, *(self._asked(walker, one) for one in booked)])
        if isinstance(ending, put.Final):
            self._count(walker, ending.outcome)
        self._puts[type(ending)](walker, ending, turn)

    def _later(self, seconds: float, action: Callable[[Timer], None], subject: object) -> None:
        self._world.after(to_ms(seconds), action, subject)

    def _is_listening(self, walker: Walker) -> bool:
        """Tell whether a caller is still there, and in the flow."""
        return walker.caller.customer.line is Line.BUSY

    def _ask(self, walker: Walker, step: put.Ask, turn: _Turn) -> None:
        self._world.tell_all(turn.facts)
        node = walker.session.node
        walker.asked[node] += 1
        rng = self._streams.stream("prompt", walker.call_id, node, str(walker.asked[node]))
        question = question_at(self._habits, node, turn.heard_s, step)
        deed = walker.mind.answer(question, self._habits, rng)
        self._later(deed.after_s, self._act, (walker, deed))

    def _act(self, timer: Timer) -> None:
        walker: Walker
        deed: Deed
        walker, deed = timer.value
        if not self._is_listening(walker):
            return
        at_ms, queues = self._at_ms, self._views
        if deed.hangs_up:
            self._hang_up(walker)
        elif deed.keys:
            self._advance(walker, inputs.Digits(at_ms=at_ms, queues=queues, digits=deed.keys))
        elif deed.said:
            said, confidence = deed.said, CONFIDENCE
            self._advance(
                walker,
                inputs.Speech(at_ms=at_ms, queues=queues, text=said, confidence=confidence),
            )
        else:
            self._advance(walker, inputs.NoInput(at_ms=at_ms, queues=queues))

    def _hang_up(self, walker: Walker) -> None:
        """Hang up in the flow: what it is worth by then is the flow's to say."""
        given = inputs.HungUp(at_ms=self._at_ms, queues=self._views)
        walker.session, _ = advance(self._in_use.flow, walker.session, given)
        outcome = walker.session.outcome or "abandoned"
        self._count(walker, outcome)
        customer, now_ms = walker.caller.customer, self._world.now_ms
        customer.line = Line.GONE
        known = outcome if outcome in _ENDINGS else FlowOutcome.ABANDONED
        ended = FlowEnded(now_ms, customer.call_id, FlowOutcome(known))
        self._world.tell_all([ended, CallEnded(now_ms, customer.call_id)])

    def _count(self, walker: Walker, outcome: str) -> None:
        """Count somebody who leaves the flow for the first time."""
        if not walker.has_left:
            walker.has_left = True
            self.tally.leave(
                outcome,
                walker.session.way,
                time_ms=self._world.now_ms - walker.arrived_ms,
                questions=walker.asked.total(),
            )

    # --- errands -----------------------------------------------------------------------------

    def _record(self, walker: Walker, step: put.Voicemail, turn: _Turn) -> None:
        self._world.tell_all(turn.facts)
        message_ms = min(self._messages.next_ms(), step.duration_ms_max)
        self._later(turn.heard_s + message_ms / 1_000, self._recorded, (walker, message_ms))

    def _recorded(self, timer: Timer) -> None:
        walker: Walker
        walker, message_ms = timer.value
        if self._is_listening(walker):
            call_id = walker.call_id
            left = VoicemailLeft(self._world.now_ms, call_id, Sid(f"RE{call_id}"), message_ms)
            self._advance(
                walker,
                inputs.RecordingDone(at_ms=self._at_ms, queues=self._views, duration_ms=message_ms),
                left,
            )

    def _fetch(self, walker: Walker, step: put.FetchData, turn: _Turn) -> None:
        self._world.tell_all(turn.facts)
        node = walker.session.node
        lookups = self._habits.lookups[node]
        drawn = self._streams.stream("lookup", walker.call_id, node).random()
        lookup = lookups[chosen([one.weight for one in lookups], drawn)]
        takes_s = min(lookup.takes_s, step.timeout_ms / 1_000)
        self._later(max(turn.heard_s, takes_s), self._fetched, (walker, lookup))

    def _fetched(self, timer: Timer) -> None:
        walker: Walker
        lookup: Lookup
        walker, lookup = timer.value
        if not self._is_listening(walker):
            return
        at_ms, queues = self._at_ms, self._views
        if lookup.fails:
            self._advance(walker, inputs.DataFailed(at_ms=at_ms, queues=queues, reason="timeout"))
        else:
            self._advance(
                walker, inputs.DataFetched(at_ms=at_ms, queues=queues, values=lookup.values)
            )

    def _charge(self, walker: Walker, step: put.TakePayment, turn: _Turn) -> None:
        del step
        self._world.tell_all(turn.facts)
        takes_s = turn.heard_s + self._payments.next_ms() / 1_000
        self._later(takes_s, self._charged, walker)

    def _charged(self, timer: Timer) -> None:
        walker: Walker = timer.value
        if not self._is_listening(walker):
            return
        at_ms, queues = self._at_ms, self._views
        drawn = self._streams.stream("payment", walker.call_id).random()
        if drawn < self._habits.paid_share:
            token = f"PK{walker.call_id}"
            self._advance(walker, inputs.PaymentDone(at_ms=at_ms, queues=queues, token=token))
        else:
            self._advance(
                walker, inputs.PaymentFailed(at_ms=at_ms, queues=queues, reason="refused")
            )

    # --- ways out ----------------------------------------------------------------------------

    def _end(self, walker: Walker, step: put.HangUp | put.Reject, turn: _Turn) -> None:
        customer, now_ms = walker.caller.customer, self._world.now_ms
        if step.outcome in _ENDINGS:
            outcome = FlowOutcome(step.outcome)
            turn.facts.append(FlowEnded(now_ms, customer.call_id, outcome))
        self._world.tell_all(turn.facts)
        self._customers.hang_up_later(customer, to_ms(turn.heard_s))

    def _transfer(self, walker: Walker, step: put.Transfer, turn: _Turn) -> None:
        self._world.tell_all(turn.facts)
        is_taken = (
            self._streams.stream("transfer", walker.call_id).random()
            < self._habits.transfer_answered_share
        )
        rings_s = turn.heard_s + (0.0 if is_taken else step.ring_ms / 1_000)
        self._later(rings_s, self._transferred, (walker, is_taken))

    def _transferred(self, timer: Timer) -> None:
        walker: Walker
        walker, is_taken = timer.value
        if not self._is_listening(walker):
            return
        customer, now_ms = walker.caller.customer, self._world.now_ms
        if is_taken:
            customer.line = Line.GONE
            ended = FlowEnded(now_ms, customer.call_id, FlowOutcome.TRANSFERRED)
            self._world.tell_all([ended, CallEnded(now_ms, customer.call_id)])
        else:
            self._advance(
                walker,
                inputs.TransferFailed(at_ms=self._at_ms, queues=self._views, reason="no-answer"),
            )

    def _queue(self, walker: Walker, step: put.Enqueue, turn: _Turn) -> None:
        customer = walker.caller.customer
        queued = CallQueued(
            self._world.now_ms,
            customer.call_id,
            QueueId(step.queue),
            customer.customer_id,
            skills=dict.fromkeys(step.skills, 1),
            priority=step.priority,
            language=step.language,
            segment=step.segment or "",
        )
        walker.waits += 1
        self._callers.queue(walker.caller, queued, turn.facts, heard_ms=to_ms(turn.heard_s))
        leaving = walker.mind.leaves_queue()
        if leaving is not None and leaving.after_wait_s is not None:
            self._later(leaving.after_wait_s, self._press_leave_key, (walker, walker.waits))

    def _press_leave_key(self, timer: Timer) -> None:
        """Leave the line by its key, unless an agent is about to answer."""
        walker: Walker
        walker, waits = timer.value
        call = self._world.centre.acd.board.calls.get(walker.call_id)
        if (
            waits == walker.waits
            and walker.caller.customer.line is Line.WAITING
            and call is not None
            and call.state is CallState.WAITING
        ):
            walker.mind.leave_queue()
            self._leave_queue(walker, "left")

    def _leave_queue(self, walker: Walker, reason: str) -> None:
        walker.caller.customer.line = Line.BUSY
        left = CallLeftQueue(self._world.now_ms, walker.call_id, reason)
        given = inputs.QueueLeft(at_ms=self._at_ms, queues=self._views, reason=reason)
        self._advance(walker, given, left)

    def _asked(self, walker: Walker, step: put.BookCallback) -> CallbackAsked:
        return CallbackAsked(
            self._world.now_ms,
            walker.call_id,
            QueueId(step.queue),
            f"number of {walker.call_id}",
            skills=dict.fromkeys(step.skills, 1),
            priority=step.priority,
            segment=step.segment or "",
        )

    def _forget(self, notice: CallClosed) -> None:
        self._walkers.pop(notice.call_id, None)
