"""Text messages: send one, look at them.

Source:
    https://www.twilio.com/docs/messaging/api/message-resource.
"""

from typing import Any

from simulator.carrier.calls import API_VERSION
from simulator.carrier.messages import Message
from simulator.carrier.rest.errors import invalid, missing, not_found
from simulator.carrier.rest.request import Form, Reply, Route, page
from simulator.carrier.rest.resource import Resource

BODY_CHARACTERS_MAX = 1600


class Messages(Resource):
    """`/Messages`."""

    def routes(self) -> tuple[Route, ...]:
        """Return what is answered here."""
        return (
            Route("/Messages.json", "POST", self.create),
            Route("/Messages.json", "GET", self.list),
            Route("/Messages/<sid>.json", "GET", self.get),
            Route("/Messages/<sid>.json", "POST", self.update),
            Route("/Messages/<sid>.json", "DELETE", self.delete),
        )

    def create(self, form: Form) -> Reply:
        """Send a message."""
        to, from_, body = form.required("To"), form.required("From"), form.text("Body")
        if not body:
            raise missing("Body")
        if len(body) > BODY_CHARACTERS_MAX:
            raise invalid(21617, f"The body has {len(body)} characters; 1600 is the most")
        if from_ not in self.exchange.numbers:
            raise invalid(21606, f"The 'From' number {from_} cannot send messages")
        refusal = self.exchange.texting.refusal(from_, to)
        if refusal:
            raise invalid(refusal, f"Messages from {from_} to {to} are refused")
        message = self.exchange.texting.send(from_, to, body, form.url("StatusCallback"))
        return Reply(self.show(message), 201)

    def list(self, form: Form) -> Reply:
        """List messages, the newest first."""
        sent = form.time_filter("DateSent")
        messages = [
            message
            for message in reversed(self.exchange.texting.all())
            if form.text("To", message.to) == message.to
            and form.text("From", message.from_) == message.from_
            and sent.passes(self.instant(message.sent_at_s))
        ]
        return page(form, "messages", messages, self.show)

    def get(self, form: Form, sid: str) -> Reply:
        """Show one message."""
        return Reply(self.show(self._find(form, sid)))

    def update(self, form: Form, sid: str) -> Reply:
        """Blot out the text of a message that is on its way or there."""
        message = self._find(form, sid)
        if form.text("Body", "kept"):
            raise invalid(20001, "Body can only be made empty")
        if message.status in {"queued", "sending"}:
            raise invalid(20009, f"Message {sid} has not been sent; try again when it has")
        message.body = ""
        message.updated_at_s = self.exchange.timeline.now_s
        return Reply(self.show(message))

    def delete(self, form: Form, sid: str) -> Reply:
        """Forget a message."""
        self.exchange.texting.remove(self._find(form, sid))
        return Reply(None, 204)

    def show(self, message: Message) -> dict[str, Any]:
        """Return a message's JSON."""
        path = f"Messages/{message.sid}"
        return {
            "sid": message.sid,
            "account_sid": self.account_sid,
            "messaging_service_sid": None,
            "from": message.from_,
            "to": message.to,
            "body": message.body,
            "num_segments": str(message.segments),
            "num_media": "0",
            "direction": message.direction,
            "status": message.status,
            "price": None,
            "price_unit": "USD",
            "error_code": message.error_code,
            "error_message": None,
            "api_version": API_VERSION,
            "date_created": self.date(message.created_at_s),
            "date_updated": self.date(message.updated_at_s),
            "date_sent": self.date(message.sent_at_s),
            "uri": self.address(path),
            "subresource_uris": self.addresses(path, {"media": "Media"}),
        }

    def _find(self, form: Form, sid: str) -> Message:
        message = self.exchange.texting.get(sid)
        if message is None:
            raise not_found(form.path)
        return message
