"""Customers' calls that live: moving them to a room, parking them, sending them on, ending them.

All of these give a call a state and may be repeated freely, with one exception: a caller in the
carrier's queue is taken out of it by name, once. So after a doubtful try a caller who is not in the
queue any more is looked for in the room before anybody concludes that they are gone.

A move that a later command of the same call has overtaken is dropped: a caller who was sent to
voicemail since must not be pulled into a room.

Source: https://www.twilio.com/docs/voice/api/member-resource (dequeue by member),
https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource (redirect, end).
"""

from collections.abc import Callable

from twilio.rest import Client

from acd.commands import ConnectCall, Destination, EndCall, ParkCall, SendCall
from acd.events import CallEnded, ConnectFailed, ConnectFailure, LegCause
from acd.ids import CallId, Room, Sid
from cordboard.runtime.carrier.effects import Done, Doubtful, Effect, NotNow, Try
from cordboard.runtime.carrier.faults import (
    CARRIER_ERRORS,
    Meaning,
    code_of,
    describe,
    explain,
    meaning_of,
)
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.outbox import Settlement
from dialer.commands import LeaveMessage, PlaySafeHarbour
from webhooks.ports import TAKEN

_LIVE = ("queued", "ringing", "in-progress")


class CustomerCalls:
    """Carries out what is about customers' calls."""

    def __init__(
        self,
        client: Client,
        places: Places,
        after_talk: Callable[[CallId], str] = lambda _call_id: "",
    ) -> None:
        self._client = client
        self._places = places
        self._after_talk = after_talk

    def connect(self, command: ConnectCall, attempt: Try) -> Effect:
        """Move the customer into the room of a reservation; tell if that cannot be."""
        if attempt.is_overtaken:
            return Done(Settlement("overtaken"))
        sid = command.sid or Sid(self._places.sid_of(command.call_id))
        url = self._places.addresses.room(command.call_id, command.room, command.reservation_id)
        try:
            self._move(sid, command.queue_sid, url)
        except CARRIER_ERRORS as error:
            return self._not_connected(command, sid, error, attempt)
        return Done(Settlement("done"))

    def park(self, command: ParkCall, attempt: Try) -> Effect:
        """Move the customer out of a room to wait with music."""
        url = self._places.addresses.park(command.call_id, command.room)
        return self._redirect(command.call_id, command.sid, url, attempt)

    def send(self, command: SendCall, attempt: Try) -> Effect:
        """Send a waiting caller to voicemail, to goodbye or on in the call flow."""
        addresses = self._places.addresses
        address = {
            Destination.VOICEMAIL: addresses.voicemail,
            Destination.GOODBYE: addresses.goodbye,
            Destination.FLOW: addresses.sent_on,
        }[command.destination]
        return self._redirect(command.call_id, command.sid, address(command.call_id), attempt)

    def play_safe_harbour(self, command: PlaySafeHarbour, attempt: Try) -> Effect:
        """Let a person for whom no agent is free hear the recorded message."""
        url = self._places.addresses.safe_harbour(command.call_id, command.campaign_id)
        return self._redirect(command.call_id, command.sid, url, attempt)

    def leave_message(self, command: LeaveMessage, attempt: Try) -> Effect:
        """Let a machine hear the campaign's message."""
        url = self._places.addresses.leave_message(command.call_id, command.campaign_id)
        return self._redirect(command.call_id, command.sid, url, attempt)

    def end(self, command: EndCall, attempt: Try) -> Effect:
        """Hang up the customer's leg, unless their call flow goes on after the talk.

        Then they are sent back to the flow, once; it ends the call. A repeat after a doubtful try
        that finds them there has nothing left to do.
        """
        way_on = self._after_talk(command.call_id)
        if way_on == TAKEN and attempt.is_repeat:
            return Done(Settlement("goes on in the flow"))
        if way_on and way_on != TAKEN:
            return self._redirect(command.call_id, command.sid, way_on, attempt)
        sid = command.sid or Sid(self._places.sid_of(command.call_id))
        if not sid:
            # The lane made sure that the dial's creation is settled: there is none, or it is over.
            return Done(Settlement("nothing to end"))
        try:
            self._client.calls(sid).update(status="completed")
        except CARRIER_ERRORS as error:
            return _not_acted_on(command.call_id, sid, error, attempt)
        return Done(Settlement("done"))

    # --- how -----------------------------------------------------------------------------------

    def _redirect(self, call_id: CallId, sid: Sid, url: str, attempt: Try) -> Effect:
        """Give a call another document, wherever it is."""
        if attempt.is_overtaken:
            return Done(Settlement("overtaken"))
        known = sid or Sid(self._places.sid_of(call_id))
        if not known:
            return Done(Settlement("nothing to move"))
        try:
            self._move(known, Sid(""), url)
        except CARRIER_ERRORS as error:
            return _not_acted_on(call_id, known, error, attempt)
        return Done(Settlement("done"))

    def _move(self, sid: Sid, queue_sid: Sid, url: str) -> None:
        if queue_sid:
            self._client.queues(queue_sid).members(sid).update(url=url)
        else:
            self._client.calls(sid).update(url=url)

    def _not_connected(
        self, command: ConnectCall, sid: Sid, error: Exception, attempt: Try
    ) -> Effect:
        meaning = meaning_of(error)
        if meaning is Meaning.BUSY:
            return NotNow(explain(error))
        if meaning is Meaning.UNKNOWN and not attempt.is_hopeless:
            return Doubtful(describe(error))
        cause = ConnectFailure.REFUSED
        if meaning is Meaning.GONE:
            try:
                if attempt.is_repeat and self._is_in_room(sid, command.room):
                    return Done(Settlement("done"))
                cause = self._why_not_there(sid, command.queue_sid)
            except CARRIER_ERRORS as second:
                if not attempt.is_hopeless:
                    return Doubtful(describe(second))
        failed = ConnectFailed(
            at_ms=0, call_id=command.call_id, reservation_id=command.reservation_id, cause=cause
        )
        key = f"{attempt.key}|connect failed"
        return Done(Settlement(f"{cause}:{code_of(error)}", [(failed, key)]))

    def _why_not_there(self, sid: Sid, queue_sid: Sid) -> ConnectFailure:
        """Tell a caller who is not in the carrier's queue yet from one who hung up."""
        if not queue_sid:
            return ConnectFailure.GONE
        try:
            status = self._client.calls(sid).fetch().status
        except CARRIER_ERRORS as error:
            if meaning_of(error) is Meaning.GONE:
                return ConnectFailure.GONE
            raise
        return ConnectFailure.NOT_YET if status in _LIVE else ConnectFailure.GONE

    def _is_in_room(self, sid: Sid, room: Room) -> bool:
        for conference in self._client.conferences.list(friendly_name=room, limit=20):
            if conference.status == "completed":
                continue
            parties = self._client.conferences(conference.sid).participants.list(limit=250)
            if any(party.call_sid == sid for party in parties):
                return True
        return False


def _not_acted_on(call_id: CallId, sid: Sid, error: Exception, attempt: Try) -> Effect:
    """Sort a failed redirect or end; a call that is over is told as ended."""
    meaning = meaning_of(error)
    if meaning is Meaning.BUSY:
        return NotNow(explain(error))
    if meaning is Meaning.UNKNOWN and not attempt.is_hopeless:
        return Doubtful(describe(error))
    if meaning is not Meaning.GONE:
        return Done(Settlement(f"failed:{code_of(error)}"))
    ended = CallEnded(at_ms=0, call_id=call_id, cause=LegCause.GONE)
    return Done(Settlement(f"gone:{code_of(error)}", [(ended, f"{sid}|gone")]))
