"""The telephone exchange: every call, queue and conference of one account, and how they move.

All of it changes only with the timeline held. REST handlers and webhooks' answers come in from
threads through `Timeline.held`; what happens by itself is a process of the timeline. The exchange
owns the things; how a leg is dialled is in `dialling`, what TwiML does to it in `execution` and
`verbs`, what the application is told in `callbacks`.
"""

from collections.abc import Iterable, Mapping

import simpy

from simulator.carrier.account import PhoneNumber
from simulator.carrier.announcements import announce, hold_music
from simulator.carrier.bridges import Bridge, Talks
from simulator.carrier.callbacks import Reporter
from simulator.carrier.calls import Call, Callback, CallOver, Ended, Redirected, Terms
from simulator.carrier.conferences import Conference, Participant, Seat
from simulator.carrier.dialling import CallRate, Dialler
from simulator.carrier.execution import Execution, Steps
from simulator.carrier.identifiers import Identifiers
from simulator.carrier.ledger import Alert, Exchanged, Ledger, Leg
from simulator.carrier.messages import Message
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Caller
from simulator.carrier.people.person import Person
from simulator.carrier.people.population import Population
from simulator.carrier.queues import Queue
from simulator.carrier.recordings import Recording
from simulator.carrier.timeline import Timeline
from simulator.carrier.twiml import Document, Element, Fetch, Source, TwimlError, read_answer
from simulator.carrier.verbs import VERBS
from simulator.carrier.webhooks import Answer, Courier, Delivery, Transport

#: What the first request of an inbound call says beside the usual.
ATTESTED = "TN-Validation-Passed-A"

#: Modelled seconds from sending a message to its being sent and delivered.
MESSAGE_SENT_S, MESSAGE_DELIVERED_S = 1.0, 3.0


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
        self.variants = variants = options.variants
        self.identifiers = Identifiers(options.seed)
        self.courier = Courier(timeline, transport, self.identifiers, account.token, self._observe)
        self.reporter = Reporter(account, timeline, self.courier)
        self.dialler = Dialler(timeline, population, self.reporter, variants, self._own_number)
        self.call_rate = CallRate(timeline, account.calls_per_s)
        self.talks = Talks(timeline, ledger)
        self.calls: dict[str, Call] = {}
        self.queues: dict[str, Queue] = {}
        self.conferences: dict[str, Conference] = {}
        self.recordings: dict[str, Recording] = {}
        self.messages: dict[str, Message] = {}

    # -- calls -------------------------------------------------------------------------------

    def open(self) -> None:
        """Let the population's callers come, each at their moment."""
        self.timeline.spawn(self._arrivals())

    def incoming(self, caller: Caller) -> Call:
        """Let somebody call one of the account's numbers."""
        call = self._inbound(caller.from_number, caller.to_number, caller.extra)
        call.person = Person(call, caller.manner, self.timeline)
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
        self.calls[sid] = call
        return call

    def set_going(self, call: Call, steps: Steps[None]) -> None:
        """Give a leg its process; whatever happens there, the leg ends in a final status."""
        call.process = self.timeline.spawn(self._live(call, steps))

    def execution(self, call: Call) -> Execution:
        """Return a new interpreter for a call."""
        return Execution(call, self, VERBS)

    def ring(self, call: Call, timeout_s: float) -> Steps[None]:
        """Dial a leg's far end; see `Dialler.ring`."""
        yield from self.dialler.ring(call, timeout_s)
        self._limit(call)

    def answer(self, call: Call) -> None:
        """Answer an inbound call that is still ringing; harmless for any other."""
        if call.is_live and call.direction == "inbound" and not call.is_answered:
            call.become("in-progress")
            self._limit(call)
            if call.person is not None:
                call.person.answered()

    def live_calls(self) -> list[Call]:
        """Return the calls that have not ended, in order of creation."""
        return [call for call in self.calls.values() if call.is_live]

    def redirect(self, call: Call, source: Source) -> None:
        """Make a live call drop what it does and execute something else."""
        call.interrupt(Redirected(source))

    def hang_up(self, call: Call, who: str = "rest") -> None:
        """End a live call, or cancel one that has not been answered."""
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
        self.set_going(call, self.execution(call).run(source))
        if not number.voice_url:
            self.alert(11100, call, f"the number {number.sid} has no voice URL")
            call.interrupt(Ended("failed", "exchange"))
        return call

    def _own_number(self, call: Call) -> Call | None:
        """Return the inbound leg of a dial to one of the account's own numbers."""
        return self._inbound(call.from_, call.to, ()) if call.to in self.numbers else None

    def _outbound(self, call: Call, source: Source, *, is_rated: bool) -> Steps[None]:
        if is_rated:
            yield from self.call_rate.turn()
        yield from self.ring(call, call.terms.timeout_s)
        if call.terms.is_recorded:
            self.start_recording("OutboundAPI", call.terms.recording, call_sid=call.sid)
        yield from self.execution(call).run(source)

    def _live(self, call: Call, steps: Steps[None]) -> Steps[None]:
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
        if call.time_limit is not None:
            call.time_limit.cancel()
        if call.person is not None:
            call.person.gone()
        self._stop_recordings(call)
        self._drop_expected(call)
        self.reporter.progress(call, "completed")
        for farewell in call.farewells:
            if isinstance(farewell, Fetch):
                self.ask(call, farewell, {})
        self.ledger.write("leg", call.leg)

    def _drop_expected(self, call: Call) -> None:
        for room in self.conferences.values():
            expected = room.find(call.sid) if room.is_live else None
            if expected is not None:
                room.leave(expected, "participant_add_failed")

    def _limit(self, call: Call) -> None:
        call.time_limit = self.timeline.later(
            call.terms.time_limit_s, lambda: call.interrupt(Ended("completed", "time limit"))
        )

    # -- documents ---------------------------------------------------------------------------

    def ask(self, call: Call, source: Source, extra: Mapping[str, str]) -> simpy.Event:
        """Request a document from the application."""
        assert isinstance(source, Fetch)
        return self.reporter.ask(call, source, extra)

    def check_document(self, call: Call, document: Document) -> None:
        """Note what is wrong with a document without refusing to execute it."""

    def alert(self, code: int, call: Call | None, text: str) -> None:
        """Note an error or a warning in the carrier's debugger."""
        sid = call.sid if call is not None else ""
        self.ledger.alert(Alert(self.timeline.now_s, code, sid, text))

    # -- rooms and lines ---------------------------------------------------------------------

    def bridge(self, call: Call) -> Bridge:
        """Return a new bridge for a call that dials."""
        return Bridge(
            self.talks, self.timeline, f"bridge-{self.identifiers.mint('')[:8]}-{call.sid}"
        )

    def find_queue(self, name_or_sid: str) -> Queue | None:
        """Return a queue by its name or identifier."""
        return self.queues.get(name_or_sid) or next(
            (queue for queue in self.queues.values() if queue.name == name_or_sid), None
        )

    def queue_named(self, name: str, max_size: int | None = None) -> Queue:
        """Return the queue of this name, made on demand."""
        queue = self.find_queue(name)
        if queue is None:
            sid = self.identifiers.mint("QU")
            queue = Queue(sid, name, self.timeline, self.timeline.now_s)
            queue.max_size = max_size or queue.max_size
            self.queues[sid] = queue
        return queue

    def find_conference(self, name_or_sid: str) -> Conference | None:
        """Return a conference by identifier, or the live one of this name."""
        return self.conferences.get(name_or_sid) or next(
            (
                room
                for room in self.conferences.values()
                if room.name == name_or_sid and room.is_live
            ),
            None,
        )

    def conference_named(self, name: str) -> Conference:
        """Return the live conference of this name, made on demand."""
        room = self.find_conference(name)
        if room is None or not room.is_live:
            sid = self.identifiers.mint("CF")
            report = self.reporter.conference_event
            room = Conference(sid, name, self.timeline, self.talks, report, self.timeline.now_s)
            self.conferences[sid] = room
        return room

    def announce(self, room: Conference, participant: Participant, source: Fetch) -> None:
        """Play something to a participant over whatever they hear."""
        execution = self.execution(participant.call)
        self.timeline.spawn(announce(execution, room, participant, source))

    def play_hold(self, participant: Participant, source: Fetch) -> None:
        """Play something to a participant for as long as they are held."""
        execution = self.execution(participant.call)
        still = lambda: participant.hold and participant.is_present  # noqa: E731  (one line, one use)
        self.timeline.spawn(hold_music(execution, source, still))

    # -- recordings --------------------------------------------------------------------------

    def recording_url(self, recording: Recording) -> str:
        """Return where a recording can be fetched."""
        return (
            f"https://api.twilio.com/2010-04-01/Accounts/{self.account.sid}"
            f"/Recordings/{recording.sid}"
        )

    def start_recording(
        self, source: str, callback: Callback, *, call_sid: str = "", conference_sid: str = ""
    ) -> Recording:
        """Begin to record a call or a conference."""
        recording = Recording(
            self.identifiers.mint("RE"),
            source,
            self.timeline.now_s,
            call_sid,
            conference_sid,
            updated_at_s=self.timeline.now_s,
            callback_url=callback.url,
            callback_method=callback.method,
            callback_events=callback.events,
        )
        self.recordings[recording.sid] = recording
        self.reporter.recording(recording, self.recording_url(recording))
        return recording

    def stop_recording(self, recording: Recording) -> None:
        """End a recording; the application is told."""
        if recording.is_running:
            recording.stop(self.timeline.now_s)
            self.reporter.recording(recording, self.recording_url(recording))

    def finish_recording(
        self, call: Call, began_at_s: float, source: str, callback: Callback
    ) -> dict[str, str]:
        """Keep what `<Record>` took and return what its action is told."""
        recording = self.start_recording(source, callback, call_sid=call.sid)
        recording.began_at_s = began_at_s
        self.stop_recording(recording)
        return {
            "RecordingUrl": self.recording_url(recording),
            "RecordingSid": recording.sid,
            "RecordingDuration": str(recording.seconds()),
        }

    def record_conference(self, room: Conference, seat: Seat) -> None:
        """Record a conference from the moment two are in it, if that was asked for."""
        is_recorded = any(r.conference_sid == room.sid for r in self.recordings.values())
        if seat.is_recorded and not is_recorded:
            self.start_recording("Conference", Callback(), conference_sid=room.sid)

    def _stop_recordings(self, call: Call) -> None:
        for recording in self.recordings.values():
            if recording.call_sid == call.sid:
                self.stop_recording(recording)

    # -- messages ----------------------------------------------------------------------------

    def send_message(
        self, from_: str, to: str, body: str, callback: str = "", direction: str = "outbound-api"
    ) -> Message:
        """Send a text message; it is sent and delivered a little later."""
        message = self._new_message(from_, to, body, direction)
        message.callback_url = callback
        self.timeline.spawn(self._deliver(message))
        return message

    def receive_message(self, from_: str, to: str, body: str) -> Message:
        """Let somebody send a text to one of the account's numbers."""
        message = self._new_message(from_, to, body, "inbound")
        message.status = "received"
        number = self.numbers.get(to)
        if number is not None and number.sms_url:
            self.timeline.spawn(self._bring(message, number))
        return message

    def _new_message(self, from_: str, to: str, body: str, direction: str) -> Message:
        sid, now_s = self.identifiers.mint("SM"), self.timeline.now_s
        message = Message(sid, from_, to, body, direction, now_s, updated_at_s=now_s)
        self.messages[sid] = message
        return message

    def _deliver(self, message: Message) -> Steps[None]:
        for status, after_s in (("sent", MESSAGE_SENT_S), ("delivered", MESSAGE_DELIVERED_S)):
            yield self.timeline.sleep(after_s)
            message.status = status
            message.updated_at_s = self.timeline.now_s
            message.sent_at_s = message.sent_at_s or self.timeline.now_s
            self.reporter.message_status(message)

    def _bring(self, message: Message, number: PhoneNumber) -> Steps[None]:
        answer: Answer = yield self.reporter.incoming_message(
            message, number.sms_url, number.sms_method
        )
        if answer.error:
            self.alert(answer.error, None, f"message {message.sid}: {answer.status or answer.text}")
            return
        if not answer.body.strip():
            return
        try:
            document = read_answer(
                answer.body, answer.content_type, url=answer.url, method=answer.method
            )
        except TwimlError as error:
            self.alert(error.code, None, str(error))
            return
        for verb in document.verbs:
            if verb.tag in {"Message", "Sms"}:
                text = "".join(verb.itertext()).strip()
                to = verb.get("to") or message.from_
                self.send_message(message.to, to, text, direction="outbound-reply")

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
    if seat.wait_url is not None:
        attributes |= {"waitUrl": seat.wait_url, "waitMethod": seat.wait_method}
    noun = Element("Conference", attributes)
    noun.text = room.name
    dial.append(noun)
    return dial
