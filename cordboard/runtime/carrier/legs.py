"""Legs that we ring into rooms, agents' and supervisors': made, moved and ended, each once.

Most are participants, labelled with the leg's id. The label is what makes creating one safe to
repeat: it is refused while a participant of that label is there (16026), and the participant can be
looked up by it. So an outcome that is not known is asked for before anything is sent again. A
telephone that a voicemail may answer is rung by a call that asks for a key (see `rings`).

Nobody's leaving ends the conference, and nobody hears a beep. The first participant's request fixes
where the carrier tells who enters and leaves, so every request carries it.

Legs count towards the account's calls per second as dials do, and go before them (see `limits`): an
offer's leg and one that a customer on hold waits for first, then those of agents and supervisors.

Source: https://www.twilio.com/docs/voice/api/conference-participant-resource (parameters; labels
are unique in a conference), https://www.twilio.com/docs/api/errors/16026.
"""

from collections.abc import Callable

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
from acd.ids import LegId, Sid
from cordboard.runtime.carrier.effects import Done, Doubtful, Effect, NotNow, Try
from cordboard.runtime.carrier.faults import (
    CARRIER_ERRORS,
    LABEL_IN_USE,
    Meaning,
    code_of,
    describe,
    explain,
    meaning_of,
)
from cordboard.runtime.carrier.heard import heard_as
from cordboard.runtime.carrier.limits import Limit, Waiting
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.carrier.rings import STANDING_S_MAX, Ring, find, make
from cordboard.runtime.legs import leg_row
from cordboard.runtime.outbox import Settlement

RING_S_MIN, RING_S_MAX = 5, 600
"""The carrier's own bounds of a ring time."""

STANDING_RING_S = 60
SUPERVISOR_RING_S = 30


class AgentLegs:
    """Carries out what is about agents' legs."""

    def __init__(
        self,
        client: Client,
        places: Places,
        *,
        limit: Limit,
        carrier_ms: Callable[[], int],
        scale: int = 1,
    ) -> None:
        """Take what legs are made with.

        Args:
            client: The carrier's.
            places: Where things are.
            limit: Of the calls a second that the account may start.
            carrier_ms: The carrier's clock, about.
            scale: Of that clock.
        """
        self._client = client
        self._places = places
        self._limit = limit
        self._carrier_ms = carrier_ms
        self._scale = scale

    def offer(self, command: OfferCall, attempt: Try) -> Effect:
        """Ring the agent for a reservation."""
        ring_s = min(RING_S_MAX, max(RING_S_MIN, round(command.ring_ms / 1_000)))
        leg_id, asks_at = LegId(command.reservation_id), ""
        endpoint = self._places.endpoint(command.agent_id)
        if command.agent_id in self._places.confirming:
            asks_at = self._places.addresses.agent_whisper(command.reservation_id, command.room)
        ring = Ring(leg_id, command.room, endpoint, ring_s, asks_at=asks_at)
        return self._make(ring, Waiting.CALLER, attempt)

    def open_standing(self, command: OpenStandingLeg, attempt: Try) -> Effect:
        """Ring the agent once, to stay."""
        asks_at = ""
        if command.agent_id in self._places.confirming:
            asks_at = self._places.addresses.standing_whisper(command.leg_id, command.room)
        ring = Ring(
            command.leg_id,
            command.room,
            self._places.endpoint(command.agent_id),
            STANDING_RING_S,
            talk_s_max=STANDING_S_MAX,
            asks_at=asks_at,
        )
        return self._make(ring, Waiting.STAFF, attempt)

    def supervise(self, command: SuperviseTalk, attempt: Try) -> Effect:
        """Ring a supervisor into a conversation, to be heard as they asked.

        A telephone that a voicemail may answer asks for a key, whatever an agent's would do: what
        customers say must not be kept by anybody's voicemail.
        """
        endpoint, asks_at = self._places.supervisors.get(command.supervisor_id), ""
        coached_sid = self._places.sid_of(command.coached_leg_id)
        if endpoint and endpoint.startswith("+"):
            asks_at = self._places.addresses.supervisor_whisper(
                command.leg_id, command.room, command.mode, coached_sid
            )
        ring = Ring(
            command.leg_id,
            command.room,
            endpoint,
            SUPERVISOR_RING_S,
            heard_as(command.mode, coached_sid),
            asks_at=asks_at,
        )
        return self._make(ring, Waiting.STAFF, attempt)

    def ring_outside(self, command: RingOutside, attempt: Try) -> Effect:
        """Ring a number of the directory; an address that is not there is told as refused."""
        ring_s = min(RING_S_MAX, max(RING_S_MIN, round(command.ring_ms / 1_000)))
        number = self._places.directory.get(command.number_name)
        ring = Ring(command.leg_id, command.room, number, ring_s)
        return self._make(ring, Waiting.CALLER, attempt)

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
            return NotNow(explain(error))
        if meaning is Meaning.UNKNOWN and not attempt.is_hopeless:
            return Doubtful(describe(error))
        gone = AgentLegEnded(at_ms=0, leg_id=leg_id, sid=sid, cause=LegCause.GONE)
        return Done(Settlement(f"gone:{code_of(error)}", [(gone, f"{sid}|gone")]))

    # --- making one ----------------------------------------------------------------------------

    def _make(self, ring: Ring, waiting: Waiting, attempt: Try) -> Effect:
        leg_id = ring.leg_id
        if attempt.is_repeat:
            return self._look(ring, attempt)
        if attempt.is_overtaken:
            self._limit.leave(attempt.key)
            return Done(_never_made(leg_id, "withdrawn", LegCause.CANCELED))
        if ring.endpoint is None:
            return Done(_never_made(leg_id, "no endpoint", LegCause.REFUSED))
        if wait_ms := self._limit.wait_ms(attempt.key, waiting):
            return NotNow(after_ms=wait_ms)
        try:
            sid = make(self._client, self._places, ring)
        except CARRIER_ERRORS as error:
            return self._not_made(ring, error, attempt)
        return Done(_bound(leg_id, sid))

    def _not_made(self, ring: Ring, error: Exception, attempt: Try) -> Effect:
        meaning = meaning_of(error)
        if meaning is Meaning.BUSY:
            return NotNow(explain(error))
        if meaning is Meaning.UNKNOWN:
            return Doubtful(describe(error))
        if code_of(error) == LABEL_IN_USE:
            return self._look(ring, attempt)
        result = f"failed:{code_of(error)}"
        return Done(_never_made(ring.leg_id, result, LegCause.REFUSED))

    def _look(self, ring: Ring, attempt: Try) -> Effect:
        """Look for a leg that may have been made, by journal and at the carrier."""
        since_ms = self._carrier_ms() - attempt.doubtful_ms * self._scale
        sid = self._places.sid_of(ring.leg_id)
        if sid:
            return Done(_bound(ring.leg_id, sid))
        try:
            sid = find(self._client, self._places, ring, since_ms=since_ms)
        except CARRIER_ERRORS as error:
            return Doubtful(describe(error))
        if sid:
            return Done(_bound(ring.leg_id, sid))
        if attempt.is_hopeless:
            return Done(_never_made(ring.leg_id, "dead", LegCause.REFUSED))
        return Doubtful("not found")


def _bound(leg_id: LegId, sid: str) -> Settlement:
    bound = AgentLegBound(at_ms=0, leg_id=leg_id, sid=Sid(sid))
    return Settlement(
        f"sid:{sid}", [(bound, f"{sid}|bound")], (leg_id, leg_row(sid, is_agent=True))
    )


def _never_made(leg_id: LegId, result: str, cause: LegCause) -> Settlement:
    ended = AgentLegEnded(at_ms=0, leg_id=leg_id, sid=Sid(""), cause=cause)
    return Settlement(result, [(ended, f"{leg_id}|never made")])
