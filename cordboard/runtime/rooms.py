"""Who is in which room, compared with the carrier: for news of a joining that was lost.

A callback that tells of somebody entering a room may never come. Nothing else tells it: an agent on
a standing leg would then be up, ready and never given a call. So rooms are looked into as well.
Whoever is found in the same room twice in a row is told to the journal once, under a key of its
own; where the journal knew it, the fact changes nothing.

It costs one request for each open room and round, and is done at a slower pace than the comparison
of legs (see `reconcile`).

Source: https://www.twilio.com/docs/voice/api/conference-resource (a conference of one is `init`).
"""

from collections.abc import Iterable

from twilio.rest import Client

from acd.events import UNSTAMPED, PartyJoined
from acd.ids import LegId, Room, Sid
from cordboard.runtime.legs import KnownLeg, Legs

ROOMS_MAX = 10_000
PARTIES_MAX = 250

PAGE = 1_000
"""The most the carrier gives at once; the library would ask for the limit itself."""

_OPEN = ("init", "in-progress")

Found = tuple[str, str]
"""A conference's sid and a leg's."""


class Rooms:
    """The rooms of a site, as the carrier has them."""

    def __init__(self, client: Client, legs: Legs) -> None:
        self._client = client
        self._legs = legs
        self._seen: frozenset[Found] = frozenset()  #: in the round before
        self._told: frozenset[Found] = frozenset()  #: of those still there

    def compare(self, known: Iterable[KnownLeg]) -> int:
        """Look into the rooms once; return how many joinings were told.

        Raises:
            CARRIER_ERRORS: The carrier did not answer; nothing of this round counts.
            Fenced: Somebody else leads.
            StoreDown: The store did not answer.
        """
        by_sid = {leg.sid: leg for leg in known}
        parties = self._parties()
        present = frozenset((room_sid, sid) for room_sid, _, sid in parties)
        acted = 0
        for room_sid, room, sid in parties:
            found, leg = (room_sid, sid), by_sid.get(sid)
            if leg is not None and found in self._seen and found not in self._told:
                joined = PartyJoined(UNSTAMPED, Room(room), LegId(leg.leg_id), Sid(sid))
                self._legs.tell(joined, f"{room_sid}|found in|{sid}")
                self._told |= {found}
                acted += 1
        self._seen, self._told = present, self._told & present
        return acted

    def _parties(self) -> list[tuple[str, str, str]]:
        """Return everybody in an open conference: its sid, its name, the leg's sid."""
        found: list[tuple[str, str, str]] = []
        for status in _OPEN:
            for conference in self._client.conferences.list(
                status=status, limit=ROOMS_MAX, page_size=PAGE
            ):
                parties = self._client.conferences(conference.sid).participants.list(
                    limit=PARTIES_MAX
                )
                room_sid, name = str(conference.sid), str(conference.friendly_name)
                found += [(room_sid, name, str(party.call_sid)) for party in parties]
        return found
