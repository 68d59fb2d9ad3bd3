"""One batch of the journal, committed as one step: cursor, outbox, answers and read model.

The cursor moves by compare-and-set, so a commit happens exactly once however often it is sent; the
key of a command is the id of the entry that caused it and its ordinal, so a command that is derived
again is *the same* command. Nothing goes outside before its commit returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import msgspec

from acd.messages import EngineError
from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.entries import Draft, pack
from cordboard.runtime.leader import Fenced, Leadership
from cordboard.runtime.scripts import script
from dialer.codec import COMMAND_CODEC
from dialer.commands import CentreCommand, PaceCampaign


class CursorMoved(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The committed cursor is not where we left it: the store lost its tail, or was restored."""


@dataclass(slots=True)
class Writes:
    """Writes to the read model, in order: the command, its key and its arguments, as texts."""

    keys: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)

    def add(self, command: str, key: str, *arguments: str) -> None:
        """Ask for one write."""
        self.rows.append((command, key, arguments))
        if key not in self.keys:
            self.keys.append(key)

    def packed(self, first_index: int) -> bytes:
        """Return the rows as the script takes them; keys are counted from `first_index`."""
        index = {key: first_index + place for place, key in enumerate(self.keys)}
        return msgspec.json.encode(
            [[command, index[key], *arguments] for command, key, arguments in self.rows]
        )


@dataclass(slots=True)
class Batch:
    """What follows from some entries of the journal."""

    cursor: str = ""  #: the last entry's id
    commands: list[list[object]] = field(default_factory=list)
    answers: list[Draft] = field(default_factory=list)  #: facts that answer the batch's commands
    writes: Writes = field(default_factory=Writes)

    def add(self, entry_id: str, commands: Sequence[CentreCommand], at_ms: int) -> None:
        """Add an entry and the commands it led to."""
        self.cursor = entry_id
        for ordinal, command in enumerate(commands):
            kind, facts = COMMAND_CODEC.encode(command)
            is_sent = 0 if isinstance(command, PaceCampaign) else 1
            text = msgspec.json.encode(facts).decode()
            self.commands.append([command_key(entry_id, ordinal), is_sent, kind, text, str(at_ms)])


def command_key(entry_id: str, ordinal: int) -> str:
    """Return the identity of a command: its cause and its place among the cause's commands."""
    return f"{entry_id}:{ordinal}"


class Committer:
    """Commits batches of one term."""

    def __init__(self, store: Store, client: Client, leadership: Leadership) -> None:
        keys = store.keys
        self._keys = [keys.token, keys.state, keys.outbox, keys.effects, keys.audit, keys.journal]
        self._token = leadership.token
        self._state = keys.state
        self._client = client
        self._commit = script(client, "commit")

    def cursor(self) -> str:
        """Return the id of the last entry whose effects are committed, "0-0" at the beginning.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            stored = cast("bytes | None", self._client.hget(self._state, "cursor"))
        return "0-0" if stored is None else stored.decode()

    def commit(self, batch: Batch, *, before: str) -> None:
        """Commit a batch that begins after the entry `before`.

        Raises:
            Fenced: Somebody else leads.
            CursorMoved: The store is not where this term left it.
            StoreDown: The store did not answer; whether the batch is committed is not known.
        """
        arguments: list[str | bytes] = [
            self._token,
            before,
            batch.cursor,
            msgspec.json.encode(batch.commands),
            pack(batch.answers),
            batch.writes.packed(len(self._keys) + 1),
        ]
        with telling_downs():
            answer = self._commit(keys=[*self._keys, *batch.writes.keys], args=arguments)
        if answer == b"FENCED":
            raise Fenced("a batch was not committed: somebody else leads")
        if answer == b"GAP":
            raise CursorMoved(f"the committed cursor is not {before}")
        if answer != b"DONE":
            raise EngineError(f"the commit script answered {answer!r}")
