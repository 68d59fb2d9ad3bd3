"""Snapshots: the whole state as text, so that a restart reads the journal's tail only.

Two generations are kept. Each carries the schema it was written in, the journal's id it stands at
and a checksum; one that is torn or of another schema is refused and the older one is taken, then
none at all. A snapshot never stands after the committed cursor.
"""

import zlib
from dataclasses import dataclass
from typing import cast

import msgspec
import structlog

from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.leader import Fenced
from cordboard.runtime.scripts import script

SCHEMA = 2
"""Raised whenever the text of a snapshot changes its meaning."""

_log = structlog.get_logger(__name__)


class _Head(msgspec.Struct, frozen=True):
    schema: int
    cursor: str
    checksum: int
    routing_version: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state after the entry `cursor`."""

    cursor: str
    routing_version: int
    state: dict[str, object]


def to_text(snapshot: Snapshot) -> bytes:
    """Return head and body, a line each; equal states give equal bytes."""
    body = msgspec.json.encode(snapshot.state, order="sorted")
    head = _Head(SCHEMA, snapshot.cursor, zlib.crc32(body), snapshot.routing_version)
    return msgspec.json.encode(head) + b"\n" + body


def from_text(text: bytes) -> Snapshot:
    """Read what `to_text` wrote.

    Raises:
        ValueError: The text is damaged, or written in another schema.
    """
    line, _, body = text.partition(b"\n")
    try:
        head = msgspec.json.decode(line, type=_Head)
    except msgspec.DecodeError as error:
        raise ValueError(f"its head cannot be read ({error})") from error
    if head.schema != SCHEMA:
        raise ValueError(f"it is of schema {head.schema}, not {SCHEMA}")
    if zlib.crc32(body) != head.checksum:
        raise ValueError("its checksum does not fit")
    state = msgspec.json.decode(body, type=dict[str, object])
    return Snapshot(head.cursor, head.routing_version, state)


class Snapshots:
    """A site's snapshots in the store."""

    def __init__(self, store: Store, client: Client) -> None:
        self._keys = store.keys
        self._client = client
        self._save = script(client, "snapshot")

    def load(self) -> Snapshot | None:
        """Return the newest snapshot that can be trusted, or None.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            texts = self._client.hmget(self._keys.snapshots, "newest", "older")
        for name, text in zip(("newest", "older"), cast("list[bytes | None]", texts), strict=True):
            if text is None:
                continue
            try:
                return from_text(text)
            except ValueError as error:
                _log.error("snapshot refused", which=name, reason=str(error))
        return None

    def older_cursor(self) -> str | None:
        """Return where the older of two snapshots stands: what lies before it may be forgotten.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            text = cast("bytes | None", self._client.hget(self._keys.snapshots, "older"))
        if text is None:
            return None
        try:
            return from_text(text).cursor
        except ValueError:
            return None

    def save(self, snapshot: Snapshot, token: str) -> None:
        """Keep a snapshot, and the one before it.

        Raises:
            Fenced: Somebody else leads.
            StoreDown: The store did not answer.
        """
        with telling_downs():
            answer = self._save(
                keys=[self._keys.token, self._keys.snapshots], args=[token, to_text(snapshot)]
            )
        if answer == b"FENCED":
            raise Fenced("a snapshot was not kept: somebody else leads")
