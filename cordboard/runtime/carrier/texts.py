"""Sending text messages, each at most once.

The carrier knows no key under which a repeated request would be recognised, so a message is claimed
in the store first, by one step that succeeds once, whoever leads. Then it is sent. An outcome that
is not known is looked for among the carrier's messages to that number; one that is not found for
`GIVE_UP_MS` is told to the agent as unknown, and never sent again: a customer who gets the same
words twice trusts neither.

What answers nobody waits for the hours in which its receiver may be written to (`text_hours`); it
is dropped when the customer begins another conversation meanwhile.

Source: https://www.twilio.com/docs/messaging/api/message-resource.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import structlog
from twilio.rest import Client as Carrier

from acd.ids import CallId
from cordboard.runtime.carrier.effects import AGAIN_MS, GIVE_UP_MS
from cordboard.runtime.carrier.faults import CARRIER_ERRORS, Meaning, code_of, describe, meaning_of
from cordboard.runtime.connection import Client, StoreDown, telling_downs
from cordboard.runtime.keys import Keys
from cordboard.runtime.reach import Reach
from cordboard.runtime.text_hours import ANSWER_MS, TextHours
from cordboard.runtime.text_rows import CANCELLED, REFUSED, SENT, TO_SEND, UNKNOWN, TextRow
from cordboard.runtime.threads import KEPT_S, Correspondent, Threads
from webhooks.addresses import Addresses

LAST_WORD_MS = 5 * 60_000
"""An opt-out is confirmed within five minutes or not at all.

Source: 47 CFR 64.1200(a)(12), 89 FR 15756 (one message, no more than five minutes after).
"""

LOOK_S = 0.5
LISTED_MAX = 50

_log = structlog.get_logger(__name__)


class ToSend:
    """Which messages wait to be sent, and who has begun with which."""

    def __init__(self, client: Client, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    def all(self) -> list[tuple[CallId, str]]:
        """Return conversation and name of each message.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            found = cast("set[bytes]", self._client.smembers(self._keys.texts_to_send))
        pairs = [one.decode().partition("|") for one in sorted(found)]
        return [(CallId(call_id), name) for call_id, _, name in pairs]

    def claim(self, call_id: CallId, name: str, wall_ms: int) -> int | None:
        """Begin sending a message; return when that was begun before, None if it was not.

        Raises:
            StoreDown: The store did not answer; it may be claimed.
        """
        key = self._keys.text_claim(call_id, name)
        with telling_downs():
            if self._client.set(key, str(wall_ms), nx=True, ex=KEPT_S):
                return None
            began = cast("bytes | None", self._client.get(key))
        return int(began) if began is not None else wall_ms

    def give_back(self, call_id: CallId, name: str) -> None:
        """Note that a message that was begun was certainly not sent.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            self._client.delete(self._keys.text_claim(call_id, name))

    def drop(self, call_id: CallId, name: str) -> None:
        """Note that nothing more is to be done about a message.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            self._client.srem(self._keys.texts_to_send, f"{call_id}|{name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSender:
    """A thread of the leading worker that sends what waits, until `stop`."""

    client: Carrier
    addresses: Addresses
    threads: Threads
    to_send: ToSend
    reach: Reach
    hours: TextHours
    forbid: Callable[[set[str]], None]  #: forbids calls to numbers, under pseudonyms
    wall_ms: Callable[[], int]
    now_ms: Callable[[], int]  #: what people's clocks show: modelled time where that runs faster
    _due: dict[tuple[CallId, str], int] = field(default_factory=dict)
    _ends: threading.Event = field(default_factory=threading.Event)
    _running: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Start the thread."""
        thread = threading.Thread(target=self._work, name="texts", daemon=True)
        self._running.append(thread)
        thread.start()

    def stop(self) -> None:
        """Let a message that is being sent come to an end, and no other begin."""
        self._ends.set()
        for thread in self._running:
            thread.join()

    def _work(self) -> None:
        while not self._ends.wait(LOOK_S):
            try:
                self.send_waiting()
            except StoreDown as down:
                _log.warning("texts wait for the store", reason=str(down))

    def send_waiting(self) -> None:
        """Send everything that waits, and forbid calls to who wants no more messages.

        Raises:
            StoreDown: The store did not answer.
        """
        stops = self.reach.opt_outs.new_stops()
        if stops:
            self.forbid(stops)
            self.reach.opt_outs.forget_stops(stops)
        for call_id, name in self.to_send.all():
            if self._ends.is_set():
                return
            if self._due.get((call_id, name), 0) <= self.now_ms():
                self._due.pop((call_id, name), None)
                self._attempt_apart(call_id, name)

    def _attempt_apart(self, call_id: CallId, name: str) -> None:
        """Attempt one message; whatever is wrong with it must not silence all others."""
        try:
            self._attempt(call_id, name)
        except StoreDown:
            raise
        except Exception as fault:  # noqa: BLE001  (logged without its text, which may be personal)
            _log.error("sending a text failed", call_id=call_id, kind=type(fault).__name__)

    def _attempt(self, call_id: CallId, name: str) -> None:
        who, row = self.threads.correspondent(call_id), self.threads.message(call_id, name)
        if who is None or row is None or row.state != TO_SEND:
            self.to_send.drop(call_id, name)
            return
        began_ms = self.to_send.claim(call_id, name, self.wall_ms())
        if began_ms is not None:
            self._look(call_id, row, who, began_ms)
        elif refusal := self._refusal(row, who):
            self._settle(call_id, name, REFUSED, refusal)
        elif self._waits(call_id, row, who):
            self.to_send.give_back(call_id, name)
        else:
            self._send(call_id, row, who)

    def _refusal(self, row: TextRow, who: Correspondent) -> int:
        """Return why a message is not sent, 0 if it is; an opt-out is confirmed soon or not."""
        if row.is_last_word and self.wall_ms() - row.at_ms < LAST_WORD_MS:
            return 0
        return self.reach.refusal(who.number)

    def _waits(self, call_id: CallId, row: TextRow, who: Correspondent) -> bool:
        """Tell whether a message that is no answer has to wait for its hours, or is dropped."""
        if not row.is_unasked and self.wall_ms() - row.at_ms < ANSWER_MS:
            return False
        if row.is_unasked and not self.threads.is_newest(call_id):
            self._settle(call_id, row.name, CANCELLED, 0)
            return True
        now_ms = self.now_ms()
        opens_at_ms = self.hours.opens_at_ms(who.number, now_ms)
        if opens_at_ms <= now_ms:
            return False
        self._due[call_id, row.name] = opens_at_ms
        self.threads.put_off(call_id, row.name, opens_at_ms)
        return True

    def _send(self, call_id: CallId, row: TextRow, who: Correspondent) -> None:
        try:
            self.client.messages.create(
                to=who.number,
                from_=who.line_number,
                body=row.text,
                status_callback=self.addresses.message_status(call_id, row.name),
            )
        except CARRIER_ERRORS as error:
            meaning = meaning_of(error)
            if meaning is Meaning.BUSY:
                self.to_send.give_back(call_id, row.name)
            elif meaning is Meaning.UNKNOWN:
                _log.warning("text in doubt", call_id=call_id, why=describe(error))
            else:
                self.reach.learn(who.number, code_of(error), self.wall_ms())
                self._settle(call_id, row.name, REFUSED, code_of(error))
            return
        self._settle(call_id, row.name, SENT, 0)

    def _look(self, call_id: CallId, row: TextRow, who: Correspondent, began_ms: int) -> None:
        """Look for a message that may have been sent; sending is never tried again."""
        doubtful_ms = self.wall_ms() - began_ms
        if doubtful_ms < AGAIN_MS:
            return
        try:
            listed = self.client.messages.list(
                to=who.number,
                from_=who.line_number,
                date_sent_after=datetime.fromtimestamp((began_ms - 60_000) / 1_000, UTC),
                limit=LISTED_MAX,
            )
        except CARRIER_ERRORS as error:
            _log.warning("text in doubt", call_id=call_id, why=describe(error))
            listed = []
        found = next((one for one in listed if one.body == row.text), None)
        if found is not None:
            self._settle(call_id, row.name, str(found.status), int(found.error_code or 0))
        elif doubtful_ms >= GIVE_UP_MS:
            self._settle(call_id, row.name, UNKNOWN, 0)

    def _settle(self, call_id: CallId, name: str, state: str, error_code: int) -> None:
        self.threads.change(call_id, name, state, error_code)
        self.to_send.drop(call_id, name)
