"""Text messages: in, and what became of ours.

The carrier answers the usual words of consent itself, once, in the words registered for the number;
a second answer from here would be refused (error 21610) or unlawful; which words it knows is told
with the message. Nothing is ever answered in the request: a reply is written by an agent, or by
rule, and sent through the gateway.

Source: https://www.twilio.com/docs/messaging/guides/webhook-request (parameters),
https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks.
"""

from flask import Blueprint

from acd.ids import CallId, Sid
from ivr.slots.digits import mask_cards
from webhooks.admission import Admission
from webhooks.consent import consent_in, is_answered_by_carrier
from webhooks.desk import Desk
from webhooks.hook import Hook
from webhooks.ports import Messages, TextMessage
from webhooks.routes import Routes

MEDIA_MAX = 10


class Texting:
    """Handlers of text messages."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def received(self, hook: Hook) -> None:
        """Take a message; card numbers in it are masked before anybody sees them."""
        media = [hook.get(f"MediaUrl{index}") for index in range(MEDIA_MAX)]
        text = hook.get("Body")
        self._messages.received(
            TextMessage(
                sid=_message_sid(hook),
                sender=hook.get("From"),
                receiver=hook.get("To"),
                text=mask_cards(text),
                media=tuple(url for url in media if url),
                consent=consent_in(text, hook.get("OptOutType")),
                is_answered=is_answered_by_carrier(text, hook.get("OptOutType")),
            )
        )

    def status(self, hook: Hook) -> None:
        """Take what became of a message of ours."""
        self._messages.delivery_changed(
            CallId(hook.id("call_id")),
            hook.id("name"),
            hook.get("MessageStatus"),
            hook.number("ErrorCode"),
        )


def _message_sid(hook: Hook) -> Sid:
    return Sid(hook.told("MessageSid"))


def blueprint(desk: Desk, admission: Admission, messages: Messages) -> Blueprint:
    """Make the routes of text messages."""
    texting, routes = Texting(messages), Routes("messages", desk, admission)
    routes.facts({"/messages/inbound": texting.received, "/messages/status": texting.status})
    return routes.blueprint
