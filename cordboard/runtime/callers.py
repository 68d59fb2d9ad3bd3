"""What is known of customers when they call: `webhooks.ports.Callers`.

Per customer there is a small hash of facts under their pseudonym. The call flow itself leaves there
the language they spoke and when they last called; whoever keeps customers' records (an import, an
integrator) tells `segment` and the like. A callback that is still owed and a case that is still
open are published by the leader (see `owed`).

Nothing here says that somebody *is* the customer: whoever calls from the number gets the facts, and
the flow says private ones only after it has verified the caller.
"""

import re
from collections.abc import Mapping
from typing import cast

import msgspec

from acd.ids import CustomerId
from cordboard.runtime.connection import Client, Store, StoreDown, telling_downs

RETURNING_MS = 60 * 60_000
"""Whoever calls again within an hour is a returning caller: the first call may not have helped."""

FOUND_OUT = (
    *("attestation", "returning", "returning_minutes", "callback", "callback.queue"),
    *("case.state", "case.category", "case.due_hours"),
)
"""What flows are told of callers beside their records, without `caller.`."""
FACTS_MAX = 50
CHARACTERS_MAX = 500
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_OURS = frozenset(
    {
        "verified",
        "attestation",
        "returning",
        "returning_minutes",
        "number",
        "called",
        "name",
        "texts",
    }
)
"""Names that nobody may tell: they are found out anew in each call."""


class FactError(ValueError):
    """A fact about a customer cannot be kept; whoever tells it must change it."""


class OwedCallback(msgspec.Struct, frozen=True):
    """A callback that a customer was promised and waits for."""

    queue_id: str
    promised_at_ms: int
    due_at_ms: int  #: 0: as soon as its place comes up


class OpenCase(msgspec.Struct, frozen=True):
    """A customer's matter that is not settled."""

    category: str
    state: str  #: `open` or `in_work`
    due_at_ms: int  #: until when somebody will have seen to it


class RedisCallers:
    """Facts about customers, in the store."""

    def __init__(self, store: Store, client: Client | None = None) -> None:
        self._client = client or store.client()
        self._keys = store.keys

    def facts(self, customer_id: CustomerId, at_ms: int) -> Mapping[str, str]:
        """Return what is known; nothing while the store is in trouble."""
        try:
            with telling_downs():
                known = cast(
                    "dict[bytes, bytes]", self._client.hgetall(self._keys.customer(customer_id))
                )
                owed = cast("bytes | None", self._client.hget(self._keys.callbacks, customer_id))
                case = cast("bytes | None", self._client.hget(self._keys.cases, customer_id))
        except StoreDown:
            return {}
        told = {name.decode(): value.decode() for name, value in known.items()}
        last_at_ms = told.pop("last_at_ms", "")
        return told | _returning(last_at_ms, at_ms) | _owed(owed) | _case(case, at_ms)

    def tell(self, customer_id: CustomerId, facts: Mapping[str, str]) -> None:
        """Keep facts of a customer's record; an empty one is removed.

        Raises:
            FactError: A name or a text cannot be used.
            StoreDown: The store did not answer.
        """
        for name, text in facts.items():
            _check(name, text)
        if len(facts) > FACTS_MAX:
            raise FactError(f"{len(facts)} facts are too many; {FACTS_MAX} is the most")
        key = self._keys.customer(customer_id)
        kept = {name: text for name, text in facts.items() if text}
        with telling_downs(), self._client.pipeline(transaction=True) as steps:
            if kept:
                steps.hset(key, items=[part for pair in kept.items() for part in pair])
            if len(kept) < len(facts):
                steps.hdel(key, *(name for name in facts if name not in kept))
            steps.execute()

    def forget(self, customer_id: CustomerId) -> None:
        """Remove everything known of a customer.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            self._client.delete(self._keys.customer(customer_id))


def _check(name: str, text: str) -> None:
    if not _NAME.fullmatch(name) or name in _OURS:
        raise FactError(
            f"'{name[:40]}' cannot name a fact; use small letters, digits, '_' and '.', and none of"
            f" {', '.join(sorted(_OURS))}"
        )
    if len(text) > CHARACTERS_MAX:
        raise FactError(f"fact {name} has {len(text)} characters; {CHARACTERS_MAX} is the most")


def _returning(last_at_ms: str, at_ms: int) -> dict[str, str]:
    """Tell whether somebody calls again so soon that the last call may not have helped."""
    since_ms = at_ms - int(last_at_ms) if last_at_ms.isdecimal() else -1
    if not 0 <= since_ms <= RETURNING_MS:
        return {"returning": "false"}
    return {"returning": "true", "returning_minutes": str(since_ms // 60_000)}


def _owed(owed: bytes | None) -> dict[str, str]:
    if owed is None:
        return {}
    callback = msgspec.json.decode(owed, type=OwedCallback)
    return {"callback": "owed", "callback.queue": callback.queue_id}


def _case(kept: bytes | None, at_ms: int) -> dict[str, str]:
    """Tell how an open case stands; the hours until it is due are rounded up, and never below 0."""
    if kept is None:
        return {}
    case = msgspec.json.decode(kept, type=OpenCase)
    hours = max(0, -((at_ms - case.due_at_ms) // 3_600_000))
    return {
        "case.state": case.state.replace("_", " "),
        "case.category": case.category,
        "case.due_hours": str(hours),
    }
