"""Settings files to documents, with errors that name file, line, path, value and what is right.

The text is read by the same rules as call flows (`ivr.flow.source`), which remember on which line
every value stands; the shape is checked by `msgspec`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from acd.config import ConfigError
from ivr.flow import FlowError
from ivr.flow.source import Path as Place
from ivr.flow.source import Plain, Source, read_source

_WHAT_AND_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<at>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+|\.\.\.)\]")
_MILLISECONDS = re.compile(
    r"(?P<name>\w+?)_ms(?P<rest>_max|_min)? is (?P<is>\d+);"
    r" it must be (?P<low>\d+) to (?P<high>\d+)"
)

_Document = TypeVar("_Document")


class SettingsError(Exception):
    """A settings file cannot be used; whoever wrote it must change it. One line for people."""


def read_settings_source(path: Path) -> Source:
    """Read a YAML file.

    Raises:
        SettingsError: There is no such file, or it is not YAML.
    """
    try:
        return read_source(path.read_bytes(), file=str(path))
    except FlowError as error:
        raise SettingsError(str(error)) from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error


def decode(source: Source, kind: type[_Document]) -> _Document:
    """Make a document of a file's values.

    Raises:
        SettingsError: The values have another shape.
    """
    try:
        return msgspec.convert(source.value, kind)
    except msgspec.ValidationError as error:
        found = _WHAT_AND_WHERE.match(str(error))
        assert found is not None  # the pattern matches any text
        place, value = _place(found["at"] or "", source.value)
        what = found["what"][:1].lower() + found["what"][1:]
        if isinstance(value, str | int | float):
            what += f", found {value!r}"
        raise SettingsError(str(source.error(place, what))) from None


def _place(at: str, value: Plain) -> tuple[Place, Plain]:
    """Return the path the codec means, and the value there.

    Where a name is a free key the codec writes `[...]`; the path then ends above it.
    """
    path: list[str | int] = []
    for name, index in _STEP.findall(at):
        if index == "...":
            return tuple(path), None
        step: str | int = int(index) if index else name
        path.append(step)
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            value = None
    return tuple(path), value


@contextmanager
def placing(source: Source, place: Place) -> Iterator[None]:
    """Turn errors of settings that are made from this place of a file into `SettingsError`."""
    try:
        yield
    except (ConfigError, ValueError) as error:
        problem = _MILLISECONDS.sub(_in_seconds, str(error))
        raise SettingsError(str(source.error(place, problem))) from error


def _in_seconds(found: re.Match[str]) -> str:
    """Say in seconds what a setting in milliseconds must be: files are written in seconds."""
    name = f"{found['name']}_s{found['rest'] or ''}"
    value, low, high = (f"{int(found[part]) / 1_000:g}" for part in ("is", "low", "high"))
    return f"{name} is {value}; it must be {low} to {high}"
