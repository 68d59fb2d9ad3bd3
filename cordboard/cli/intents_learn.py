"""`cordboard intents learn`: what past calls could teach a flow, listed for a person to approve.

The calls come out of the history of a centre, or as a file: either of walks (`ivr.intents.walks`,
JSON lines) or a table of four columns: text, intent it was routed by, what happened, and, where it
is known, the right intent. With the history beside a file, calls that an agent passed on to another
queue are known as well. Nothing is written but the list, until somebody has put `yes` before a line
of it and gives it back.
"""

import csv
import io
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from cordboard.cli.flow_file import FlowFile, read_understanding_flow
from cordboard.cli.kept_walks import passed_on_of, walks_of
from cordboard.cli.output import ERR, OUT, UserError, print_json
from cordboard.cli.releases import DATA, Data

if TYPE_CHECKING:
    from ivr.flow import Flow
    from ivr.intents.learning import Lesson, Proposal
    from ivr.intents.walks import Walk

COLUMNS = ("approve", "intent", "text", "calls", "reason", "taken for", "sure", "gain")
"""Of the list; `gain` is how many more of the flow's own examples are understood with it."""
YES = ("yes", "y", "x", "1", "true")
TABLE_COLUMNS_MIN = 3
ROUTED_RIGHT = "fine"
"""What a table writes of a call that went well: nothing to learn."""


def learn(
    flow: FlowFile,
    calls: Annotated[
        Path | None,
        typer.Argument(
            help="Past calls: walks as .jsonl, or a table text, routed, happened, meant."
        ),
    ] = None,
    history: Annotated[
        str,
        typer.Option(
            help="Database URL: the calls; beside a file, which of them an agent passed on."
        ),
    ] = "",
    centre: Annotated[
        Path | None,
        typer.Option(help="Folder of the centre, to open what its callers said (of --history)."),
    ] = None,
    data: Data = DATA,
    approve: Annotated[
        Path | None,
        typer.Option(help="A list with `yes` before what is right: put it into the flow's file."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")] = 50,
    out: Annotated[
        Path | None, typer.Option(help="A file for the list; else it is printed.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Propose new examples from past calls; with --approve, take over those a person agreed to."""
    if approve is not None and not (calls or history):
        _take_over(flow, approve)
        return
    if approve is not None or not (calls or history):
        raise UserError(
            "give either past calls to learn from, as a file or by --history and --centre,"
            " or --approve with a checked list"
        )
    if calls is None and centre is None:
        raise UserError("--history needs --centre: what callers said is opened by its keys")
    ready = read_understanding_flow(flow)
    if ready.understanding is None:
        raise UserError(f"{flow} has no two intents with examples; there is nothing to teach")
    lessons = (
        _lessons(ready, calls, history)
        if calls is not None
        else _kept_lessons(ready, history, centre or Path(), data)
    )
    rows = _rows(ready, lessons, limit)
    if as_json:
        print_json([dict(zip(COLUMNS[1:], row[1:], strict=True)) for row in rows])
        return
    _write(rows, out)
    what = "proposal" if len(rows) == 1 else "proposals"
    ERR.print(f"{len(rows)} {what}; write yes before those that are right, then give the list back")
    ERR.print(f"with cordboard intents learn {flow} --approve LIST", soft_wrap=True)


def _rows(ready: "Flow", lessons: "list[Lesson]", limit: int) -> list[tuple[str, ...]]:
    from ivr.intents.flows import examples_of, has_words, sentences_of
    from ivr.intents.learning import gains, propose

    known = [pair for pair in examples_of(ready.document) if has_words(pair[0])]
    assert ready.understanding is not None  # looked at before
    found = propose(lessons, known, ready.understanding, limit)
    changes = gains(found, known, sentences_of(ready))
    return [_row(one, change) for one, change in zip(found, changes, strict=True)]


def _row(one: "Proposal", gain: int) -> tuple[str, ...]:
    reason = ", ".join(kind.replace("_", " ") for kind in one.evidence)
    sure = f"{one.probability:.0%}"
    return ("", one.intent, one.text, str(one.count), reason, one.nearest, sure, f"{gain:+d}")


def _write(rows: Sequence[Sequence[str]], out: Path | None) -> None:
    text = io.StringIO()
    table = csv.writer(text, delimiter="\t", lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(rows)
    if out is None:
        print(text.getvalue(), end="")  # as it is: a console would turn tabs into spaces
        return
    try:
        out.write_text(text.getvalue(), encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot write {out}: {error.strerror}") from error


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{file} is not text in UTF-8: {error.reason}") from error


def _kept_lessons(ready: "Flow", history: str, centre: Path, data: Path) -> "list[Lesson]":
    """Return what the calls in a centre's history teach."""
    from ivr.intents.walks import lessons_of

    return list(lessons_of(ready, walks_of(history, ready, centre, data)))


def _lessons(ready: "Flow", calls: Path, history: str) -> "list[Lesson]":
    from ivr.intents.walks import lessons_of, read_walks

    text = _text_of(calls)
    if calls.suffix not in (".jsonl", ".json"):
        if history:
            raise UserError(
                f"--history needs walks with the ids of their calls; {calls} is a table"
            )
        return list(_of_table(ready, calls, text))
    try:
        walks = read_walks(text)
    except ValueError as wrong:
        raise UserError(f"{calls}: {wrong}") from wrong
    return list(lessons_of(ready, _with_history(walks, history) if history else walks))


def _with_history(walks: "list[Walk]", url: str) -> "list[Walk]":
    """Add where agents passed calls on, as history has it."""
    from msgspec.structs import replace

    passed = passed_on_of(url, {walk.call for walk in walks})
    return [replace(walk, passed_on_to=passed.get(walk.call, walk.passed_on_to)) for walk in walks]


def _of_table(ready: "Flow", file: Path, text: str) -> "Iterator[Lesson]":
    """Read the table, naming the line of a slip."""
    from ivr.intents.flows import examples_of
    from ivr.intents.learning import Evidence, Lesson
    from ivr.understanding import OUT_OF_SCOPE

    known = dict.fromkeys([*(label for _, label in examples_of(ready.document)), OUT_OF_SCOPE])
    kinds = {kind.replace("_", " "): kind for kind in get_args(Evidence)}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or (number == 1 and cells[0] == "text"):
            continue
        where = f"{file}, line {number}"
        if len(cells) < TABLE_COLUMNS_MIN or not cells[0]:
            raise UserError(f"{where}: expected text, routed, happened, meant with tabs between")
        said, routed, happened, meant = (*cells, "")[:4]
        if happened == ROUTED_RIGHT:
            continue
        evidence = kinds.get(happened.replace("_", " "))
        if evidence is None:
            expected = ", ".join([*kinds, ROUTED_RIGHT])
            raise UserError(f"{where}: {happened!r} is nothing that happens; write {expected}")
        for intent in filter(None, (routed, meant)):
            if intent not in known:
                names = ", ".join(known)
                raise UserError(f"{where}: there is no intent {intent!r}; there are: {names}")
        is_told = evidence in ("confirmed", "chosen")
        known_intent = meant or (routed if is_told else None)
        yield Lesson(said, known_intent, evidence, wrong=None if is_told else routed or None)


def _take_over(flow: Path, approved: Path) -> None:
    """Put the approved lines of a list into the flow's file."""
    from ivr.flow import FlowError
    from ivr.intents.adding import CannotAdd, with_examples

    additions = _approved(approved)
    count = sum(map(len, additions.values()))
    if not count:
        raise UserError(f"{approved} has no line with yes before it; nothing was changed")
    try:
        text = with_examples(flow.read_bytes().decode(), additions, file=str(flow))
        _replace(flow.resolve(), text)
    except (CannotAdd, FlowError) as wrong:
        raise UserError(str(wrong)) from wrong
    except OSError as error:
        raise UserError(f"cannot change {flow}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{flow} is not text in UTF-8: {error.reason}") from error
    named = ", ".join(f"{label} {len(said)}" for label, said in additions.items())
    OUT.print(f"{flow}: {count} new examples: {named}", markup=False, soft_wrap=True)
    OUT.print("Raise its version before callers hear it, and look with cordboard flow check.")


def _replace(file: Path, text: str) -> None:
    """Write a file anew, whole or not at all."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_bytes(text.encode())
    shutil.copymode(file, fresh)
    fresh.replace(file)


def _approved(file: Path) -> dict[str, list[str]]:
    """Read the approved sentences of a list by intent; each of them once."""
    try:
        rows = list(csv.reader(io.StringIO(_text_of(file)), delimiter="\t"))
    except csv.Error as error:
        raise UserError(f"{file} is no table with tabs: {error}") from error
    if not rows or tuple(rows[0][:3]) != COLUMNS[:3]:
        head = ", ".join(COLUMNS[:3])
        raise UserError(f"{file} is no list of proposals; its first columns must be {head}")
    found: dict[str, list[str]] = {}
    counts = Counter(row[2] for row in rows[1:] if _is_approved(row))
    for row in rows[1:]:
        if _is_approved(row):
            if counts[row[2]] > 1:
                raise UserError(f"{file}: {row[2]!r} is approved twice; it can mean one thing only")
            found.setdefault(row[1], []).append(row[2])
    return found


def _is_approved(row: Sequence[str]) -> bool:
    return len(row) >= TABLE_COLUMNS_MIN and row[0].strip().casefold() in YES
