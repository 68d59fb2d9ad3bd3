"""From a text's values to a document of a known shape, or an error with its place and the value.

The codec names places by the fields it knows and leaves out free keys, such as the name of a node.
Tables with free keys are therefore decoded entry by entry first, so that an error names its entry.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from ivr.flow.source import Path, Plain, Source

_MESSAGE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<at>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+|\.\.\.)\]")

SHOWN_MAX = 60
"""A wrong value is shown to be found, not to be read."""
_Document = TypeVar("_Document")


def decode(source: Source, of: type[_Document], tables: Mapping[str, Any]) -> _Document:
    """Make a document of a text's values.

    Args:
        source: The text.
        of: What the document is.
        tables: Fields of it with free keys, and what each of their entries is.

    Raises:
        FlowError: The author made a mistake; the message says where and what would be right.
    """
    values = source.value if isinstance(source.value, dict) else {}
    for table, entry in tables.items():
        entries = values.get(table)
        if isinstance(entries, dict):
            for name, value in entries.items():
                _decode(value, entry, (table, name), source)
    return _decode(source.value, of, (), source)


def _decode(value: Plain, of: type[_Document], path: Path, source: Source) -> _Document:
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
        what += f", found {_brief(repr(at))}"
    return what, tuple(path)


def _brief(text: str) -> str:
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}..."


def _child(value: Plain, step: str | int) -> Plain:
    """Follow one step of the codec's path, which leads only where there is something."""
    if isinstance(value, dict):
        return value[str(step)]
    assert isinstance(value, list)  # the codec has just been there
    return value[int(step)]
