"""`cordboard replay`: a recorded journal through the same centre, byte for byte.

Prints digests of the state and of the commands. Two runs anywhere must print the same; with
`--audit` the commands are compared with those the live centre gave, one by one.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from cordboard.cli.output import FOUND, UserError, print_figures, print_json

if TYPE_CHECKING:
    from dialer.commands import CentreCommand


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a journal folds to."""

    entries: int
    duplicates: int
    put_aside: int
    commands: int
    commands_digest: str  #: SHA-256 over every command's text, in order
    state_digest: str  #: SHA-256 over the state's text at the end


def replay(
    journal: Annotated[Path, typer.Argument(help="A journal file, one entry a line.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    audit: Annotated[
        Path | None, typer.Option(help="A file of the commands the live centre gave.")
    ] = None,
) -> None:
    """Fold a journal through the centre; print digests of state and commands."""
    lines: list[bytes] = []
    replayed = fold_journal(journal, lines)
    if as_json:
        print_json(asdict(replayed))
    else:
        print_figures(
            f"{journal} replayed",
            {
                "entries": str(replayed.entries),
                "told twice": str(replayed.duplicates),
                "put aside": str(replayed.put_aside),
                "commands": str(replayed.commands),
                "commands, SHA-256": replayed.commands_digest,
                "state, SHA-256": replayed.state_digest,
            },
        )
    if audit is not None and audit.read_bytes().splitlines() != lines:
        raise SystemExit(FOUND)


def fold_journal(journal: Path, lines: list[bytes]) -> Replayed:
    """Fold a journal file; append each command's line of text to `lines`.

    Raises:
        UserError: The file cannot be read, or a line of it is no entry.
    """
    from acd.config import AcdConfig
    from acd.replay import Fold
    from cordboard.runtime.archive import read_entries
    from dialer.centre import Centre
    from dialer.codec import EVENT_CODEC
    from dialer.config import CentreConfig

    fold = Fold(Centre(CentreConfig(acd=AcdConfig(queues=(), agents=()))), EVENT_CODEC)
    entries = 0
    try:
        for entry in read_entries(journal):
            entries += 1
            lines.extend(command_lines(entry.entry_id, fold.apply(entry)))
    except OSError as error:
        raise UserError(f"{journal}: {error.strerror}") from error
    except ValueError as error:
        raise UserError(str(error)) from error
    state = msgspec.json.encode(fold.to_plain(), order="sorted")
    return Replayed(
        entries=entries,
        duplicates=fold.duplicate_count,
        put_aside=fold.quarantined_count,
        commands=len(lines),
        commands_digest=hashlib.sha256(b"\n".join(lines)).hexdigest(),
        state_digest=hashlib.sha256(state).hexdigest(),
    )


def command_lines(entry_id: str, commands: "Sequence[CentreCommand]") -> Iterator[bytes]:
    """Yield each command of an entry as a line: its key, its name and its facts."""
    from dialer.codec import COMMAND_CODEC

    for ordinal, command in enumerate(commands):
        name, facts = COMMAND_CODEC.encode(command)
        yield msgspec.json.encode([f"{entry_id}:{ordinal}", name, facts], order="sorted")
