"""The proof of what was dialled: a chained and sealed file that anybody can check.

One JSON object a line. The first line says whose dials these are, over which time, and gives the
rule sets in force, figures and sources included. Then comes one line per dial, in the order of the
permissions: when it was permitted, by which version of which rules, until when its calling window
was open, the number shown, and what became of it. Each line carries the SHA-256 of the line before,
so that none can be changed, left out or put in between unnoticed; the last line counts them and
seals the chain with a key derived from the centre's secret.

Numbers appear as keyed hashes, which the centre can compute for a number in question; with the
owner's wish, in clear. The lead store deletes no attempt, so a proof reaches back as far as the
store does; `records_years` says how long the rules ask that it be kept.

Source: 16 CFR 310.5 (call detail records, five years); the chain is that of any append-only log, as
in S. Haber, W. S. Stornetta, "How to time-stamp a digital document", J. Cryptology 3 (1991).
"""

import hashlib
import hmac
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

_START = "0" * 64
"""What the first line names as the line before."""

PURPOSE = "compliance proof"
"""For which the sealing key is derived of the secret."""


class ProofError(Exception):
    """A file is no whole proof; the message says at which line and why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a proof that holds says of itself."""

    dials: int
    is_sealed: bool | None  #: by this centre; None: no key was given to tell


def write_proof(
    path: Path, head: Mapping[str, object], dials: Iterable[Mapping[str, object]], key: bytes
) -> int:
    """Write a proof; return how many dials it holds. The file is its owner's alone.

    Raises:
        OSError: The file cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    previous, count = _START, 0
    with os.fdopen(descriptor, "wb") as file:
        line, previous = _linked({"kind": "head", **head}, previous)
        file.write(line)
        for dial in dials:
            line, previous = _linked({"kind": "dial", **dial}, previous)
            file.write(line)
            count += 1
        line, _ = _linked({"kind": "seal", "dials": count, "seal": _seal(previous, key)}, previous)
        file.write(line)
    return count


def check_proof(path: Path, key: bytes | None = None) -> Checked:
    """Check a proof from its first line to its seal.

    Raises:
        ProofError: A line was changed, left out or added, or the seal is another centre's.
        OSError: The file cannot be read.
    """
    previous, dials, seal = _START, 0, None
    with path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            if seal is not None:
                raise ProofError(f"line {number} comes after the seal")
            line = _decoded(text, number)
            if line.get("previous") != previous:
                raise ProofError(f"line {number} does not follow the line before it")
            if line.get("kind") == "seal":
                seal, sealed = line, previous
            dials += line.get("kind") == "dial"
            previous = _digest(text)
    if seal is None:
        raise ProofError("the seal is missing: the file is cut off")
    if seal.get("dials") != dials:
        raise ProofError(f"the seal speaks of {seal.get('dials')} dials, the file has {dials}")
    if key is None:
        return Checked(dials, is_sealed=None)
    if not hmac.compare_digest(str(seal.get("seal")), _seal(sealed, key)):
        raise ProofError("the seal is not that of this centre's secret")
    return Checked(dials, is_sealed=True)


def dial_lines(
    database: sqlite3.Connection, from_ms: int, until_ms: int, *, with_numbers: bool = False
) -> Iterator[dict[str, object]]:
    """Iterate over the dials permitted in a time, oldest first.

    Args:
        database: A lead store.
        from_ms: The first instant.
        until_ms: The first instant after it.
        with_numbers: Give the numbers in clear, where the lead is still there.
    """
    rows = database.execute(
        "SELECT attempt.*, (SELECT e164 FROM number WHERE number.number_key = attempt.number_key"
        " LIMIT 1) AS e164 FROM attempt WHERE dialled_at_ms >= ? AND dialled_at_ms < ?"
        " AND rule_set <> '' ORDER BY dialled_at_ms, call_id",
        (from_ms, until_ms),
    )
    for row in rows:
        line = {name: row[name] for name in row.keys() if name != "e164"}  # noqa: SIM118  (a row, no mapping)
        if with_numbers:
            line["number"] = row["e164"]
        yield line


def _linked(line: Mapping[str, object], previous: str) -> tuple[bytes, str]:
    text = msgspec.json.encode({**line, "previous": previous}) + b"\n"
    return text, _digest(text)


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _seal(last: str, key: bytes) -> str:
    return hmac.digest(key, last.encode(), "sha256").hex()


def _decoded(text: bytes, number: int) -> dict[str, object]:
    try:
        return msgspec.json.decode(text, type=dict[str, object])
    except msgspec.DecodeError as error:
        raise ProofError(f"line {number} is no JSON object") from error
