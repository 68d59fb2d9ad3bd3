"""Customer and agent brought together: rooms, the agent's leg, the key that takes a call.

Everybody meets in a conference, so that hold, consult, transfer and listening in are one operation.
Nobody's leaving ends a room: the centre ends each leg by name. Who comes and goes is told by the
room's events, whose address the first participant sets for all; so every document has it.

An agent's plain phone may have a voicemail that answers for them. Where that is a danger, the leg
is opened with the whisper document: a voice offers the call, twice, and only a key takes it.

| what is pressed | an offer | a standing leg |
| --- | --- | --- |
| 1 | taken: into the room | into the agent's room: customers may come |
| another key | declined | ended |
| nothing, as a voicemail does | missed, like a phone nobody picked up | ended as not answered |

Source: https://www.twilio.com/docs/voice/twiml/conference, .../voice/twiml/number (whisper).
"""

from flask import Blueprint
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from acd.ids import LegId, ReservationId, Room
from webhooks import facts
from webhooks.admission import Admission
from webhooks.desk import Desk
from webhooks.hook import Hook
from webhooks.ports import Fact
from webhooks.routes import Routes
from webhooks.twiml import hold, hung_up, say, serialized

ACCEPT_KEY = "1"

KEY_S = 4
"""How long the key is waited for after the second asking."""

ASKING_PAUSE_S = 2
"""Between the two askings: a mobile phone has to be taken from the ear first."""
ROOM_EVENTS = "start end join leave"

LEG_S_MAX = 12 * 3_600
"""Of a leg that we rang: a shift. The limit it was given when it was rung comes first."""

_WAS_INSIDE = frozenset({"answered", "completed"})
"""What the carrier says of a conference leg that was in its room."""


class Bridging:
    """Handlers of rooms and agents' legs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def room(self, hook: Hook) -> str:
        """Put the customer into the room of a reservation."""
        reservation_id = ReservationId(hook.id("reservation_id"))
        left = self._desk.addresses.room_left(hook.call_id, reservation_id)
        return self._into_room(hook.id("room"), facts.room_label(hook.call_id), left=left)

    def park(self, hook: Hook) -> str:
        """Let the customer wait, with music, in the room of the call."""
        return self._into_room(hook.id("room"), facts.room_label(hook.call_id))

    def leg_room(self, hook: Hook) -> str:
        """Put an agent's, a supervisor's or an outside party's leg into a room."""
        return self._leg_into_room(hook.id("room"), hook.leg_id)

    def room_left(self, hook: Hook) -> str:
        """End a call whose room is over; keep a caller who never got in, and say so.

        A caller from the flow goes back into the line as they first got there; the next beat of
        their waiting tells the centre. A called person holds on for the centre's order, and its
        deadline brings one soon.
        """
        if hook.get("DialCallStatus") in _WAS_INSIDE:
            return hung_up()
        reservation_id = ReservationId(hook.id("reservation_id"))
        self._desk.journal.append([facts.connect_failed(hook, reservation_id)])
        response = VoiceResponse()
        if self._desk.sessions.load(hook.call_id) is not None:
            response.redirect(self._desk.addresses.resume(hook.call_id), method="POST")
        else:
            hold(response, self._desk.settings.hold_music)
        return serialized(response)

    def music(self, _hook: Hook) -> str:
        """Play for somebody alone in a room; such a document is not repeated by the carrier."""
        response = VoiceResponse()
        hold(response, self._desk.settings.hold_music)
        response.redirect(self._desk.addresses.room_music(), method="POST")
        return serialized(response)

    def room_event(self, hook: Hook) -> None:
        """Note who entered or left a room."""
        self._append(facts.room_changed(hook))

    def agent_status(self, hook: Hook) -> None:
        """Note what became of an agent's leg."""
        self._append(facts.agent_leg_changed(hook))

    def whisper(self, hook: Hook) -> str:
        """Offer the call to whoever picked up."""
        reservation_id, room = ReservationId(hook.id("reservation_id")), Room(hook.id("room"))
        accept = self._desk.addresses.agent_accept(reservation_id, room)
        return self._ask(self._desk.phrases().offer, accept)

    def accept(self, hook: Hook) -> str:
        """Take the key: into the room with it, or the end of the leg."""
        reservation_id, key = ReservationId(hook.id("reservation_id")), hook.get("Digits")
        if key == ACCEPT_KEY:
            self._desk.journal.append([facts.offer_accepted(reservation_id)])
            return self._leg_into_room(hook.id("room"), reservation_id)
        missed = facts.nobody_took(LegId(reservation_id), hook.sid)
        self._desk.journal.append([facts.offer_rejected(reservation_id) if key else missed])
        return hung_up()

    def standing_whisper(self, hook: Hook) -> str:
        """Ask whoever picked up to be there for the shift."""
        accept = self._desk.addresses.standing_accept(hook.leg_id, Room(hook.id("room")))
        return self._ask(self._desk.phrases().standing, accept)

    def standing_accept(self, hook: Hook) -> str:
        """Take the key: into the agent's room with it, or the end of the leg."""
        if hook.get("Digits") == ACCEPT_KEY:
            return self._leg_into_room(hook.id("room"), hook.leg_id)
        self._desk.journal.append([facts.nobody_took(hook.leg_id, hook.sid)])
        return hung_up()

    def _ask(self, sentence: str, accept: str) -> str:
        """Say twice what the key is for; go on without one when nothing is pressed."""
        phrases = self._desk.phrases()
        gather = Gather(
            input="dtmf",
            num_digits=1,
            finish_on_key="",
            timeout=KEY_S,
            action=accept,
            method="POST",
            action_on_empty_result=True,
        )
        say(gather, phrases, sentence.format(key=ACCEPT_KEY))
        gather.pause(length=ASKING_PAUSE_S)
        say(gather, phrases, sentence.format(key=ACCEPT_KEY))
        response = VoiceResponse()
        response.append(gather)
        response.redirect(accept, method="POST")
        return serialized(response)

    def _append(self, told: list[Fact]) -> None:
        if told:
            self._desk.journal.append(told)

    def _leg_into_room(self, room: str, leg_id: str) -> str:
        return self._into_room(room, leg_id, talk_s_max=LEG_S_MAX)

    def _into_room(
        self, room: str, label: str | None, *, left: str | None = None, talk_s_max: int = 0
    ) -> str:
        limit_s = talk_s_max or self._desk.settings.talk_s_max
        dial = Dial(action=left, method="POST" if left else None, time_limit=limit_s)
        dial.conference(
            room,
            participant_label=label,
            start_conference_on_enter=True,
            end_conference_on_exit=False,
            beep=False,
            wait_url=self._desk.addresses.room_music(),
            wait_method="POST",
            status_callback=self._desk.addresses.room_events(),
            status_callback_event=ROOM_EVENTS,
            status_callback_method="POST",
        )
        response = VoiceResponse()
        response.append(dial)
        return serialized(response)


def blueprint(desk: Desk, admission: Admission) -> Blueprint:
    """Make the routes of rooms and agents' legs."""
    bridging, routes = Bridging(desk), Routes("bridging", desk, admission)
    routes.documents(
        {
            "/voice/room": bridging.room,
            "/voice/park": bridging.park,
            "/voice/leg/room": bridging.leg_room,
            "/voice/room/left": bridging.room_left,
            "/voice/room/music": bridging.music,
            "/voice/agent/whisper": bridging.whisper,
            "/voice/agent/accept": bridging.accept,
            "/voice/agent/standing": bridging.standing_whisper,
            "/voice/agent/standing/accept": bridging.standing_accept,
        }
    )
    routes.facts(
        {
            "/voice/room/events": bridging.room_event,
            "/voice/agent/status": bridging.agent_status,
        }
    )
    return routes.blueprint
