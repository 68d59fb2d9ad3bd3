"""Texting: messages on their way out, incoming ones brought to the application, and replies.

A person who writes a word of stopping to a number gets nothing from it any more, until they write
one of starting: the request is refused (21610). What else becomes of messages to a number is told
by `CarrierOptions.text_errors`: a code of the 21xxx refuses the request, one of the 30xxx comes
later, with the state `undelivered`.

Source:
    https://www.twilio.com/docs/messaging/twiml (an incoming message asks for TwiML; `<Message>`
    in the answer is a reply),
    https://help.twilio.com/articles/223134027 (words of stopping and starting),
    https://www.twilio.com/docs/api/errors (codes).
"""

from collections.abc import Callable, Mapping

from simulator.carrier.account import PhoneNumber
from simulator.carrier.callbacks import Reporter
from simulator.carrier.messages import Message
from simulator.carrier.timeline import Steps, Timeline
from simulator.carrier.twiml import TwimlError, read_answer
from simulator.carrier.webhooks import Answer

#: Modelled seconds from sending a message to its being sent, and from there to its delivery.
SENT_S, DELIVERED_S = 1.0, 2.0

#: Words that stop and start messages from a number to whoever writes them to it.
STOP_WORDS = frozenset(
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"]
)
START_WORDS = frozenset(["start", "yes", "unstop"])

STOPPED = 21610
DELIVERY_ERRORS = range(30_000, 31_000)
"""Codes that are told when delivery fails; others refuse the request."""

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
        self.errors: Mapping[str, int] = {}  #: what messages to a number end in
        self._stopped: set[tuple[str, str]] = set()
        self._by_sid: dict[str, Message] = {}

    def all(self) -> list[Message]:
        """Return the messages in order of creation."""
        return list(self._by_sid.values())

    def get(self, sid: str) -> Message | None:
        """Return the message with this identifier."""
        return self._by_sid.get(sid)

    def refusal(self, from_: str, to: str) -> int:
        """Return the code with which a message is refused at once, or 0."""
        if (from_, to) in self._stopped:
            return STOPPED
        code = self.errors.get(to, 0)
        return 0 if code in DELIVERY_ERRORS else code

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
        self._heed(from_, to, body)
        number = self._numbers.get(to)
        if number is not None and number.sms_url:
            self._timeline.spawn(self._bring(message, number))
        return message

    def _heed(self, from_: str, to: str, body: str) -> None:
        word = "".join(body.split()).lower()
        if word in STOP_WORDS:
            self._stopped.add((to, from_))
        elif word in START_WORDS:
            self._stopped.discard((to, from_))

    def remove(self, message: Message) -> None:
        """Forget a message."""
        del self._by_sid[message.sid]

    def _new(self, from_: str, to: str, body: str, direction: str) -> Message:
        sid, now_s = self._mint("SM"), self._timeline.now_s
        message = Message(sid, from_, to, body, direction, now_s, updated_at_s=now_s)
        self._by_sid[sid] = message
        return message

    def _deliver(self, message: Message) -> Steps[None]:
        error = self.errors.get(message.to, 0)
        last = "undelivered" if error else "delivered"
        for status, after_s in (("sent", SENT_S), (last, DELIVERED_S)):
            yield self._timeline.sleep(after_s)
            message.status = status
            message.error_code = error if status == "undelivered" else None
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
