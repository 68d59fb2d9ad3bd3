"""From a document's fields to a configuration: same names, seconds turned into milliseconds.

A configuration is a dataclass that checks itself; what it refuses is reported with the place in the
file. A field the document leaves out has the configuration's own default.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from acd.channels import Channel
from acd.config import ConfigError
from cordboard.runtime.settings.reading import placing
from dialer.config import Detection, MachinePolicy
from ivr.flow.source import Source

_SECONDS = re.compile(r"(?<!_per)_s(?=$|_max$|_min$)")

_WORDS: Mapping[str, type[StrEnum]] = {
    "channel": Channel,
    "detection": Detection,
    "machine_policy": MachinePolicy,
}
"""Fields whose text is one of a few words."""

_Config = TypeVar("_Config")


def make_config(
    source: Source,
    place: tuple[str, ...],
    make: Callable[..., _Config],
    document: msgspec.Struct,
    **given: object,
) -> _Config:
    """Make a configuration of what a document tells, and of what is given beside it.

    Raises:
        SettingsError: A value cannot be right; the text says where and what would be.
    """
    known = make.__dataclass_fields__  # type: ignore[attr-defined]  # every configuration is a dataclass
    told: dict[str, Any] = {}
    for name in document.__struct_fields__:
        value = getattr(document, name)
        target = _SECONDS.sub("_ms", name)
        if value is UNSET or target not in known or target in given:
            continue
        if target != name:
            value = round(value * 1_000)
        told[target] = tuple(value) if isinstance(value, list) else value
    with placing(source, place):
        for name in sorted(told.keys() & _WORDS.keys()):
            told[name] = _word(name, told[name])
        return make(**told, **given)


def _word(name: str, text: str) -> StrEnum:
    kind = _WORDS[name]
    try:
        return kind(text)
    except ValueError:
        raise ConfigError(f"{name} is '{text}'; use one of {', '.join(kind)}") from None
