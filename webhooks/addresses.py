"""Every address the carrier is given: one method each, absolute, built from our own base only.

An address carries ids, never a name, a number or anything a caller said. Ids in it say what a
request is about; they authorise nothing, the carrier's signature does. Where an answer moves a
caller on, a step token rides along (see `webhooks.tokens`).

The fragment is for the carrier's HTTP client and is never sent: it says how often a request is
repeated. A document that could not be fetched leaves the caller in silence, so one repeat on any
fault; a fact that could not be delivered is lost for ever, so as many as the carrier allows.
Repeats are harmless: every fact has a natural key, every step a token.

Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides (keys and ranges).
"""

import re
from urllib.parse import quote_plus, urlsplit

from acd.ids import CallId, LegId, ReservationId, Room
from dialer.ids import CampaignId

DOCUMENT_RETRIES = "rc=1&rp=all"
FACT_RETRIES = "rc=5&rp=all"
TALK_OVER = "/voice/talk/over"
"""The path of `Addresses.talk_over`: what comes back from it means that the caller was served."""
_is_plain = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch


class BaseUrlError(ValueError):
    """The configured public address cannot be used: whoever wrote the settings must change it."""


def checked_base_url(text: str) -> str:
    """Return the public base address without a trailing slash.

    Raises:
        BaseUrlError: Not an absolute http(s) address, or one with parts that signatures or the
            carrier cannot stand: credentials, a query, a fragment, an underscore in the host.
    """
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BaseUrlError(f"the public address is '{text}'; give one like https://cc.example.com")
    if parts.username is not None or parts.query or parts.fragment or "_" in parts.hostname:
        raise BaseUrlError(
            f"the public address is '{text}'; it must have no credentials, query, fragment or"
            " underscore in its host name, as in https://cc.example.com:8443/phone"
        )
    return text.rstrip("/")


class Addresses:
    """Addresses under one public base."""

    def __init__(self, base_url: str) -> None:
        self.base_url = checked_base_url(base_url)

    def _document(self, path: str, **ids: str) -> str:
        return f"{self.base_url}{path}{_query(ids)}#{DOCUMENT_RETRIES}"

    def _fact(self, path: str, **ids: str) -> str:
        return f"{self.base_url}{path}{_query(ids)}#{FACT_RETRIES}"

    # --- the call flow -----------------------------------------------------------------------

    def inbound(self) -> str:
        """Give the voice address of our numbers: a call comes in."""
        return self._document("/voice/inbound")

    def inbound_status(self) -> str:
        """Give the status address of our numbers: an inbound call is over."""
        return self._fact("/voice/inbound/status")

    def fallback(self, call_id: str = "", campaign_id: str = "") -> str:
        """Give the fallback address: a document of ours could not be fetched or run.

        For our numbers, without ids: the request names the call. For a dial, with both.
        """
        return self._document("/voice/fallback", call_id=call_id, campaign_id=campaign_id)

    def flow(self, call_id: CallId, token: str) -> str:
        """Give the address that takes the answer to the step of this token."""
        return self._document("/voice/flow", call_id=call_id, token=token)

    def resume(self, call_id: CallId) -> str:
        """Give the address that repeats whatever the caller was asked last."""
        return self._document("/voice/resume", call_id=call_id)

    def transfer_status(self, call_id: CallId) -> str:
        """Give the status address of the outside leg of a transfer."""
        return self._fact("/voice/transfer/status", call_id=call_id)

    def partial(self, call_id: CallId) -> str:
        """Give the address for what the recogniser hears while the caller still speaks."""
        return f"{self.base_url}/voice/partial{_query({'call_id': call_id})}"

    # --- waiting -----------------------------------------------------------------------------

    def wait(self, call_id: CallId, language: str = "") -> str:
        """Give the address of the waiting document, asked for again and again while one waits."""
        return self._document("/voice/wait", call_id=call_id, language=language)

    def wait_key(self, call_id: CallId) -> str:
        """Give the address that takes a key pressed while waiting."""
        return self._document("/voice/wait/key", call_id=call_id)

    def left_queue(self, call_id: CallId, token: str) -> str:
        """Give the address asked for when the caller is out of the queue and nobody took them."""
        return self._document("/voice/queue/left", call_id=call_id, token=token)

    def sent_on(self, call_id: CallId) -> str:
        """Give the address at which a caller goes on in the flow whom the centre took out."""
        return self._document("/voice/queue/sent-on", call_id=call_id)

    def talk_over(self, call_id: CallId, token: str) -> str:
        """Give the address at which a flow goes on when the agent has hung up."""
        return self._document(TALK_OVER, call_id=call_id, token=token)

    def voicemail(self, call_id: CallId) -> str:
        """Give the address of the document that takes a message nobody could take in person."""
        return self._document("/voice/voicemail", call_id=call_id)

    def voicemail_done(self, call_id: CallId) -> str:
        """Give the address asked for after that message."""
        return self._document("/voice/voicemail/done", call_id=call_id)

    def goodbye(self, call_id: CallId) -> str:
        """Give the address of an apology and the end of the call."""
        return self._document("/voice/goodbye", call_id=call_id)

    # --- rooms and agents --------------------------------------------------------------------

    def room(self, call_id: CallId, room: Room, reservation_id: ReservationId) -> str:
        """Give the address of the document that puts the customer into a room."""
        return self._document(
            "/voice/room", call_id=call_id, room=room, reservation_id=reservation_id
        )

    def park(self, call_id: CallId, room: Room) -> str:
        """Give the address of the document in which a parked customer waits, with music."""
        return self._document("/voice/park", call_id=call_id, room=room)

    def leg_room(self, leg_id: LegId, room: Room) -> str:
        """Give the address of the document that brings a leg of ours into another room."""
        return self._document("/voice/leg/room", leg_id=leg_id, room=room)

    def room_left(self, call_id: CallId, reservation_id: ReservationId) -> str:
        """Give the address asked for when the customer is out of a room and not sent elsewhere."""
        return self._document("/voice/room/left", call_id=call_id, reservation_id=reservation_id)

    def room_music(self) -> str:
        """Give the address of what somebody alone in a room hears."""
        return self._document("/voice/room/music")

    def room_events(self) -> str:
        """Give the address told who enters and leaves rooms."""
        return self._fact("/voice/room/events")

    def agent_status(self, leg_id: LegId) -> str:
        """Give the status address of an agent's leg."""
        return self._fact("/voice/agent/status", leg_id=leg_id)

    def agent_whisper(self, reservation_id: ReservationId, room: Room) -> str:
        """Give the address of "a call for you, press 1", which no voicemail can press."""
        return self._document("/voice/agent/whisper", reservation_id=reservation_id, room=room)

    def agent_accept(self, reservation_id: ReservationId, room: Room) -> str:
        """Give the address that takes the key."""
        return self._document("/voice/agent/accept", reservation_id=reservation_id, room=room)

    def standing_whisper(self, leg_id: LegId, room: Room) -> str:
        """Give the address of "your line for the shift, press 1"."""
        return self._document("/voice/agent/standing", leg_id=leg_id, room=room)

    def standing_accept(self, leg_id: LegId, room: Room) -> str:
        """Give the address that takes that key."""
        return self._document("/voice/agent/standing/accept", leg_id=leg_id, room=room)

    # --- dials -------------------------------------------------------------------------------

    def dial_answered(self, call_id: CallId, campaign_id: CampaignId) -> str:
        """Give the address of the opening: a dial was picked up."""
        return self._document("/voice/outbound/answered", call_id=call_id, campaign_id=campaign_id)

    def dial_detected(self, call_id: CallId) -> str:
        """Give the address of machine detection's verdict."""
        return self._fact("/voice/outbound/detected", call_id=call_id)

    def dial_status(self, call_id: CallId) -> str:
        """Give the status address of a dial."""
        return self._fact("/voice/outbound/status", call_id=call_id)

    def callback_status(self, call_id: CallId) -> str:
        """Give the status address of a customer's leg in a promised callback."""
        return self._fact("/voice/callback/status", call_id=call_id)

    def callback_detected(self, call_id: CallId) -> str:
        """Give the address of machine detection's verdict about a promised callback."""
        return self._fact("/voice/callback/detected", call_id=call_id)

    def safe_harbour(self, call_id: CallId, campaign_id: CampaignId) -> str:
        """Give the address of the message for a person for whom no agent is free."""
        return self._document("/voice/outbound/abandoned", call_id=call_id, campaign_id=campaign_id)

    def opt_out(self, call_id: CallId, campaign_id: CampaignId) -> str:
        """Give the address that takes the key "do not call me again"."""
        return self._document("/voice/outbound/opt-out", call_id=call_id, campaign_id=campaign_id)

    def leave_message(self, call_id: CallId, campaign_id: CampaignId) -> str:
        """Give the address of the message left on a machine."""
        return self._document("/voice/outbound/message", call_id=call_id, campaign_id=campaign_id)

    def played(self, call_id: CallId) -> str:
        """Give the address asked for when a recorded message was heard to its end."""
        return self._document("/voice/outbound/played", call_id=call_id)

    # --- recordings and messages -------------------------------------------------------------

    def recording_status(self, call_id: CallId) -> str:
        """Give the address told what becomes of the recording of a conversation."""
        return self._fact("/voice/recording/status", call_id=call_id)

    def message_received(self) -> str:
        """Give the messaging address of our numbers."""
        return self._fact("/messages/inbound")

    def message_status(self, call_id: CallId, name: str) -> str:
        """Give the status address of a message that we send in a conversation."""
        return self._fact("/messages/status", call_id=call_id, name=name)

    def voicemail_recorded(self, call_id: CallId) -> str:
        """Give the address told that a caller's message is stored."""
        return self._fact("/voice/voicemail/recorded", call_id=call_id)


def _query(ids: dict[str, str]) -> str:
    """Write ids as a query; ours have nothing to escape, and looking is quicker than escaping."""
    present = [
        f"{name}={value if _is_plain(value) else quote_plus(value)}"
        for name, value in ids.items()
        if value
    ]
    return f"?{'&'.join(present)}" if present else ""
