"""What an operation of the API is: one row that is served, guarded and described alike.

A resource lists its operations; `app` makes a route of each and `document` describes each, from the
same row, so that the description cannot tell anything else than what is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

import msgspec

from cordboard.api.tokens import Scope
from cordboard.api.world import World

PATH_VALUE = r"^[^/]{1,128}$"
"""What stands in a path: an id of ours, or a name of the settings."""


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No query parameters."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, decoded and allowed."""

    by: str  #: the token's name
    path: Mapping[str, str]
    query: Any  #: of the operation's type
    body: Any  #: of the operation's type; None if it takes none


Answer = Callable[[World, Asked], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation."""

    name: str  #: as clients call it: a verb and a noun, in camel case
    method: Literal["GET", "POST"]
    path: str  #: below /api/v1, with values as {name}
    scope: Scope | None  #: None: open to everybody
    summary: str
    answer: Answer
    gives: type  #: what is answered
    takes: type | None = None  #: the body
    query: type = Nothing
    status: HTTPStatus = HTTPStatus.OK
    problems: tuple[HTTPStatus, ...] = field(default=())  #: beside those that every one has
