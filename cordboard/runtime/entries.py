"""How an entry of the journal is written in Redis and in an archive, and read again.

An entry has the fields ``t`` type, ``a`` append id, ``n`` natural key, ``w`` the writer's wall
clock in ms (for people; nothing depends on it), ``d`` the facts as JSON and, if it holds personal
data, ``s`` whose and ``p`` the sealed part. Archives hold one JSON object per line with the same
letters and ``id``. The sealed part is base64 everywhere.

Whatever the bytes are, reading gives an entry: one that makes no sense is given a type that no
codec knows, so that the fold puts it aside with its reason and goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from acd.ids import CustomerId
from acd.replay import JournalEntry

UNREADABLE = "Unreadable"
"""The type of an entry whose bytes make no sense."""

FACTS_BYTES_MAX = 1_000_000
"""More than any fact of ours: a whole centre's settings are some 100 kB."""

_Fields = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be appended."""

    type: str
    append_id: str
    natural_key: str
    facts: Mapping[str, object]
    wall_ms: int
    subject: CustomerId | None = None
    sealed: str = ""


def pack(drafts: Sequence[Draft]) -> bytes:
    """Return the drafts as the scripts take them: a JSON list of flat lists of texts."""
    return msgspec.json.encode([_flat(draft) for draft in drafts])


def _flat(draft: Draft) -> list[str]:
    fields = ["t", draft.type, "a", draft.append_id, "n", draft.natural_key]
    fields += ["w", str(draft.wall_ms), "d", msgspec.json.encode(draft.facts).decode()]
    if draft.subject is not None:
        fields += ["s", draft.subject, "p", draft.sealed]
    return fields


def read_entry(entry_id: bytes, fields: _Fields) -> JournalEntry:
    """Return the entry a stream holds; what makes no sense becomes `UNREADABLE`."""
    name = entry_id.decode()
    try:
        return JournalEntry(
            entry_id=name,
            type=fields[b"t"].decode(),
            append_id=fields.get(b"a", b"").decode(),
            natural_key=fields.get(b"n", b"").decode(),
            facts=_facts(fields[b"d"]),
            subject=fields.get(b"s", b"").decode(),
            sealed=fields.get(b"p", b"").decode(),
        )
    except (KeyError, ValueError, msgspec.DecodeError) as error:
        return JournalEntry(name, UNREADABLE, "", "", {"why": f"{type(error).__name__}"})


def _facts(text: bytes) -> dict[str, object]:
    if len(text) > FACTS_BYTES_MAX:
        raise ValueError(f"{len(text)} bytes of facts")
    return msgspec.json.decode(text, type=dict[str, object])


def fields_of(entry: JournalEntry) -> dict[bytes, bytes]:
    """Return an entry as a stream holds it, without its sealed part: what `read_entry` reads."""
    draft = Draft(entry.type, entry.append_id, entry.natural_key, entry.facts, 0)
    flat = [text.encode() for text in _flat(draft)]
    return dict(zip(flat[::2], flat[1::2], strict=True))


def to_line(entry_id: bytes, fields: _Fields) -> bytes:
    """Return an entry as one line of an archive, with its end of line."""
    line: dict[str, str] = {"id": entry_id.decode()}
    for name in sorted(fields):
        line[name.decode("utf-8", "replace")] = fields[name].decode("utf-8", "replace")
    return msgspec.json.encode(line) + b"\n"


def from_line(line: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """Return id and fields of a line of an archive.

    Raises:
        ValueError: The line is not one that `to_line` writes; the file is damaged.
    """
    try:
        decoded = msgspec.json.decode(line, type=dict[str, str])
        entry_id = decoded.pop("id").encode()
    except (msgspec.DecodeError, KeyError) as error:
        raise ValueError(f"not a journal entry ({error})") from error
    return entry_id, {name.encode(): value.encode() for name, value in decoded.items()}
