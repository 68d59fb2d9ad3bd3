"""Callers' places in the call flow: one script per step, so that a doubled request moves nobody.

A session remembers whose answer led to it. A request that carries this earlier token is a
repeat of one that has been answered, and gets the same answer again; any other token that is not
the present one belongs to a step long gone.
"""

from collections.abc import Sequence
from typing import cast

from acd.ids import CallId
from cordboard.runtime.connection import Client, Store, StoreDown, telling_downs
from cordboard.runtime.entries import pack
from cordboard.runtime.journal import Drafting
from cordboard.runtime.scripts import script
from webhooks.ports import Fact, FlowSession, JournalDown, Stored

_LIFE_S = 24 * 3_600
"""The carrier ends a call after 24 hours at most; nobody asks for its session after that."""


class RedisSessions:
    """`webhooks.ports.Sessions` over a hash per call."""

    def __init__(self, store: Store, drafting: Drafting, client: Client | None = None) -> None:
        self._client = client or store.client()
        self._keys = store.keys
        self._drafting = drafting
        self._advance = script(self._client, "advance_session")

    def load(self, call_id: CallId) -> FlowSession | None:
        """Return where the caller is, or None for an unknown or ended call.

        Raises:
            JournalDown: The store did not answer.
        """
        try:
            with telling_downs():
                stored = self._client.hmget(
                    self._keys.session(call_id), "token", "state", "twiml", "answered"
                )
        except StoreDown as down:
            raise JournalDown(str(down)) from down
        if stored[0] is None:
            return None
        return _session(cast("list[bytes]", stored))

    def advance(
        self, call_id: CallId, *, expected: str | None, session: FlowSession, facts: Sequence[Fact]
    ) -> tuple[Stored, FlowSession]:
        """Replace the session and append the facts, if the caller is still where we think.

        A call whose session is not in the store (any more) is stale, and the session that was
        offered is given back. After a lost answer the step is sent again; if the first had been
        carried out, the second finds the step answered and gives the same session.

        Raises:
            JournalDown: The store did not answer twice.
        """
        try:
            arguments = [expected or "", session.token, session.state, session.twiml]
            packed = pack(self._drafting.drafts(facts))
            try:
                answer = self._send(call_id, [*arguments, packed, _LIFE_S])
            except StoreDown:
                answer = self._send(call_id, [*arguments, packed, _LIFE_S])
        except StoreDown as down:
            raise JournalDown(str(down)) from down
        return Stored(answer[0].decode()), _session(answer[1:])

    def _send(self, call_id: CallId, arguments: list[str | bytes | int]) -> list[bytes]:
        keys = [self._keys.session(call_id), self._keys.journal]
        with telling_downs():
            return cast("list[bytes]", self._advance(keys=keys, args=arguments))


def _session(stored: Sequence[bytes]) -> FlowSession:
    token, state, twiml, answered = (part.decode() for part in stored)
    return FlowSession(token=token, state=state, twiml=twiml, answered=answered)
