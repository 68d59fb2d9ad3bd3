"""Two ways to ring a telephone into a room, and how each is found again.

| way | for whom | found again by |
| --- | --- | --- |
| a participant of the room | everybody, but for those below | its label |
| a call that asks for a key | telephones that a voicemail may answer | number and time |

A participant is in the room the moment anything answers: for an agent's mobile telephone that may
be a voicemail, which would then have the caller. So such a telephone is rung by a call of its own,
whose document asks for a key; only the key leads into the room, under the same label.

A call has no label before that. It is looked for by number, caller id and time, as dials are (see
`placed`).

Source: https://www.twilio.com/docs/voice/api/conference-participant-resource (labels),
https://www.twilio.com/docs/voice/api/call-resource (no key against doubling).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from acd.ids import LegId, Room
from cordboard.runtime.carrier.faults import Meaning, meaning_of
from cordboard.runtime.carrier.placed import find_placed
from cordboard.runtime.carrier.places import Places

TALK_S_MAX, STANDING_S_MAX = 4 * 3_600, 12 * 3_600
"""No leg lasts longer, whatever happens to us: the carrier itself ends it."""

_EVENTS_OF_LEG = ["initiated", "ringing", "answered", "completed"]
_EVENTS_OF_ROOM = ["start", "end", "join", "leave"]


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom to ring into which room."""

    leg_id: LegId
    room: Room
    endpoint: str | None  #: None: the settings name none
    ring_s: int
    wishes: Mapping[str, Any] = field(default_factory=dict)  #: of a participant
    talk_s_max: int = TALK_S_MAX
    asks_at: str = ""  #: the address of the document that asks for a key; empty: a participant


def make(client: Client, places: Places, ring: Ring) -> str:
    """Ring; return the carrier's name of the leg.

    Raises:
        CARRIER_ERRORS: The carrier refused, or did not answer.
    """
    return _call(client, places, ring) if ring.asks_at else _participant(client, places, ring)


def find(client: Client, places: Places, ring: Ring, *, since_ms: float) -> str:
    """Return the carrier's name of a leg that may have been made, empty if there is none.

    Args:
        client: Asks the carrier.
        places: Where things are.
        ring: What was asked for.
        since_ms: When, by about the carrier's clock.

    Raises:
        CARRIER_ERRORS: The carrier did not answer.
    """
    if not ring.asks_at:
        return _labelled(client, ring)
    number = ring.endpoint or ""
    return find_placed(
        client,
        number=number,
        caller_id=places.caller_id,
        since_ms=since_ms,
        others=places.known_sids(),
    )


def _participant(client: Client, places: Places, ring: Ring) -> str:
    made = client.conferences(ring.room).participants.create(
        from_=places.caller_id,
        to=ring.endpoint,
        label=ring.leg_id,
        timeout=ring.ring_s,
        time_limit=ring.talk_s_max,
        beep="false",
        early_media=False,
        end_conference_on_exit=False,
        wait_url=places.addresses.room_music(),
        status_callback=places.addresses.agent_status(ring.leg_id),
        status_callback_event=_EVENTS_OF_LEG,
        conference_status_callback=places.addresses.room_events(),
        conference_status_callback_event=_EVENTS_OF_ROOM,
        **ring.wishes,
    )
    return str(made.call_sid)


def _call(client: Client, places: Places, ring: Ring) -> str:
    made = client.calls.create(
        from_=places.caller_id,
        to=ring.endpoint,
        url=ring.asks_at,
        timeout=ring.ring_s,
        time_limit=ring.talk_s_max,
        status_callback=places.addresses.agent_status(ring.leg_id),
        status_callback_event=_EVENTS_OF_LEG,
    )
    return str(made.sid)


def _labelled(client: Client, ring: Ring) -> str:
    for conference in client.conferences.list(friendly_name=ring.room, limit=20):
        if conference.status == "completed":
            continue
        try:
            found = client.conferences(conference.sid).participants(ring.leg_id).fetch()
        except TwilioRestException as error:
            if meaning_of(error) is Meaning.GONE:
                continue
            raise
        return str(found.call_sid)
    return ""
