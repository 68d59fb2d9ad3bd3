"""Messages as plain data and back: what a journal, an outbox or an audit stream can hold.

A message becomes its class name and a dict of its fields without `at_ms`: the instant belongs to
the place in the journal, not to the writer. Enums become their values, tuples lists, messages
inside messages dicts (with every field, `at_ms` too). The classes themselves are the schema: their
annotations are read once, when a `Codec` is made, and turned into one checking function per field.

Reading is strict, because a journal is read again years later: an unknown type, an unknown or a
missing field, a number where a text belongs are refused with one sentence that says what would be
right. Values are never shown in such a sentence, as they may be personal.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, Generic, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from acd.commands import Command
from acd.events import Event
from acd.messages import EngineError, EventError
from acd.notices import Notice

EVENTS: tuple[type[Event], ...] = get_args(Event)
COMMANDS: tuple[type[Command], ...] = get_args(Command)
NOTICES: tuple[type[Notice], ...] = get_args(Notice)

_Message = TypeVar("_Message")
_Reader = Callable[[object], object]
_SCALARS = {int: "a whole number", str: "a text", bool: "true or false"}


class Codec(Generic[_Message]):
    """Turns the messages of a given set of classes into plain data and back.

    Example:
        >>> codec: Codec[Event] = Codec(EVENTS)
        >>> codec.encode(codec.decode("AgentWentReady", {"agent_id": "ana"}, at_ms=5))
        ('AgentWentReady', {'agent_id': 'ana'})
    """

    def __init__(self, types: Iterable[type[_Message]]) -> None:
        self._schemas = {cls.__name__: _Schema(cls) for cls in types}
        self.names = tuple(self._schemas)

    def encode(self, message: _Message) -> tuple[str, dict[str, object]]:
        """Return the name of the message's class and its fields, without `at_ms`.

        Raises:
            EngineError: The class is none of this codec's; whoever wrote the call must add it.
        """
        name = type(message).__name__
        if name not in self._schemas:
            raise EngineError(f"{name} is not among the messages of this codec")
        facts = _plain_fields(message)
        facts.pop("at_ms", None)
        return name, facts

    def decode(self, name: str, facts: Mapping[str, object], at_ms: int) -> _Message:
        """Build the message again; `at_ms` goes to its field of that name, if it has one.

        Raises:
            EventError: The name or the facts are wrong; whoever wrote them must change them.
        """
        schema = self._schemas.get(name)
        if schema is None:
            raise EventError(f"there is no message named '{name[:64]}'")
        return cast("_Message", schema.read(facts, at_ms))


class _Schema:
    """One class: how each of its fields is read, and which may be missing."""

    def __init__(self, cls: type) -> None:
        self._cls = cls
        hints = get_type_hints(cls)
        known = fields(cls)
        self._readers = {field.name: _reader(hints[field.name], cls) for field in known}
        self._required = [
            field.name
            for field in known
            if field.default is MISSING and field.default_factory is MISSING
        ]
        self._has_instant = "at_ms" in self._readers

    def read(self, facts: Mapping[str, object], at_ms: int | None) -> object:
        """Check every fact and build the message; `at_ms` None means it is among the facts."""
        name = self._cls.__name__
        values: dict[str, object] = {}
        for key, value in facts.items():
            reader = self._readers.get(key)
            if reader is None or (key == "at_ms" and at_ms is not None):
                raise EventError(f"{name} has no field '{key[:64]}'")
            try:
                values[key] = reader(value)
            except _UnfitError as unfit:
                raise EventError(f"{name}.{key} must be {unfit}") from None
        if at_ms is not None and self._has_instant:
            values["at_ms"] = at_ms
        for key in self._required:
            if key not in values:
                raise EventError(f"{name}.{key} is missing")
        return self._cls(**values)


class _UnfitError(Exception):
    """A value does not fit its field; the text says what would."""


def _plain_fields(message: object) -> dict[str, object]:
    return {
        field.name: _plain(getattr(message, field.name)) for field in fields(cast("Any", message))
    }


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return _plain_fields(value)


def _reader(hint: object, owner: type) -> _Reader:
    """Choose how a field of this type is read. Called once per field, when a codec is made."""
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _read_optional(arguments, owner)
    if origin is tuple:
        return _read_tuple(_reader(arguments[0], owner))
    if origin is not None and issubclass(origin, Mapping):
        return _read_mapping(_reader(arguments[1], owner))
    if isinstance(hint, type):
        return _read_class(hint, owner)
    raise EngineError(f"{owner.__name__} has a field of type {hint}, which no journal can hold")


def _read_class(kind: type, owner: type) -> _Reader:
    if kind is object:
        return _read_any
    if kind in _SCALARS:
        return _read_scalar(kind)
    if issubclass(kind, Enum):
        return _read_enum(kind)
    if is_dataclass(kind):
        return _read_message(_Schema(kind))
    raise EngineError(f"{owner.__name__} has a {kind.__name__}, which no journal can hold")


def _read_scalar(kind: type) -> _Reader:
    def read(value: object) -> object:
        if type(value) is not kind:
            raise _UnfitError(_SCALARS[kind])
        return value

    return read


def _read_enum(kind: type[Enum]) -> _Reader:
    members = {member.value: member for member in kind}

    def read(value: object) -> object:
        if not isinstance(value, str) or value not in members:
            raise _UnfitError(f"one of {', '.join(members)}")
        return members[str(value)]

    return read


def _read_optional(arguments: tuple[object, ...], owner: type) -> _Reader:
    inner = [argument for argument in arguments if argument is not type(None)]
    if len(inner) != 1 or len(arguments) != 2:
        raise EngineError(f"{owner.__name__} has a field that may be of several types")
    reader = _reader(inner[0], owner)
    return lambda value: None if value is None else reader(value)


def _read_tuple(reader: _Reader) -> _Reader:
    def read(value: object) -> object:
        if not isinstance(value, list | tuple):
            raise _UnfitError("a list")
        return tuple(reader(item) for item in value)

    return read


def _read_mapping(reader: _Reader) -> _Reader:
    def read(value: object) -> object:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise _UnfitError("a mapping from texts")
        return {key: reader(item) for key, item in value.items()}

    return read


def _read_message(schema: _Schema) -> _Reader:
    def read(value: object) -> object:
        if not isinstance(value, Mapping):
            raise _UnfitError("a mapping of fields")
        return schema.read(value, None)

    return read


def _read_any(value: object) -> object:
    """Let any plain value through: the field's owner checks it further."""
    return value
