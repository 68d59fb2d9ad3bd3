"""Calls that come in: the first request, the steps of the flow, the carrier's faults, the end."""

import structlog
from flask import Blueprint
from twilio.twiml.voice_response import VoiceResponse

from acd.ids import CallId
from webhooks import facts
from webhooks.addresses import TALK_OVER
from webhooks.admission import Admission
from webhooks.desk import Desk
from webhooks.hook import Hook, Refused
from webhooks.outbound import safe_harbour_document
from webhooks.routes import Routes
from webhooks.turns import Turns
from webhooks.twiml import last_words, say, serialized

log = structlog.get_logger("webhooks")

DOCUMENT_ERRORS = frozenset({11_750, *range(12_000, 13_000)})
"""The carrier's error codes for a document that is too long, no XML, or of the wrong type."""


class Voice:
    """Handlers of the call flow."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turns = Turns(desk)

    def inbound(self, hook: Hook) -> str:
        """Answer a new call with the flow's first steps."""
        return self._turns.begin(hook) or self._not_in_service()

    def flow(self, hook: Hook) -> str:
        """Answer with the next steps: after a question, or after the queue."""
        _check_call(hook)
        return self._turns.answer(hook, hook.query.get("token", "")) or self._not_in_service()

    def sent_on(self, hook: Hook) -> str:
        """Go on in the flow where it says what comes after the line; begin if nothing is known."""
        _check_call(hook)
        return self._turns.leave_queue(hook) or self._not_in_service()

    def resume(self, hook: Hook) -> str:
        """Repeat what the caller was asked last; begin if nothing is known of them."""
        _check_call(hook)
        stored = self._desk.sessions.load(hook.call_id)
        return stored.twiml if stored is not None else self.inbound(hook)

    def fallback(self, hook: Hook) -> str:
        """Go on after a document of ours could not be fetched or run.

        A called person hears the safe-harbour message: silence is the one thing they must not
        get. A caller hears an apology and is asked again, unless the document itself was refused:
        the same one again would be refused again. Somebody called back has no question to repeat.
        """
        code = hook.number("ErrorCode")
        log.error("carrier could not use a document", sid=hook.sid, code=code)
        campaign_id = hook.query.get("campaign_id", "")
        if campaign_id:
            return safe_harbour_document(self._desk, hook)
        call_id = CallId(hook.sid)
        phrases = self._desk.phrases(self._desk.language_of(call_id))
        if code in DOCUMENT_ERRORS or hook.get("Direction").startswith("outbound"):
            return last_words(phrases, phrases.fault_end)
        response = VoiceResponse()
        say(response, phrases, phrases.fault)
        response.redirect(self._desk.addresses.resume(call_id), method="POST")
        return serialized(response)

    def transferred(self, hook: Hook) -> None:
        """Note that somebody outside answered a transferred caller."""
        if hook.get("CallStatus") == "in-progress":
            self._desk.journal.append([facts.transferred(hook)])

    def partial(self, hook: Hook) -> None:
        """Hand on what a caller has said so far."""
        if self._desk.partials is None:
            return
        for name, is_stable in (("StableSpeechResult", True), ("UnstableSpeechResult", False)):
            text = hook.get(name)
            if text:
                self._desk.partials.heard(hook.call_id, text, is_stable=is_stable)

    def ended(self, hook: Hook) -> None:
        """Note that a call that came in is over."""
        cause = facts.terminal_cause(hook)
        if cause is not None and not self._turns.end(hook):
            self._desk.journal.append([facts.call_ended(hook, cause)])

    def _not_in_service(self) -> str:
        phrases = self._desk.phrases()
        return last_words(phrases, phrases.not_in_service)


def _check_call(hook: Hook) -> None:
    """Refuse a step of one call asked for by another."""
    if hook.call_id != CallId(hook.sid):
        raise Refused(403, "call of another")


def blueprint(desk: Desk, admission: Admission) -> Blueprint:
    """Make the routes of the call flow."""
    voice, routes = Voice(desk), Routes("voice", desk, admission)
    routes.documents(
        {
            "/voice/inbound": voice.inbound,
            "/voice/flow": voice.flow,
            "/voice/queue/left": voice.flow,
            "/voice/queue/sent-on": voice.sent_on,
            TALK_OVER: voice.flow,
            "/voice/resume": voice.resume,
            "/voice/fallback": voice.fallback,
        }
    )
    routes.facts(
        {
            "/voice/inbound/status": voice.ended,
            "/voice/transfer/status": voice.transferred,
            "/voice/partial": voice.partial,
        }
    )
    return routes.blueprint
