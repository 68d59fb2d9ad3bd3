"""One turn of a caller in the call flow: an answer in, the next document out, exactly once.

A turn loads the caller's place, lets the interpreter advance it, and stores the new place together
with the facts that follow from it in one step that succeeds only if the caller is still where they
were. So a request that the carrier repeats, or that two web processes work on at a time, moves the
caller once and is answered with the same document each time.

Errands are ordered before the place is stored, each named by its call and node: should the store
refuse then, the turn is repeated and the same errand with it, done once.

A caller whose place is lost (with the store, with a version of the flow that is no longer kept, or
because another release wrote it) begins again at the start rather than being hung up on. Steps go
on being counted from the token they came with, so that no token and no fact's key is used twice.
"""

from dataclasses import dataclass, replace

import structlog

from acd.ids import CallId, CustomerId
from ivr.flow import Flow, nodes
from ivr.inputs import DataFailed, DataFetched, Input, Started, TransferFailed
from ivr.interpreter import advance
from ivr.session import Session, new_session
from ivr.steps import (
    FetchData,
    Final,
    SendMessage,
    Steps,
    Transfer,
    ending_of,
)
from webhooks.after_talk import beyond_talk
from webhooks.answers import Reply, answer_in, asked_by, is_served
from webhooks.attestation import grade_of
from webhooks.desk import Desk
from webhooks.destinations import is_allowed
from webhooks.facts import (
    call_arrived,
    call_ended,
    call_left_queue,
    terminal_cause,
    transferred,
    voicemail_left,
)
from webhooks.flow_facts import facts_of, hang_up_facts, outcome_of_hang_up
from webhooks.hook import Hook, Refused
from webhooks.places import Place
from webhooks.ports import TAKEN, DataUnavailable, Fact, FlowSession, Stored, TextErrand
from webhooks.tokens import ordinal_of
from webhooks.told import told_by, without_secrets
from webhooks.twiml import hung_up

log = structlog.get_logger("webhooks")

_ENDED = ".ended"
"""Behind the token of a call that is over: no answer fits it any more."""


class Turns:
    """Leads callers through flows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def begin(self, hook: Hook, *, after: int = 0, expected: str | None = None) -> str | None:
        """Take a caller to the start of the flow of the number they called.

        Args:
            hook: The request that came with the call.
            after: How many steps they took before, if their place is lost.
            expected: The token in the store, if there is one and the place there is of no use.

        Returns:
            The first document, the current one if they had begun already, or None when the number
            is not one of ours.
        """
        line = self._desk.flows.line(hook.get("To"))
        if line is None:
            log.warning("called number has no line", call_id=hook.call_id)
            return None
        customer_id = self._customer(hook)
        flow = self._desk.flows.current(line.flow, customer_id)
        session = new_session(
            call=hook.call_id, flow=flow.name, version=flow.version, language=flow.first_language
        )
        session = replace(session, ordinal=after)
        at_ms = self._desk.now_ms
        known = self._desk.callers.facts(customer_id, at_ms)
        given = Started(
            at_ms=at_ms,
            queues=self._desk.waits.queues(),
            caller={**known, **_told(hook), **self._reach(hook), "verified": "false"},
        )
        arrival = call_arrived(hook, line, customer_id)
        place = Place(session, customer_id, "nothing")
        return self._take(flow, place, given, expected=expected, before=[arrival])

    def answer(self, hook: Hook, token: str) -> str | None:
        """Take the answer to the step of this token.

        Returns:
            The next document; the same again for the same token; the one the caller is at when
            the token is not the current one. None when the call can not be led anywhere.

        Raises:
            Refused: We did not make this token for this call, or it has expired.
        """
        if not self._desk.tokens.admits(token, hook.call_id, now_s=self._desk.now_ms // 1000):
            raise Refused(403, "step token")
        stored = self._desk.sessions.load(hook.call_id)
        if stored is None:
            return self.begin(hook, after=ordinal_of(token))
        if stored.token != token:
            return stored.twiml
        place = Place.from_text(stored.state)
        flow = self._flow_of(place)
        if place is None or flow is None:
            return self.begin(hook, after=ordinal_of(token), expected=token)
        given = self._given(hook, place, token)
        if given is Reply.AGAIN:
            return stored.twiml
        if given is Reply.OVER:
            self._desk.journal.append([transferred(hook)])
            return hung_up()
        before = _told_beside(hook, place)
        return self._take(flow, place, given, expected=token, before=before)

    def leave_queue(self, hook: Hook) -> str | None:
        """Lead a caller on whom the centre took out of the line.

        Returns:
            The next document; the current one when they are out of the line already; None when
            the call can not be led anywhere.
        """
        stored = self._desk.sessions.load(hook.call_id)
        if stored is None:
            return self.begin(hook)
        place = Place.from_text(stored.state)
        if place is not None and place.asked != "queue":
            return stored.twiml
        return self.answer(hook, stored.token)

    def end(self, hook: Hook) -> bool:
        """Note that a caller hung up, with how far they got in the flow.

        Returns:
            Whether the facts were appended; False when there is no place to conclude from.
        """
        cause = terminal_cause(hook)
        if cause is None:
            return False
        for _ in range(2):  # the caller may hang up while their last answer is being worked on
            stored = self._desk.sessions.load(hook.call_id)
            if stored is None:
                return False
            if stored.token.endswith(_ENDED):
                return True
            place = Place.from_text(stored.state)
            if place is None:
                return False
            flow, at_ms = self._flow_of(place), self._desk.now_ms
            how = outcome_of_hang_up(place, flow, at_ms=at_ms)
            done = replace(stored, token=stored.token + _ENDED, answered=stored.token)
            outcome, _ = self._desk.sessions.advance(
                hook.call_id,
                expected=stored.token,
                session=done,
                facts=[*hang_up_facts(place, flow, how), call_ended(hook, cause)],
                told=told_by(place, flow, at_ms=at_ms, outcome=how),
            )
            if outcome is Stored.DONE:
                return True
        return False

    # --- parts of a turn ---------------------------------------------------------------------

    def _flow_of(self, place: Place | None) -> Flow | None:
        """Return the version of the flow the caller is in, if it is still kept."""
        if place is None:
            return None
        return self._desk.flows.version(place.session.flow, place.session.flow_version)

    def _take(
        self,
        flow: Flow,
        place: Place,
        given: Input,
        *,
        expected: str | None,
        before: list[Fact] | None = None,
    ) -> str:
        step = self._step(flow, place, given)
        call_id, ending = CallId(step.place.session.call), ending_of(step.steps)
        self._run_errands(step.place.session, step.steps)
        ordinal = step.place.session.ordinal
        token = self._desk.tokens.mint(call_id, ordinal, now_s=self._desk.now_ms // 1000)
        has_partials = self._desk.partials is not None
        where = self._desk.documents.place(call_id, token, has_partials=has_partials)
        new = FlowSession(
            token=token,
            state=step.place.to_text(),
            twiml=self._desk.documents.document(step.steps, where),
            answered=expected or "",
            after_talk=self._after_talk(flow, step.place, token),
        )
        by_number = self._desk.customers.by_number
        facts = [*(before or ()), *facts_of(step.place, flow, step.steps, by_number)]
        told = None
        if isinstance(ending, Final):
            told = told_by(step.place, flow, at_ms=given.at_ms, outcome=ending.outcome)
        outcome, stored = self._desk.sessions.advance(
            call_id, expected=expected, session=new, facts=facts, told=told
        )
        if outcome is Stored.DONE and isinstance(ending, FetchData):
            self._desk.dips.begin(call_id, token, ending)
        return stored.twiml

    def _step(self, flow: Flow, place: Place, given: Input) -> "_Step":
        """Advance a caller; whoever has talked already gets no second queue."""
        is_after_talk = place.is_after_talk or is_served(given)
        session, steps = self._advanced(flow, place.session, given)
        if is_after_talk:
            session, steps = beyond_talk(flow, session, steps, given)
        ending = ending_of(steps)
        if isinstance(ending, Final):
            session = without_secrets(session, flow)
        question = ending if isinstance(ending, FetchData) else None
        asked = asked_by(ending)
        return _Step(Place(session, place.customer_id, asked, question, is_after_talk), steps)

    def _after_talk(self, flow: Flow, place: Place, token: str) -> str:
        """Return the address at which the flow goes on when the agent has hung up, if it does."""
        if place.is_after_talk:
            return TAKEN
        node = flow.nodes.get(place.session.node)
        goes_on = place.asked == "queue" and isinstance(node, nodes.Queue) and node.served
        return self._desk.addresses.talk_over(CallId(place.session.call), token) if goes_on else ""

    def _advanced(self, flow: Flow, session: Session, given: Input) -> tuple[Session, Steps]:
        """Advance; a transfer to where the settings allow none fails before it is tried."""
        session, steps = advance(flow, session, given)
        ending = steps[-1]
        if isinstance(ending, Transfer) and not is_allowed(
            ending.to, self._desk.settings.destinations
        ):
            log.warning("transfer refused", call_id=session.call, node=session.node)
            failed = TransferFailed(
                at_ms=given.at_ms, queues=given.queues, reason="destination not allowed"
            )
            return advance(flow, session, failed)
        return session, steps

    def _given(self, hook: Hook, place: Place, token: str) -> Input | Reply:
        at_ms, queues = self._desk.now_ms, self._desk.waits.queues()
        if place.question is None:
            return answer_in(hook, place.asked, at_ms=at_ms, queues=queues)
        try:
            values = self._desk.dips.collect(hook.call_id, token, place.question)
        except DataUnavailable as problem:
            log.warning("data source failed", call_id=hook.call_id, reason=str(problem))
            return DataFailed(at_ms=at_ms, queues=queues, reason=str(problem))
        return DataFetched(at_ms=at_ms, queues=queues, values=values)

    def _run_errands(self, session: Session, steps: Steps) -> None:
        for step in steps:
            if isinstance(step, SendMessage):
                errand = TextErrand(
                    call_id=CallId(session.call),
                    node=step.node,
                    receiver=step.to,
                    line_number=session.data.get("caller.called", ""),
                    text=step.text,
                    language=session.language,
                )
                self._desk.errands.send_message(errand)

    def _reach(self, hook: Hook) -> dict[str, str]:
        """Tell the flow whether it can offer to send the caller a text message."""
        takes_texts = self._desk.errands.takes_texts(hook.get("From"))
        return {"texts": "true" if takes_texts else "false"}

    def _customer(self, hook: Hook) -> CustomerId:
        """Return who calls; a caller without a usable number is a customer of this call alone."""
        number = hook.get("From")
        if number.startswith("+") and number[1:].isdigit():
            return self._desk.customers.by_number(number)
        return CustomerId(f"unknown.{hook.call_id}")


def _told_beside(hook: Hook, place: Place) -> list[Fact]:
    """What the carrier's request tells the centre besides what the caller answered."""
    if place.asked == "recording":
        return voicemail_left(hook)
    if place.asked == "queue":
        return [call_left_queue(hook, place.session.ordinal)]
    return []


@dataclass(frozen=True, slots=True)
class _Step:
    """Where a caller is after an input, and what they hear."""

    place: Place
    steps: Steps


def _told(hook: Hook) -> dict[str, str]:
    """What the flow may know of the caller from the start."""
    told = {
        "number": hook.get("From"),
        "called": hook.get("To"),
        "name": hook.get("CallerName"),
        "attestation": grade_of(hook.get("StirVerstat")),
    }
    return {name: value for name, value in told.items() if value}
