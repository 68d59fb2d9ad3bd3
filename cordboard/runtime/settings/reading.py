"""Settings files to documents, with errors that name file, line, path, value and what is right.

The text is read by the same rules as call flows (`ivr.flow.source`), which remember on which line
every value stands; the shape is checked by `msgspec`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from acd.config import ConfigError
from ivr.flow import FlowError
from ivr.flow.decoding import decode as decode_document
from ivr.flow.source import Path as Place
from ivr.flow.source import Source, read_source

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


def decode(source: Source, kind: type[_Document], tables: Mapping[str, Any]) -> _Document:
    """Make a document of a file's values.

    Args:
        source: The file.
        kind: What the document is.
        tables: Fields of it with free keys, and what each of their entries is.

    Raises:
        SettingsError: The values have another shape.
    """
    try:
        return decode_document(source, kind, tables)
    except FlowError as error:
        raise SettingsError(str(error)) from None


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
