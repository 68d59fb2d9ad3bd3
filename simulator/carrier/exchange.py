"""The telephone exchange: every call, queue and conference of one account, and how they move.

All of it changes only with the timeline held. REST handlers and webhooks' answers come in from
threads through `Timeline.held`; what happens by itself is a process of the timeline. The exchange
owns the things; how a leg is dialled is in `dialling`, what TwiML does to it in `execution` and
`verbs`, what the application is told in `callbacks`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import simpy

from simulator.carrier.account import PhoneNumber
from simulator.carrier.announcements import announce, hold_music
from simulator.carrier.bridges import Bridge, Talks
from simulator.carrier.callbacks import Reporter
from simulator.carrier.calls import Call, Callback, CallOver, Ended, Redirected, Terms
from simulator.carrier.conferences import Conference, Conferences, Participant, Seat
from simulator.carrier.dialling import CallRate, Dialler
from simulator.carrier.execution import Execution
from simulator.carrier.faults import FaultPlan
from simulator.carrier.grammar import problems
from simulator.carrier.identifiers import Identifiers
from simulator.carrier.ledger import Alert, Exchanged, Ledger, Leg
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Caller
from simulator.carrier.people.person import Person
from simulator.carrier.people.population import Population
from simulator.carrier.queues import Queues
from simulator.carrier.recordings import Recordings
from simulator.carrier.texting import Texting
from simulator.carrier.timeline import Steps, Timeline
from simulator.carrier.twiml import Document, Element, Fetch, Source
from simulator.carrier.verbs import VERBS
from simulator.carrier.verbs.audio import digits_s
from simulator.carrier.webhooks import Answer, Courier, Delivery, Transport

#: May always be shown, for tests; see https://www.twilio.com/docs/iam/test-credentials.
TEST_CALLER_ID = "+15005550006"

#: What the first request of an inbound call says beside the usual.
ATTESTED = "TN-Validation-Passed-A"


class Exchange:
    """The account's side of the telephone network."""

    def __init__(
        self,
        timeline: Timeline,
        options: CarrierOptions,
        population: Population,
        transport: Transport,
        ledger: Ledger,
    ) -> None:
        self.timeline = timeline
        self.account = account = options.account
        self.numbers = {number.phone_number: number for number in options.numbers}
        self.population = population
        self.ledger = ledger
        self.variants = options.variants
        self.identifiers = Identifiers(options.seed)
        self.faults = FaultPlan(options.faults, options.seed)
        self.courier = Courier(timeline, transport, self.identifiers, account.token, self._observe)
        self.courier.loses_answer = self._loses_answer
        self.reporter = Reporter(account, timeline, self.courier, self.faults)
        self.dialler = Dialler(self, self._own_number)
        self.call_rate = CallRate(timeline, account.calls_per_s)
        self.talks = Talks(timeline, ledger)
        self.calls: dict[str, Call] = {}
        self._live: dict[str, Call] = {}
        mint = self.identifiers.mint
        self.queues = Queues(timeline, mint)
        self.conferences = Conferences(
            self.talks,
            self._conference_event,
            mint,
            waits_for_expected=self.variants.conference_waits_for_expected,
        )
        self.recordings = Recordings(timeline, account.sid, self.reporter.recording, mint)
        self.texting = Texting(
            timeline,
            self.reporter,
            self.numbers,
            mint,
            lambda code, text: self.alert(code, None, text),
        )
        self.texting.errors = options.text_errors

    # -- calls -------------------------------------------------------------------------------

    def open(self) -> None:
        """Let the population's callers come, each at their moment."""
        self.timeline.spawn(self._arrivals())

    def incoming(self, caller: Caller) -> Call:
        """Let somebody call one of the account's numbers."""
        call = self._inbound(caller.from_number, caller.to_number, caller.extra)
        call.person = Person(call, caller.manner, self.timeline)
        call.person.calls(caller.ring_patience_s)
        return call

    def place_call(self, from_: str, to: str, source: Source, terms: Terms) -> Call:
        """Dial out for a REST request; the document runs when the call is answered."""
        call = self.new_call("outbound-api", from_, to, terms=terms)
        call.queue_time_ms = round(self.call_rate.estimated_wait_s * 1000)
        self.set_going(call, self._outbound(call, source, is_rated=True))
        return call

    def place_participant(
        self, room: Conference, seat: Seat, from_: str, to: str, terms: Terms
    ) -> Call:
        """Dial out for a REST request, into a conference."""
        call = self.new_call("outbound-api", from_, to, terms=terms)
        room.expect(call, seat)
        document = Document((_dial_conference(room, seat),), "")
        is_rated = self.variants.participants_count_as_calls
        self.set_going(call, self._outbound(call, document, is_rated=is_rated))
        return call

    def new_call(
        self,
        direction: str,
        from_: str,
        to: str,
        *,
        terms: Terms,
        parent: Call | None = None,
    ) -> Call:
        """Make a leg that is not going yet."""
        sid = self.identifiers.mint("CA")
        now_s = self.timeline.now_s
        leg = Leg(sid, direction, from_, to, now_s, parent.sid if parent else "")
        self.ledger.legs[sid] = leg
        number = self.numbers.get(to if direction == "inbound" else from_)
        call = Call(
            sid,
            leg,
            self.timeline,
            direction,
            from_,
            to,
            terms,
            parent,
            number.sid if number else "",
            updated_at_s=now_s,
        )
        call.status_times.append((now_s, "queued"))
        self.calls[sid] = self._live[sid] = call
        return call

    def set_going(self, call: Call, steps: Steps[None]) -> None:
        """Give a leg its process; whatever happens there, the leg ends in a final status."""
        call.process = self.timeline.spawn(self._run_to_its_end(call, steps))

    def execution(self, call: Call) -> Execution:
        """Return a new interpreter for a call."""
        return Execution(call, self, VERBS)

    def ring(self, call: Call, timeout_s: float) -> Steps[None]:
        """Dial a leg's far end; see `Dialler.ring`."""
        yield from self.dialler.ring(call, timeout_s)
        self.limit(call)

    def answer(self, call: Call) -> None:
        """Answer an inbound call that is still ringing; harmless for any other."""
        if call.is_live and call.direction == "inbound" and not call.is_answered:
            call.become("in-progress")
            self.limit(call)
            if call.person is not None:
                call.person.answered()

    def may_show(self, number: str) -> bool:
        """Tell whether a number may be shown as caller id: owned, verified, or the test one."""
        return number in (*self.numbers, *self.account.verified, TEST_CALLER_ID)

    def live_calls(self) -> list[Call]:
        """Return the calls that have not ended, in order of creation."""
        return list(self._live.values())

    def redirect(self, call: Call, source: Source) -> None:
        """Make a live call drop what it does and execute something else."""
        call.interrupt(Redirected(source))

    def hang_up(self, call: Call, who: str = "rest") -> None:
        """End a live call, or cancel one that has not been answered; `who` is for the record."""
        cancels = self.variants.completed_cancels_ringing
        unanswered = "canceled" if cancels else "no-answer"
        call.interrupt(Ended("completed" if call.is_answered else unanswered, who))

    def cancel(self, call: Call) -> None:
        """End a call that is queued or ringing."""
        call.interrupt(Ended("canceled", "rest"))

    def _arrivals(self) -> Steps[None]:
        for caller in self.population.callers():
            yield self.timeline.sleep(caller.at_s - self.timeline.now_s)
            self.incoming(caller)

    def _inbound(self, from_: str, to: str, extra: Iterable[tuple[str, str]]) -> Call:
        number = self.numbers.get(to) or PhoneNumber(to)
        terms = Terms(
            callback=Callback(number.status_callback, number.status_callback_method),
            fallback=Callback(number.voice_fallback_url, number.voice_fallback_method),
        )
        call = self.new_call("inbound", from_, to, terms=terms)
        call.extra = tuple(extra)
        call.started_at_s = self.timeline.now_s
        call.become("ringing")
        first = {"CallToken": self.identifiers.mint("token"), "StirVerstat": ATTESTED}
        source = Fetch(number.voice_url, number.voice_method, first)
        if number.voice_url:
            self.set_going(call, self.execution(call).run(source))
        else:
            self.alert(11100, call, f"the number {number.sid} has no voice URL")
            self.set_going(call, _nobody_answers())
        return call

    def _own_number(self, call: Call) -> Call | None:
        """Return the inbound leg of a dial to one of the account's own numbers."""
        return self._inbound(call.from_, call.to, ()) if call.to in self.numbers else None

    def _outbound(self, call: Call, source: Source, *, is_rated: bool) -> Steps[None]:
        if is_rated:
            yield from self.call_rate.turn()
        yield from self.ring(call, call.terms.timeout_s)
        yield self.timeline.sleep(digits_s(call.terms.send_digits))
        if call.terms.is_recorded:
            self.recordings.start("OutboundAPI", call.terms.recording, call_sid=call.sid)
        if isinstance(source, Fetch):
            source = replace(source, extra={**source.extra, **self.dialler.first_facts(call)})
        yield from self.execution(call).run(source)

    def _run_to_its_end(self, call: Call, steps: Steps[None]) -> Steps[None]:
        try:
            status = yield from self._status_of(call, steps)
        except Exception:
            self._finish(call, "failed")
            raise
        self._finish(call, status)

    def _status_of(self, call: Call, steps: Steps[None]) -> Steps[str]:
        """Run a leg's steps and return the final status they lead to."""
        try:
            try:
                yield from steps
            except simpy.Interrupt as interrupt:
                if not isinstance(interrupt.cause, Redirected):
                    raise
                yield from self.execution(call).run(interrupt.cause.source)
        except CallOver as over:
            return over.status
        except simpy.Interrupt as interrupt:
            return interrupt.cause.status if isinstance(interrupt.cause, Ended) else "failed"
        return "completed"

    def _finish(self, call: Call, status: str) -> None:
        if status == "completed":
            self.answer(call)
        call.become(status)
        del self._live[call.sid]
        if call.time_limit is not None:
            call.time_limit.cancel()
        if call.person is not None:
            call.person.gone()
        for recording in self.recordings.running(call.sid):
            self.recordings.stop(recording)
        self._drop_expected(call)
        self.reporter.progress(call, "completed", self._taped(call))
        for farewell in call.farewells:
            self.ask(call, farewell, {})
        self.ledger.write("leg", call.leg)

    def _taped(self, call: Call) -> dict[str, str]:
        """Return where the recording of a call that was placed with `Record` is."""
        whole = [each for each in self.recordings.of_call(call.sid) if each.source == "OutboundAPI"]
        return whole[0].facts() if whole else {}

    def _drop_expected(self, call: Call) -> None:
        for room in self.conferences.live():
            expected = room.find(call.sid)
            if expected is not None:
                room.leave(expected, "participant_add_failed")

    def limit(self, call: Call) -> None:
        """End an answered call when the time agreed on is up, counted from the answer."""
        if call.time_limit is not None:
            call.time_limit.cancel()
        left_s = call.terms.time_limit_s - call.answered_s
        call.time_limit = self.timeline.later(
            left_s, lambda: call.interrupt(Ended("completed", "time limit"))
        )

    # -- documents ---------------------------------------------------------------------------

    def ask(self, call: Call, source: Fetch, extra: Mapping[str, str]) -> simpy.Event:
        """Request a document from the application."""
        return self.reporter.ask(call, source, extra)

    def check_document(self, call: Call, document: Document) -> None:
        """Note what is wrong with a document without refusing to execute it."""
        for problem in problems(document):
            self.alert(problem.code, call, problem.text)

    def alert(self, code: int, call: Call | None, text: str) -> None:
        """Note an error or a warning in the carrier's debugger."""
        sid = call.sid if call is not None else ""
        self.ledger.alert(Alert(self.timeline.now_s, code, sid, text))

    # -- sounds and talks --------------------------------------------------------------------

    def bridge(self) -> Bridge:
        """Return a new bridge for two legs."""
        return Bridge(self.talks, self.timeline, self.identifiers.mint("BR"))

    def announce(self, room: Conference, participant: Participant, source: Fetch) -> None:
        """Play something to a participant over whatever they hear."""
        execution = self.execution(participant.call)
        self.timeline.spawn(announce(execution, room, participant, source))

    def play_hold(self, participant: Participant, source: Fetch) -> None:
        """Play something to a participant for as long as they are held."""
        execution = self.execution(participant.call)
        self.timeline.spawn(hold_music(execution, participant, source))

    def _conference_event(self, room: Conference, event: str, about: Mapping[str, str]) -> None:
        """Tell what happened in a conference; record it from its start to its end if asked to."""
        self.reporter.conference_event(room, event, about)
        if event == "conference-start" and room.recording is not None:
            self.recordings.start("Conference", room.recording, conference_sid=room.sid)
        elif event == "conference-end":
            for recording in self.recordings.running(room.sid):
                self.recordings.stop(recording)

    def _loses_answer(self, delivery: Delivery) -> bool:
        return delivery.kind == "voice" and self.faults.strikes("answer_lost", delivery.call_sid)

    def _observe(self, delivery: Delivery, answer: Answer, attempts: int, wall_s: float) -> None:
        self.ledger.exchanged(
            Exchanged(
                self.timeline.now_s,
                delivery.kind,
                delivery.call_sid,
                delivery.method,
                delivery.url,
                delivery.params,
                answer.status,
                answer.error,
                answer.body.decode("utf-8", "replace"),
                attempts,
                wall_s * 1000,
            )
        )


def _nobody_answers() -> Steps[None]:
    yield from ()
    raise CallOver("failed")


def _dial_conference(room: Conference, seat: Seat) -> Element:
    """Return the document of a participant created by REST, as the carrier would write it."""
    dial = Element("Dial")
    attributes = {
        "participantLabel": seat.label,
        "muted": "true" if seat.muted else "false",
        "startConferenceOnEnter": "true" if seat.starts else "false",
        "endConferenceOnExit": "true" if seat.ends else "false",
        "coach": seat.coaches,
    }
    if seat.recording is not None:
        attributes["record"] = "record-from-start"
    if seat.wait_url is not None:
        attributes |= {"waitUrl": seat.wait_url, "waitMethod": seat.wait_method}
    noun = Element("Conference", attributes)
    noun.text = room.name
    dial.append(noun)
    return dial
