"""Calls we place: the opening, the verdict, the message nobody wants to need, and the way out.

A called person must never hear silence. So the opening begins at once, while detection listens; and
should no order of the centre arrive after it, the document itself goes on to the safe-harbour
message. That message names a key that opts out, which takes effect at once.

Source: https://www.twilio.com/docs/voice/answering-machine-detection (the asynchronous verdict);
16 CFR 310.4(b)(4)(iii) (recorded message when nobody is free within two seconds).
"""

from flask import Blueprint
from twilio.twiml.voice_response import Gather, VoiceResponse

from dialer.ids import CampaignId
from webhooks import facts
from webhooks.admission import Admission
from webhooks.desk import Desk
from webhooks.hook import Hook
from webhooks.ports import OutboundTexts
from webhooks.routes import Routes
from webhooks.twiml import hung_up, last_words, serialized

KEY_S = 4
"""How long after the message the key to opt out is waited for."""


class Outbound:
    """Handlers of dials."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def answered(self, hook: Hook) -> str:
        """Greet whoever picked up."""
        campaign_id = CampaignId(hook.id("campaign_id"))
        self._desk.journal.append(facts.dial_picked_up(hook))
        texts = self._desk.campaigns.texts(campaign_id)
        response = VoiceResponse()
        if texts.opening:
            response.say(texts.opening, language=_say_language(self._desk, texts))
        response.pause(length=texts.order_s_max)
        response.redirect(
            self._desk.addresses.safe_harbour(hook.call_id, campaign_id), method="POST"
        )
        return serialized(response)

    def detected(self, hook: Hook) -> None:
        """Note the verdict of machine detection."""
        self._desk.journal.append([facts.answer_classified(hook)])

    def status(self, hook: Hook) -> None:
        """Note what became of a dial."""
        told = facts.dial_changed(hook)
        if told:
            self._desk.journal.append(told)

    def callback_status(self, hook: Hook) -> None:
        """Note that a customer who was called back is off the line; rooms tell that they joined."""
        cause = facts.terminal_cause(hook)
        if cause is not None:
            self._desk.journal.append([facts.call_ended(hook, cause)])

    def callback_detected(self, hook: Hook) -> None:
        """Note that a machine picked up for somebody who was promised a callback."""
        told = facts.callback_reached_machine(hook)
        if told:
            self._desk.journal.append(told)

    def abandoned(self, hook: Hook) -> str:
        """Play the safe-harbour message."""
        return safe_harbour_document(self._desk, hook)

    def opt_out(self, hook: Hook) -> str:
        """Take the key; any other one, or none, means that the message was heard.

        A key that was pressed during an outage of ours is not known any more. It may have been this
        one, so the message with its offer is played again.
        """
        if hook.tries and not hook.get("Digits"):
            return safe_harbour_document(self._desk, hook)
        if hook.get("Digits") != self._desk.settings.opt_out_key:
            return self.played(hook)
        self._desk.journal.append([facts.opted_out(hook), facts.message_played(hook)])
        texts = self._desk.campaigns.texts(CampaignId(hook.id("campaign_id")))
        phrases = self._desk.phrases(texts.language)
        return last_words(phrases, phrases.opted_out)

    def message(self, hook: Hook) -> str:
        """Leave the campaign's message on a machine."""
        texts = self._desk.campaigns.texts(CampaignId(hook.id("campaign_id")))
        response = VoiceResponse()
        response.say(texts.voicemail, language=_say_language(self._desk, texts))
        response.redirect(self._desk.addresses.played(hook.call_id), method="POST")
        return serialized(response)

    def played(self, hook: Hook) -> str:
        """Note that a message was heard to its end, and end the call."""
        self._desk.journal.append([facts.message_played(hook)])
        return hung_up()


def safe_harbour_document(desk: Desk, hook: Hook) -> str:
    """Write the safe-harbour message of a campaign, with its key to opt out."""
    campaign_id = CampaignId(hook.id("campaign_id"))
    texts = desk.campaigns.texts(campaign_id)
    gather = Gather(
        input="dtmf",
        num_digits=1,
        finish_on_key="",
        timeout=KEY_S,
        action=desk.addresses.opt_out(hook.call_id, campaign_id),
        method="POST",
    )
    gather.say(texts.safe_harbour, language=_say_language(desk, texts))
    response = VoiceResponse()
    response.append(gather)
    response.redirect(desk.addresses.played(hook.call_id), method="POST")
    return serialized(response)


def _say_language(desk: Desk, texts: OutboundTexts) -> str:
    """Return the tag the voice is asked with: the campaign's own if it names a region."""
    return texts.language if "-" in texts.language else desk.phrases(texts.language).say_language


def blueprint(desk: Desk, admission: Admission) -> Blueprint:
    """Make the routes of dials.

    Without a journal no agent will ever be ordered for somebody who has just picked up: they hear
    the safe-harbour message at once.
    """
    outbound, routes = Outbound(desk), Routes("outbound", desk, admission)
    routes.documents({"/voice/outbound/answered": outbound.answered}, if_down=safe_harbour_document)
    routes.documents(
        {
            "/voice/outbound/abandoned": outbound.abandoned,
            "/voice/outbound/opt-out": outbound.opt_out,
            "/voice/outbound/message": outbound.message,
            "/voice/outbound/played": outbound.played,
        }
    )
    routes.facts(
        {
            "/voice/outbound/detected": outbound.detected,
            "/voice/outbound/status": outbound.status,
            "/voice/callback/status": outbound.callback_status,
            "/voice/callback/detected": outbound.callback_detected,
        }
    )
    return routes.blueprint
