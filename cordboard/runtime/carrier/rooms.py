"""What is changed about somebody who is in a room: hold, and how a supervisor is heard.

These give a participant a state and may be repeated freely. A participant who is not there any more
has left or hung up; their own events tell that, so nothing is told here.

A room is known by its name, a participant is changed under the conference's sid: of all conferences
of that name at most one lives.

Source: https://www.twilio.com/docs/voice/api/conference-participant-resource#update-a-participant
(Hold, HoldUrl, Muted, Coaching).
"""

from twilio.rest import Client

from acd.commands import ChangeSupervision, HoldCall
from acd.ids import Room
from cordboard.runtime.carrier.effects import Done, Doubtful, Effect, NotNow, Try
from cordboard.runtime.carrier.faults import (
    CARRIER_ERRORS,
    Meaning,
    code_of,
    describe,
    explain,
    meaning_of,
)
from cordboard.runtime.carrier.heard import heard_as
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.outbox import Settlement


class Rooms:
    """Carries out what changes somebody in a room."""

    def __init__(self, client: Client, places: Places) -> None:
        self._client = client
        self._places = places

    def hold(self, command: HoldCall, attempt: Try) -> Effect:
        """Let the customer hear music, or the room again."""
        music = {"hold_url": self._places.addresses.room_music(), "hold_method": "POST"}
        sid = command.sid or self._places.sid_of(command.call_id)
        wishes = music if command.is_on_hold else {}
        return self._change(command.room, sid, attempt, hold=command.is_on_hold, **wishes)

    def change_supervision(self, command: ChangeSupervision, attempt: Try) -> Effect:
        """Let a supervisor be heard in another way."""
        sid = command.sid or self._places.sid_of(command.leg_id)
        wishes = heard_as(command.mode, self._places.sid_of(command.coached_leg_id))
        return self._change(command.room, sid, attempt, **wishes)

    def _change(self, room: Room, sid: str, attempt: Try, **wishes: bool | str) -> Effect:
        if attempt.is_overtaken:
            return Done(Settlement("overtaken"))
        if not sid:
            return Done(Settlement("nobody to change"))
        try:
            for conference in self._client.conferences.list(friendly_name=room, limit=20):
                if conference.status != "completed":
                    participants = self._client.conferences(conference.sid).participants
                    participants(sid).update(**wishes)
                    return Done(Settlement("done"))
        except CARRIER_ERRORS as error:
            return _not_changed(error, attempt)
        return Done(Settlement("no such room"))


def _not_changed(error: Exception, attempt: Try) -> Effect:
    meaning = meaning_of(error)
    if meaning is Meaning.BUSY:
        return NotNow(explain(error))
    if meaning is Meaning.UNKNOWN and not attempt.is_hopeless:
        return Doubtful(describe(error))
    word = "gone" if meaning is Meaning.GONE else "failed"
    return Done(Settlement(f"{word}:{code_of(error)}"))
