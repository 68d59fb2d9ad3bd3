"""Legs that we ring into rooms, agents' and supervisors': participants, labelled with the leg's id.

The label is what makes creating one safe to repeat: it is refused while a participant of that label
is there (16026), and the participant can be looked up by it. So an outcome that is not known is
asked for by room and label before anything is sent again.

Nobody's leaving ends the conference, and nobody hears a beep. The first participant's request fixes
where the carrier tells who enters and leaves, so every request carries it.

Source: https://www.twilio.com/docs/voice/api/conference-participant-resource (parameters; labels
are unique in a conference), https://www.twilio.com/docs/api/errors/16026.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from acd.commands import (
    EndLeg,
    MoveLeg,
    OfferCall,
    OpenStandingLeg,
    RingOutside,
    SuperviseTalk,
)
from acd.events import AgentLegBound, AgentLegEnded, LegCause
from acd.ids import LegId, Room, Sid
from cordboard.runtime.carrier.effects import Done, Doubtful, Effect, NotNow, Try
from cordboard.runtime.carrier.faults import (
    CARRIER_ERRORS,
    LABEL_IN_USE,
    Meaning,
    code_of,
    describe,
    meaning_of,
)
from cordboard.runtime.carrier.heard import heard_as
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.legs import leg_row
from cordboard.runtime.outbox import Settlement

RING_S_MIN, RING_S_MAX = 5, 600
"""The carrier's own bounds of a ring time."""

STANDING_RING_S = 60
SUPERVISOR_RING_S = 30

TALK_S_MAX, STANDING_S_MAX = 4 * 3_600, 12 * 3_600
"""No leg lasts longer, whatever happens to us: the carrier itself ends it."""

_EVENTS_OF_LEG = ["initiated", "ringing", "answered", "completed"]
_EVENTS_OF_ROOM = ["start", "end", "join", "leave"]


class AgentLegs:
    """Carries out what is about agents' legs."""

    def __init__(self, client: Client, places: Places) -> None:
        self._client = client
        self._places = places

    def offer(self, command: OfferCall, attempt: Try) -> Effect:
        """Ring the agent for a reservation."""
        ring_s = min(RING_S_MAX, max(RING_S_MIN, round(command.ring_ms / 1_000)))
        leg_id = LegId(command.reservation_id)
        endpoint = self._places.endpoint(command.agent_id)
        return self._make(_Ring(leg_id, command.room, endpoint, ring_s), attempt)

    def open_standing(self, command: OpenStandingLeg, attempt: Try) -> Effect:
        """Ring the agent once, to stay."""
        endpoint = self._places.endpoint(command.agent_id)
        ring = _Ring(
            command.leg_id, command.room, endpoint, STANDING_RING_S, talk_s_max=STANDING_S_MAX
        )
        return self._make(ring, attempt)

    def supervise(self, command: SuperviseTalk, attempt: Try) -> Effect:
        """Ring a supervisor into a conversation, to be heard as they asked."""
        ring = _Ring(
            command.leg_id,
            command.room,
            self._places.supervisors.get(command.supervisor_id),
            SUPERVISOR_RING_S,
            heard_as(command.mode, self._places.sid_of(command.coached_leg_id)),
        )
        return self._make(ring, attempt)

    def ring_outside(self, command: RingOutside, attempt: Try) -> Effect:
        """Ring a number of the directory; an address that is not there is told as refused."""
        ring_s = min(RING_S_MAX, max(RING_S_MIN, round(command.ring_ms / 1_000)))
        number = self._places.directory.get(command.number_name)
        return self._make(_Ring(command.leg_id, command.room, number, ring_s), attempt)

    def move(self, command: MoveLeg, attempt: Try) -> Effect:
        """Bring a leg into another room; one that is over is told as gone."""
        if attempt.is_overtaken:
            return Done(Settlement("overtaken"))
        sid = command.sid or Sid(self._places.sid_of(command.leg_id))
        if not sid:
            return Done(Settlement("nothing to move"))
        url = self._places.addresses.leg_room(command.leg_id, command.room)
        try:
            self._client.calls(sid).update(url=url)
        except CARRIER_ERRORS as error:
            return self._not_ended(command.leg_id, sid, error, attempt)
        return Done(Settlement("done"))

    def end(self, command: EndLeg, attempt: Try) -> Effect:
        """Hang up an agent's leg; one that is over already is told as gone."""
        sid = command.sid or Sid(self._places.sid_of(command.leg_id))
        if not sid:
            # The lane made sure that the leg's creation is settled: there is none, or it is over.
            return Done(Settlement("nothing to end"))
        try:
            self._client.calls(sid).update(status="completed")
        except CARRIER_ERRORS as error:
            return self._not_ended(command.leg_id, sid, error, attempt)
        return Done(Settlement("done"))

    def _not_ended(self, leg_id: LegId, sid: Sid, error: Exception, attempt: Try) -> Effect:
        meaning = meaning_of(error)
        if meaning is Meaning.BUSY:
            return NotNow()
        if meaning is Meaning.UNKNOWN and not attempt.is_hopeless:
            return Doubtful(describe(error))
        gone = AgentLegEnded(at_ms=0, leg_id=leg_id, sid=sid, cause=LegCause.GONE)
        return Done(Settlement(f"gone:{code_of(error)}", [(gone, f"{sid}|gone")]))

    # --- making one ----------------------------------------------------------------------------

    def _make(self, ring: "_Ring", attempt: Try) -> Effect:
        leg_id, room = ring.leg_id, ring.room
        if attempt.is_repeat:
            return self._look(leg_id, room, attempt)
        if attempt.is_overtaken:
            return Done(_never_made(leg_id, "withdrawn", LegCause.CANCELED))
        if ring.endpoint is None:
            return Done(_never_made(leg_id, "no endpoint", LegCause.REFUSED))
        try:
            made = self._client.conferences(room).participants.create(
                from_=self._places.caller_id,
                to=ring.endpoint,
                label=leg_id,
                timeout=ring.ring_s,
                time_limit=ring.talk_s_max,
                beep="false",
                early_media=False,
                end_conference_on_exit=False,
                wait_url=self._places.addresses.room_music(),
                status_callback=self._places.addresses.agent_status(leg_id),
                status_callback_event=_EVENTS_OF_LEG,
                conference_status_callback=self._places.addresses.room_events(),
                conference_status_callback_event=_EVENTS_OF_ROOM,
                **ring.wishes,
            )
        except CARRIER_ERRORS as error:
            return self._not_made(leg_id, room, error, attempt)
        return Done(_bound(leg_id, str(made.call_sid)))

    def _not_made(self, leg_id: LegId, room: Room, error: Exception, attempt: Try) -> Effect:
        meaning = meaning_of(error)
        if meaning is Meaning.BUSY:
            return NotNow()
        if meaning is Meaning.UNKNOWN:
            return Doubtful(describe(error))
        if code_of(error) == LABEL_IN_USE:
            return self._look(leg_id, room, attempt)
        return Done(_never_made(leg_id, f"failed:{code_of(error)}", LegCause.REFUSED))

    def _look(self, leg_id: LegId, room: Room, attempt: Try) -> Effect:
        """Look for a leg that may have been made, by journal and by label."""
        sid = self._places.sid_of(leg_id)
        if sid:
            return Done(_bound(leg_id, sid))
        try:
            sid = self._find(leg_id, room)
        except CARRIER_ERRORS as error:
            return Doubtful(describe(error))
        if sid:
            return Done(_bound(leg_id, sid))
        if attempt.is_hopeless:
            return Done(_never_made(leg_id, "dead", LegCause.REFUSED))
        return Doubtful("not found")

    def _find(self, leg_id: LegId, room: Room) -> str:
        for conference in self._client.conferences.list(friendly_name=room, limit=20):
            if conference.status == "completed":
                continue
            try:
                found = self._client.conferences(conference.sid).participants(leg_id).fetch()
            except TwilioRestException as error:
                if meaning_of(error) is Meaning.GONE:
                    continue
                raise
            return str(found.call_sid)
        return ""


@dataclass(frozen=True, slots=True)
class _Ring:
    """Whom to ring into which room."""

    leg_id: LegId
    room: Room
    endpoint: str | None  #: None: the settings name none
    ring_s: int
    wishes: Mapping[str, Any] = field(default_factory=dict)
    talk_s_max: int = TALK_S_MAX


def _bound(leg_id: LegId, sid: str) -> Settlement:
    bound = AgentLegBound(at_ms=0, leg_id=leg_id, sid=Sid(sid))
    return Settlement(
        f"sid:{sid}", [(bound, f"{sid}|bound")], (leg_id, leg_row(sid, is_agent=True))
    )


def _never_made(leg_id: LegId, result: str, cause: LegCause) -> Settlement:
    ended = AgentLegEnded(at_ms=0, leg_id=leg_id, sid=Sid(""), cause=cause)
    return Settlement(result, [(ended, f"{leg_id}|never made")])
