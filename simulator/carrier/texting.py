"""Texting: messages on their way out, incoming ones brought to the application, and replies.

Source:
    https://www.twilio.com/docs/messaging/twiml (an incoming message asks for TwiML; `<Message>`
    in the answer is a reply).
"""

from collections.abc import Callable, Mapping

from simulator.carrier.account import PhoneNumber
from simulator.carrier.callbacks import Reporter
from simulator.carrier.execution import Steps
from simulator.carrier.messages import Message
from simulator.carrier.timeline import Timeline
from simulator.carrier.twiml import TwimlError, read_answer
from simulator.carrier.webhooks import Answer

#: Modelled seconds from sending a message to its being sent, and from there to its delivery.
SENT_S, DELIVERED_S = 1.0, 2.0

#: Notes an error code and its reason.
Complain = Callable[[int, str], None]


class Texting:
    """Every message of the account."""

    def __init__(
        self,
        timeline: Timeline,
        reporter: Reporter,
        numbers: Mapping[str, PhoneNumber],
        mint: Callable[[str], str],
        complain: Complain,
    ) -> None:
        self._timeline = timeline
        self._reporter = reporter
        self._numbers = numbers
        self._mint = mint
        self._complain = complain
        self._by_sid: dict[str, Message] = {}

    def all(self) -> list[Message]:
        """Return the messages in order of creation."""
        return list(self._by_sid.values())

    def get(self, sid: str) -> Message | None:
        """Return the message with this identifier."""
        return self._by_sid.get(sid)

    def send(
        self, from_: str, to: str, body: str, callback: str = "", direction: str = "outbound-api"
    ) -> Message:
        """Send a text message; it is sent and delivered a little later."""
        message = self._new(from_, to, body, direction)
        message.callback_url = callback
        self._timeline.spawn(self._deliver(message))
        return message

    def receive(self, from_: str, to: str, body: str) -> Message:
        """Let somebody send a text to one of the account's numbers."""
        message = self._new(from_, to, body, "inbound")
        message.status = "received"
        number = self._numbers.get(to)
        if number is not None and number.sms_url:
            self._timeline.spawn(self._bring(message, number))
        return message

    def remove(self, message: Message) -> None:
        """Forget a message."""
        del self._by_sid[message.sid]

    def _new(self, from_: str, to: str, body: str, direction: str) -> Message:
        sid, now_s = self._mint("SM"), self._timeline.now_s
        message = Message(sid, from_, to, body, direction, now_s, updated_at_s=now_s)
        self._by_sid[sid] = message
        return message

    def _deliver(self, message: Message) -> Steps[None]:
        for status, after_s in (("sent", SENT_S), ("delivered", DELIVERED_S)):
            yield self._timeline.sleep(after_s)
            message.status = status
            message.updated_at_s = self._timeline.now_s
            message.sent_at_s = message.sent_at_s or self._timeline.now_s
            self._reporter.message_status(message)

    def _bring(self, message: Message, number: PhoneNumber) -> Steps[None]:
        answer: Answer = yield self._reporter.incoming_message(
            message, number.sms_url, number.sms_method
        )
        if answer.error:
            self._complain(answer.error, f"the application answered {answer.status or answer.text}")
        elif answer.body.strip():
            self._reply(message, answer)

    def _reply(self, message: Message, answer: Answer) -> None:
        try:
            document = read_answer(
                answer.body, answer.content_type, url=answer.url, method=answer.method
            )
        except TwimlError as error:
            self._complain(error.code, str(error))
            return
        for verb in document.verbs:
            if verb.tag in {"Message", "Sms"}:
                text = "".join(verb.itertext()).strip()
                to = verb.get("to") or message.from_
                self.send(message.to, to, text, direction="outbound-reply")
