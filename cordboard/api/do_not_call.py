"""The do-not-call list: numbers that asked not to be called. Nothing is ever taken off it here.

Numbers are personal, so they travel in bodies only, never in an address.
"""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from cordboard.api.operation import Asked, Operation
from cordboard.api.problems import bad_request
from cordboard.api.tokens import Scope
from cordboard.api.world import World
from cordboard.runtime.leads.desk import e164

NUMBERS_MAX = 1_000

Number = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]


class NumbersToForbid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers, in E.164."""

    numbers: Annotated[list[Number], msgspec.Meta(min_length=1, max_length=NUMBERS_MAX)]


class NumberToLookUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number, in E.164."""

    number: Number


@dataclass(frozen=True, slots=True)
class Forbidden:
    """How many numbers were put on the list."""

    added: int
    known: int  #: were on it already


@dataclass(frozen=True, slots=True)
class Found:
    """Whether a number may be called as far as the list says."""

    is_on_list: bool


def _forbid(world: World, asked: Asked) -> Forbidden:
    wanted: list[str] = []
    for index, text in enumerate(asked.body.numbers):
        wanted.append(_checked(text, f"numbers[{index}]"))
    wanted = list(dict.fromkeys(wanted))
    added = world.lists.forbid(wanted, world.now_ms(), f"token {asked.by}")
    return Forbidden(added, len(wanted) - added)


def _look_up(world: World, asked: Asked) -> Found:
    return Found(world.lists.is_forbidden(_checked(asked.body.number, "number")))


def _checked(text: str, place: str) -> str:
    """Return a number in E.164.

    Raises:
        ProblemError: It is none; nothing was changed.
    """
    number = e164(text)
    if number is None:
        raise bad_request(
            f"{place} is in no country's numbering plan; write it like +442079460123."
            " Nothing was changed"
        )
    return number


OPERATIONS = (
    Operation(
        name="forbidNumbers",
        method="POST",
        path="/do-not-call",
        scope=Scope.DO_NOT_CALL_WRITE,
        summary="Put numbers on the do-not-call list: all of them, or none if one is wrong.",
        answer=_forbid,
        gives=Forbidden,
        takes=NumbersToForbid,
    ),
    Operation(
        name="lookUpNumber",
        method="POST",
        path="/do-not-call/lookup",
        scope=Scope.DO_NOT_CALL_READ,
        summary="Tell whether a number is on the do-not-call list.",
        answer=_look_up,
        gives=Found,
        takes=NumberToLookUp,
    ),
)
