"""Comparing what the journal knows with what the carrier has, every half minute.

Callbacks get lost, and a store may lose its tail. So from time to time the carrier is asked which
calls live, and the difference becomes facts of the journal (the centre decides, so a replay decides
the same) or, where the journal knows nothing that could decide, one of three careful acts:

| found | twice in a row | then |
| --- | --- | --- |
| a leg we know is over at the carrier | yes | a fact: it ended, with the carrier's cause |
| an inbound call nobody knows, alone | yes | back to the start of its call flow |
| an agent's leg nobody knows, alone | yes | ended: it rings or waits for nothing |
| anything unknown in company | - | left alone: people are talking |
| somebody we know in a room | yes | a fact: they joined (see `rooms`) |

Twice, because the carrier's lists lag behind and callbacks overtake them. A leg is looked up by its
own name before it is called over: a list that forgot it proves nothing.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import structlog
from twilio.rest import Client as CarrierClient
from twilio.rest.api.v2010.account.call import CallInstance

from acd.events import UNSTAMPED, AgentLegEnded, CallEnded, LegCause
from acd.ids import CallId, LegId, Sid
from cordboard.runtime.carrier.faults import CARRIER_ERRORS, Meaning, describe, meaning_of
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.leader import Fenced
from cordboard.runtime.legs import KnownLeg, Legs
from cordboard.runtime.rooms import PAGE, Rooms
from dialer.events import CentreEvent

PAUSE_MS = 30_000
"""Between two comparisons, in modelled time."""

PAUSE_MS_MIN = 3_000
"""And in real time, when modelled time runs fast."""

ROUNDS_PER_LOOK = 2
"""Rooms are looked into once in so many comparisons: it takes a request for each."""

LIVE_MAX = 10_000
"""More live calls than any site has: a list that never ends is not followed for ever."""

_LIVE = ("queued", "ringing", "in-progress")

_CAUSES = {
    "completed": LegCause.COMPLETED,
    "busy": LegCause.BUSY,
    "no-answer": LegCause.NO_ANSWER,
    "failed": LegCause.FAILED,
    "canceled": LegCause.CANCELED,
}

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Suspects:
    """What looked wrong in the round before, by sid."""

    over: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


class Reconciler:
    """One comparison after the other, while a term lasts."""

    def __init__(
        self,
        client: CarrierClient,
        places: Places,
        our_numbers: Mapping[str, object],
        legs: Legs,
        clock: Clock,
    ) -> None:
        self._client = client
        self._places = places
        self._our_numbers = our_numbers
        self._legs = legs
        self._clock = clock
        self._suspects = Suspects()
        self._rooms = Rooms(client, legs)
        self._rounds = 0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reconcile", daemon=True)

    def start(self) -> None:
        """Begin to compare, now and then."""
        self._thread.start()

    def stop(self) -> None:
        """End after the comparison that is under way."""
        self._ends.set()
        self._thread.join()

    def _run(self) -> None:
        pause_ms = max(PAUSE_MS_MIN, PAUSE_MS // self._clock.scale)
        while not self._clock.wait(self._ends, pause_ms):
            try:
                self.compare()
                self._rounds += 1
                if self._rounds % ROUNDS_PER_LOOK == 0:
                    self._rooms.compare(self._legs.all())
            except (Fenced, StoreDown) as reason:
                _log.warning("comparison with the carrier ends", reason=str(reason))
                return
            except CARRIER_ERRORS as error:
                _log.warning("carrier could not be asked", reason=describe(error))

    def compare(self) -> int:
        """Compare once; return how many differences were acted upon.

        Raises:
            Fenced: Somebody else leads.
            StoreDown: The store did not answer.
        """
        known = self._legs.all()  # before asking: what is made meanwhile is not missed
        live = {str(call.sid): call for call in self._live()}
        over = {leg.sid: leg for leg in known if leg.sid not in live}
        names = {leg.sid for leg in known}
        unknown = {sid: call for sid, call in live.items() if sid not in names}
        acted = sum(self._tell_over(leg) for sid, leg in over.items() if sid in self._suspects.over)
        strangers = [call for sid, call in unknown.items() if sid in self._suspects.unknown]
        if strangers:
            in_company = self._in_company()
            acted += sum(self._settle_stranger(call, in_company) for call in strangers)
        self._suspects = Suspects(set(over), set(unknown))
        return acted

    def _live(self) -> Iterator[CallInstance]:
        for status in _LIVE:
            yield from self._client.calls.stream(status=status, limit=LIVE_MAX, page_size=PAGE)

    def _tell_over(self, leg: KnownLeg) -> bool:
        """Tell the journal that a leg is over, if the carrier says so of itself."""
        try:
            status = str(self._client.calls(leg.sid).fetch().status)
        except CARRIER_ERRORS as error:
            if meaning_of(error) is not Meaning.GONE:
                return False  # it stays a suspect; the others need not wait for it
            status = ""
        if status in _LIVE:
            return False
        cause = _CAUSES.get(status, LegCause.GONE)
        _log.warning("leg found over", leg_id=leg.leg_id, cause=cause)
        self._legs.tell(_ended(leg, cause), f"{leg.sid}|found over")
        return True

    def _in_company(self) -> set[str]:
        """Return the sids of everybody in a conference with somebody else."""
        found: set[str] = set()
        for conference in self._client.conferences.list(
            status="in-progress", limit=LIVE_MAX, page_size=PAGE
        ):
            parties = self._client.conferences(conference.sid).participants.list(limit=250)
            if len(parties) > 1:
                found.update(str(party.call_sid) for party in parties)
        return found

    def _settle_stranger(self, call: CallInstance, in_company: set[str]) -> bool:
        """Deal with a live call that the journal does not know; tell whether anything was done."""
        if str(call.sid) in in_company:
            return False
        if call.to in self._our_numbers and call.status == "in-progress":
            _log.warning("unknown caller sent to the start of the flow", sid=call.sid)
            return self._try_update(call, url=self._places.addresses.inbound())
        if call.to in self._places.endpoints.values():
            _log.warning("unknown agent's leg ended", sid=call.sid)
            return self._try_update(call, status="completed")
        return False

    def _try_update(self, call: CallInstance, **change: str) -> bool:
        try:
            self._client.calls(str(call.sid)).update(**change)
        except CARRIER_ERRORS as error:
            if meaning_of(error) is Meaning.GONE:
                return False
            raise
        return True


def _ended(leg: KnownLeg, cause: LegCause) -> CentreEvent:
    if leg.is_agent:
        return AgentLegEnded(UNSTAMPED, LegId(leg.leg_id), Sid(leg.sid), cause)
    return CallEnded(UNSTAMPED, CallId(leg.leg_id), cause)
