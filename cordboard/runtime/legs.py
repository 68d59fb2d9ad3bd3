"""The table of living legs: whose they are, and the carrier's name for each.

The leader writes it with its commits from the facts it folds; a leg that was just made is entered
by its settlement already. The outbox looks a sid up here when a command was given before the
carrier had told it, and the comparison with the carrier takes it as what the journal knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from acd.replay import JournalEntry
from cordboard.runtime.clock import Clock
from cordboard.runtime.commit import Writes
from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.entries import Draft, pack
from cordboard.runtime.keys import Keys
from cordboard.runtime.leader import Fenced
from cordboard.runtime.scripts import script
from dialer.codec import EVENT_CODEC
from dialer.events import CentreEvent

_AGENT, _CUSTOMER = "agent", "customer"

_BINDS: dict[str, Callable[[JournalEntry], tuple[str, str, object]]] = {
    "AgentLegBound": lambda entry: (_AGENT, str(entry.facts["leg_id"]), entry.facts["sid"]),
    "AgentLegAnswered": lambda entry: (_AGENT, str(entry.facts["leg_id"]), entry.facts["sid"]),
    "DialBound": lambda entry: (_CUSTOMER, str(entry.facts["call_id"]), entry.facts["sid"]),
    "DialAnswered": lambda entry: (_CUSTOMER, str(entry.facts["call_id"]), entry.facts["sid"]),
    # A call that came in is named by the carrier's sid.
    "CallArrived": lambda entry: (
        _CUSTOMER,
        str(entry.facts["call_id"]),
        entry.facts["call_id"],
    ),
}
"""Events that tell a leg's sid: whose it is, its id, its sid."""

_UNBINDS = {"AgentLegEnded": "leg_id", "CallEnded": "call_id"}
"""Events after which a leg is no more, and the field that names it."""


@dataclass(frozen=True, slots=True)
class KnownLeg:
    """A leg that lives as far as the journal knows."""

    leg_id: str
    sid: str
    is_agent: bool


def heed_leg(entry: JournalEntry, keys: Keys, writes: Writes) -> None:
    """Write what an entry that was applied says about legs."""
    bind = _BINDS.get(entry.type)
    if bind is not None:
        owner, leg_id, sid = bind(entry)
        if sid:
            writes.add("HSET", keys.legs, leg_id, f"{owner}|{sid}")
    elif entry.type in _UNBINDS:
        writes.add("HDEL", keys.legs, str(entry.facts[_UNBINDS[entry.type]]))


def leg_row(sid: str, *, is_agent: bool) -> str:
    """Return how a leg is written in the table."""
    return f"{_AGENT if is_agent else _CUSTOMER}|{sid}"


class Legs:
    """The table as a leader's threads see it, and their way to the journal."""

    def __init__(self, store: Store, client: Client, clock: Clock, token: str) -> None:
        self._keys = store.keys
        self._client = client
        self._clock = clock
        self._token = token
        self._append = script(client, "append_fenced")

    def sid_of(self, leg_id: str) -> str:
        """Return the carrier's sid of a living leg, empty if none is known.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            row = cast("bytes | None", self._client.hget(self._keys.legs, leg_id))
        return "" if row is None else row.decode().partition("|")[2]

    def sids(self) -> set[str]:
        """Return the carrier's sids of every living leg.

        Raises:
            StoreDown: The store did not answer.
        """
        return {leg.sid for leg in self.all()}

    def all(self) -> list[KnownLeg]:
        """Return every leg that lives as far as the journal knows.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            rows = cast("dict[bytes, bytes]", self._client.hgetall(self._keys.legs))
        legs: list[KnownLeg] = []
        for leg_id, row in rows.items():
            owner, _, sid = row.decode().partition("|")
            legs.append(KnownLeg(leg_id.decode(), sid, owner == _AGENT))
        return legs

    def tell(self, event: CentreEvent, natural_key: str) -> None:
        """Append a fact about a leg to the journal.

        Raises:
            Fenced: Somebody else leads.
            StoreDown: The store did not answer.
        """
        kind, facts = EVENT_CODEC.encode(event)
        packed = pack([Draft(kind, "", natural_key, facts, self._clock.wall_ms())])
        keys = [self._keys.token, self._keys.journal]
        with telling_downs():
            if self._append(keys=keys, args=[self._token, packed]) is None:
                raise Fenced("a fact was not appended: somebody else leads")
