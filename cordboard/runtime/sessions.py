"""Callers' places in the call flow: one script per step, so that a doubled request moves nobody.

A session remembers whose answer led to it. A request that carries this earlier token is a
repeat of one that has been answered, and gets the same answer again; any other token that is not
the present one belongs to a step long gone.

Place and document are closed under the centre's secret, since a caller may just have keyed
something secret. What the caller told is kept beside them, sealed under the customer's own key:
`Stories` opens it for the agent who has the call.
"""

from collections.abc import Sequence
from typing import cast

import msgspec

from acd.ids import CallId, CustomerId
from cordboard.runtime.connection import Client, Store, StoreDown, telling_downs
from cordboard.runtime.entries import pack
from cordboard.runtime.journal import Drafting
from cordboard.runtime.scripts import script
from cordboard.runtime.sealing import DayBox, Sealer
from webhooks.ports import Fact, FlowSession, JournalDown, Stored, Told
from webhooks.told import Story

_LIFE_S = 24 * 3_600
"""The carrier ends a call after 24 hours at most; nobody asks for its session after that."""

REMEMBERED_S = 90 * 24 * 3_600
"""What is known of a customer who has not called for a season is forgotten."""

_FIELDS = ("token", "state", "twiml", "answered", "after_talk")


class RedisSessions:
    """`webhooks.ports.Sessions` over a hash per call."""

    def __init__(
        self, store: Store, drafting: Drafting, box: DayBox, client: Client | None = None
    ) -> None:
        self._client = client or store.client()
        self._keys = store.keys
        self._drafting = drafting
        self._box = box
        self._advance = script(self._client, "advance_session")

    def load(self, call_id: CallId) -> FlowSession | None:
        """Return where the caller is, or None for an unknown or ended call.

        Raises:
            JournalDown: The store did not answer.
        """
        try:
            with telling_downs():
                stored = self._client.hmget(self._keys.session(call_id), *_FIELDS)
        except StoreDown as down:
            raise JournalDown(str(down)) from down
        if stored[0] is None:
            return None
        return self._session(call_id, [part or b"" for part in cast("list[bytes]", stored)])

    def advance(
        self,
        call_id: CallId,
        *,
        expected: str | None,
        session: FlowSession,
        facts: Sequence[Fact],
        told: Told | None = None,
    ) -> tuple[Stored, FlowSession]:
        """Replace the session and append the facts, if the caller is still where we think.

        A call whose session is not in the store (any more) is stale, and the session that was
        offered is given back. After a lost answer the step is sent again; if the first had been
        carried out, the second finds the step answered and gives the same session.

        Raises:
            JournalDown: The store did not answer twice.
        """
        try:
            state = self._box.close(call_id, session.state)
            twiml = self._box.close(call_id, session.twiml)
            packed = pack(self._drafting.drafts(facts))
            arguments: list[str | bytes | int] = [expected or "", session.token, state, twiml]
            arguments += [packed, _LIFE_S, session.after_talk, *self._told(call_id, told)]
            subject = told.subject if told is not None else CustomerId("")
            try:
                answer = self._send(call_id, subject, arguments)
            except StoreDown:
                answer = self._send(call_id, subject, arguments)
        except StoreDown as down:
            raise JournalDown(str(down)) from down
        return Stored(answer[0].decode()), self._session(call_id, answer[1:])

    def _told(self, call_id: CallId, told: Told | None) -> list[str | int]:
        """Return the script's arguments about what was told; the first is empty for nothing."""
        if told is None:
            return ["", "", "", "[]", 0]
        record = dict(told.record)
        if told.unanswered:
            record["sealed"] = self._drafting.seal(
                told.subject, unanswered_label(call_id), told.unanswered
            )
        if told.wishes:
            record["wishes"] = self._drafting.seal(told.subject, wishes_label(call_id), told.wishes)
        story = self._drafting.seal(told.subject, _story_label(call_id), told.story)
        remembered = [part for pair in told.remembered.items() for part in pair]
        texts = [msgspec.json.encode(value).decode() for value in (record, remembered)]
        return [told.subject, story, *texts, REMEMBERED_S]

    def _send(
        self, call_id: CallId, subject: CustomerId, arguments: list[str | bytes | int]
    ) -> list[bytes]:
        keys = [
            self._keys.session(call_id),
            self._keys.journal,
            self._keys.flow_records,
            self._keys.customer(subject),
        ]
        with telling_downs():
            return cast("list[bytes]", self._advance(keys=keys, args=arguments))

    def _session(self, call_id: CallId, stored: Sequence[bytes]) -> FlowSession:
        token, state, twiml, answered, after_talk = (part.decode() for part in stored)
        return FlowSession(
            token=token,
            state=self._opened(call_id, state),
            twiml=self._opened(call_id, twiml),
            answered=answered,
            after_talk=after_talk,
        )

    def _opened(self, call_id: CallId, closed: str) -> str:
        """Open a text; what an earlier release wrote in the open is returned as it is."""
        opened = self._box.open(call_id, closed)
        return closed if opened is None else opened


class Stories:
    """What callers have told, for the agent who has their call."""

    def __init__(self, store: Store, sealer: Sealer, client: Client | None = None) -> None:
        self._client = client or store.client()
        self._keys = store.keys
        self._sealer = sealer

    def of(self, call_id: CallId) -> Story | None:
        """Return a call's story; None if it told none, ended a day ago, or the person was erased.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            found = self._client.hmget(self._keys.session(call_id), "subject", "story")
        subject, sealed = cast("list[bytes | None]", found)
        if subject is None or sealed is None:
            return None
        label = _story_label(call_id)
        private = self._sealer.open(CustomerId(subject.decode()), label, sealed.decode())
        return None if private is None else Story.from_private(private)


class AfterTalk:
    """Where callers go when their agent has hung up."""

    def __init__(self, store: Store, client: Client) -> None:
        self._client = client
        self._keys = store.keys

    def of(self, call_id: CallId) -> str:
        """Return the address, `TAKEN` if the caller has been there, empty if there is none.

        A store in trouble knows none: the call ends without its survey.
        """
        try:
            with telling_downs():
                found = self._client.hget(self._keys.session(call_id), "after_talk")
        except StoreDown:
            return ""
        return (cast("bytes | None", found) or b"").decode()


def unanswered_label(call_id: str) -> str:
    """Return what ties the sentences nobody could answer to their call."""
    return f"unanswered|{call_id}"


def wishes_label(call_id: str) -> str:
    """Return what ties a caller's own words at open questions to their call."""
    return f"wishes|{call_id}"


def _story_label(call_id: CallId) -> str:
    return f"story|{call_id}"
