"""Reads scenario files, and says of a wrong one in a sentence where it is wrong.

The sentence names the line, the place and the value found there, and what would be right. What a
scenario means is written in `simulator.scenario`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from simulator.scenario import CalledPeople, CallType, Scenario, ScenarioError, Worker


class _Loader(yaml.SafeLoader):
    """YAML without base-60 numbers: 10:30 is a time of day, not 630."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$"),
    list("-+0123456789."),
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789")
)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        ScenarioError: The file cannot be read or its text is no scenario; the message names file,
            place and value, and says what would be right.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    try:
        return decode_scenario(text)
    except ScenarioError as error:
        raise ScenarioError(f"{path}: {error}") from error


def decode_scenario(text: str) -> Scenario:
    """Turn the text of a scenario file into a scenario.

    Raises:
        ScenarioError: The text is no scenario; the message names the place and the value, and says
            what would be right.
    """
    try:
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader with fewer rules)
    except yaml.YAMLError as error:
        raise ScenarioError(f"not valid YAML: {error}") from error
    try:
        scenario = msgspec.convert(raw, Scenario)
    except msgspec.ValidationError as error:
        raise ScenarioError(_with_line(text, _complaint(error, raw))) from error
    for place in _unknown_places(raw, msgspec.to_builtins(scenario), ""):
        wrong = f"{place} is not a setting; look for a misspelling"
        raise ScenarioError(_with_line(text, wrong))
    return scenario


def _with_line(text: str, sentence: str) -> str:
    """Put the line before a sentence that begins with a place, as far as the place is found."""
    node, line = yaml.compose(text, Loader=_Loader), 0
    for key in re.findall(r"[^.\[\]:]+", sentence.partition(" ")[0]):
        if isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
            node = node.value[int(key)]
        elif isinstance(node, yaml.MappingNode):
            pairs = {name.value: (name, value) for name, value in node.value}
            if key not in pairs:
                break
            name, node = pairs[key]
            line = name.start_mark.line + 1
            continue
        else:
            break
        line = node.start_mark.line + 1
    return f"line {line}: {sentence}" if line else sentence


_PARTS: dict[str, type] = {"calls": CallType, "agents": Worker, "campaigns": CalledPeople}
"""Sections that hold named parts, tried one by one to say in which of them the mistake is."""


def _complaint(error: msgspec.ValidationError, raw: object) -> str:
    """Say what is wrong, and where."""
    for section, kind in _PARTS.items():
        parts = raw.get(section) if isinstance(raw, Mapping) else None
        for name, part in parts.items() if isinstance(parts, Mapping) else ():
            try:
                msgspec.convert(part, kind)
            except msgspec.ValidationError as wrong:
                return _sentence(wrong, part, f"{section}.{name}")
    return _sentence(error, raw, "")


def _sentence(error: msgspec.ValidationError, raw: object, prefix: str) -> str:
    """Put place and value before what would be right."""
    complaint, _, path = str(error).partition(" - at `$")
    inside = path.rstrip("`")
    place = f"{prefix}{inside}".lstrip(".")
    value = _value_at(raw, inside)
    shown = "" if isinstance(value, Mapping | list) or not place else f" is {value!r}"
    return f"{place}{shown}: {complaint}" if place else complaint


def _value_at(raw: object, place: str) -> object:
    """Follow a path such as `.shifts[0].from`; a key shown as `...` cannot be followed."""
    value: Any = raw
    for key in re.findall(r"[^.\[\]]+", place):
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, ValueError, TypeError):
            return []
    return value


def _unknown_places(raw: object, known: object, place: str) -> Iterator[str]:
    """Yield the places of the text that no record has taken up."""
    if isinstance(raw, Mapping) and isinstance(known, Mapping):
        for key, value in raw.items():
            inside = f"{place}.{key}".lstrip(".")
            if key not in known:
                yield inside
            else:
                yield from _unknown_places(value, known[key], inside)
    elif isinstance(raw, list) and isinstance(known, list | tuple):
        for index, (value, taken) in enumerate(zip(raw, known, strict=False)):
            yield from _unknown_places(value, taken, f"{place}[{index}]")
