"""Flow text to a flow that can be walked, or an error that an author can act on.

Reading checks the shape: every field known, of the right type and within its bounds, every calendar
real, and the few names present without which not even an apology could be given. Whether names
lead somewhere and whether callers can be trapped is left to `ivr.proofs`, which reports all
findings at once instead of the first.
"""

import re
from typing import Any, TypeVar

import msgspec

from ivr.flow.document import Entry, FlowDocument, Intent, Tongue
from ivr.flow.nodes import Node
from ivr.flow.ready import Flow
from ivr.flow.source import Path, Plain, Source, read_source
from ivr.hours import OfficeHours, OpeningHours, local_time, opening_hours

_MESSAGE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<at>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+|\.\.\.)\]")
_Decoded = TypeVar("_Decoded")


def read_flow(text: str | bytes, *, file: str) -> Flow:
    """Read a flow.

    Args:
        text: The document, YAML in UTF-8.
        file: Its name, for errors.

    Raises:
        FlowError: The author made a mistake; the message says where and what would be right.
    """
    source = read_source(text, file=file)
    document = _document(source)
    hours = {name: _hours(source, name, written) for name, written in document.hours.items()}
    for name in ("start", "person"):
        target = getattr(document, name)
        if target not in document.nodes:
            problem = (
                f"leads to {target!r}, which is no node; there are: {', '.join(document.nodes)}"
            )
            raise source.error((name,), problem)
    try:
        local = local_time(document.zone)
    except ValueError as wrong:
        raise source.error(("zone",), str(wrong)) from None
    return Flow(
        document=document,
        file=file,
        nodes=document.nodes,
        hours=hours,
        local=local,
        lines=source.lines,
    )


def _document(source: Source) -> FlowDocument:
    if not isinstance(source.value, dict):
        raise source.error((), "is no flow; a flow begins with name, version, start, person, nodes")
    plain = dict(source.value)
    for table, of in _TABLES.items():
        entries = plain.get(table)
        if isinstance(entries, dict):
            for name, value in entries.items():
                _decode(value, of, (table, name), source)
    return _decode(plain, FlowDocument, (), source)


_TABLES: dict[str, Any] = {
    "languages": Tongue,
    "hours": OfficeHours,
    "intents": Intent,
    "answers": Entry,
    "nodes": Node,
}
"""Tables decoded entry by entry, so that an error names its entry; what each entry is."""


def _decode(value: Plain, of: type[_Decoded], path: Path, source: Source) -> _Decoded:
    try:
        return msgspec.convert(value, of, str_keys=True)
    except msgspec.ValidationError as wrong:
        what, inner = _parts(str(wrong), value)
        raise source.error((*path, *inner), what) from None


def _parts(message: str, value: Plain) -> tuple[str, Path]:
    """Split the codec's message into a sentence and the path below the decoded value."""
    found = _MESSAGE.match(message)
    assert found is not None  # the pattern matches any text
    path: list[str | int] = []
    at: Plain = value
    for name, index in _STEP.findall(found["at"] or ""):
        if index == "...":
            break
        step: str | int = int(index) if index else name
        path.append(step)
        at = _child(at, step)
    what = found["what"]
    what = what[:1].lower() + what[1:]
    if isinstance(at, (str, int, float)):
        what += f", found {at!r}"
    return what, tuple(path)


def _child(value: Plain, step: str | int) -> Plain:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _hours(source: Source, name: str, written: OfficeHours) -> OpeningHours:
    try:
        return opening_hours(written)
    except ValueError as wrong:
        raise source.error(("hours", name), str(wrong)) from None
