"""Transition tables: what each fact means for a record in each of its states, written as text.

A table has a row per state and a column per trigger, and every cell says one of three things:

- a state: the record goes there, or stays if it is its own;
- `stale`: an honest race (the agent accepted just after the ring timed out). Counted, no effect;
- `impossible`: cannot be. A fact from outside that says so is put aside with an `EventError`; if we
  asked for it ourselves, it is an `EngineError`.

Tables are read once, at import, and refused when a row, a column or a cell is missing, so no case
is forgotten silently. The diagrams in the documentation are made from the same text.
"""

from enum import StrEnum
from typing import Final, Generic, TypeVar

from acd.messages import EngineError, EventError

_State = TypeVar("_State", bound=StrEnum)
_Trigger = TypeVar("_Trigger", bound=StrEnum)

STALE: Final = "stale"
IMPOSSIBLE: Final = "impossible"


class Table(Generic[_State, _Trigger]):
    """A complete transition table.

    Example:
        >>> class Door(StrEnum):
        ...     OPEN = "open"
        ...     SHUT = "shut"
        >>> class Push(StrEnum):
        ...     PUSH = "push"
        >>> doors = Table("door", Door, Push, '''
        ...            push
        ...     open   shut
        ...     shut   stale
        ... ''')
        >>> doors.turn(Door.OPEN, Push.PUSH)
        <Door.SHUT: 'shut'>
        >>> doors.turn(Door.SHUT, Push.PUSH) is None
        True
    """

    __slots__ = ("_cells", "noun", "rows")

    def __init__(
        self, noun: str, states: type[_State], triggers: type[_Trigger], text: str
    ) -> None:
        self.noun = noun
        self.rows = _parse(noun, states, triggers, text)  #: state -> trigger -> state or verdict
        known = {str(state): state for state in states}
        self._cells: dict[_State, dict[_Trigger, _State | None]] = {
            state: {trigger: known.get(word) for trigger, word in row.items() if word != IMPOSSIBLE}
            for state, row in self.rows.items()
        }

    def turn(self, state: _State, trigger: _Trigger) -> _State | None:
        """Return the next state, or None when the trigger is stale.

        Raises:
            EventError: The cell is impossible; whoever told the fact is wrong.
        """
        try:
            return self._cells[state][trigger]
        except KeyError:
            raise EventError(f"a {self.noun} that is {state} cannot be {trigger}") from None

    def force(self, state: _State, trigger: _Trigger) -> _State:
        """Return the next state for a step of our own, which must be possible.

        Raises:
            EngineError: It is not; this module's caller is wrong.
        """
        following = self._cells[state].get(trigger)
        if following is None:
            raise EngineError(f"a {self.noun} that is {state} was to be {trigger}")
        return following

    def mermaid(self) -> str:
        """Return the table as a Mermaid state diagram; loops and stale cells are left out."""
        arrows: dict[tuple[str, str], list[str]] = {}
        for state, row in self.rows.items():
            for trigger, word in row.items():
                if word not in (STALE, IMPOSSIBLE, state):
                    arrows.setdefault((state, word), []).append(trigger)
        first = next(iter(self.rows))
        lines = ["stateDiagram-v2", f"    [*] --> {first}"]
        for (before, after), triggers in arrows.items():
            lines.append(f"    {before} --> {after}: {', '.join(triggers)}")
        return "\n".join(lines)


def _parse(
    noun: str, states: type[_State], triggers: type[_Trigger], text: str
) -> dict[_State, dict[_Trigger, str]]:
    lines = [line.split() for line in text.splitlines() if line.strip()]
    columns = [triggers(word) for word in lines[0]]
    rows = {states(words[0]): dict(zip(columns, words[1:], strict=True)) for words in lines[1:]}
    if len(columns) != len(set(triggers)) or set(columns) != set(triggers):
        raise EngineError(f"the table of a {noun} must have each trigger as a column once")
    if list(rows) != list(states):
        raise EngineError(f"the table of a {noun} must have each state as a row, in their order")
    allowed = {STALE, IMPOSSIBLE, *states}
    for row in rows.values():
        for word in row.values():
            if word not in allowed:
                raise EngineError(f"the table of a {noun} says '{word}', which is no state of it")
    return rows
