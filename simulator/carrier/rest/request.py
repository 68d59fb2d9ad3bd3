"""One REST request, read: its parameters by name and kind; and the answer to it."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import MultiDict

from simulator.carrier.calls import Callback
from simulator.carrier.rest.errors import invalid, missing


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and JSON body of an answer; None sends no body."""

    body: Mapping[str, Any] | None
    status: int = 200
    sound: bytes = b""
    """Sent instead of JSON; a part of it when the request asks for one."""


@dataclass(frozen=True, slots=True)
class Form:
    """The parameters of a request: of the form when posted, of the query otherwise."""

    values: MultiDict[str, str]
    path: str

    def text(self, name: str, default: str = "") -> str:
        """Return one value, the default when absent."""
        return self.values.get(name, default)

    def required(self, name: str) -> str:
        """Return one value; refuse the request when it is absent or blank."""
        value = self.values.get(name, "")
        if not value:
            raise missing(name)
        return value

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a repeated parameter; words in one value count separately."""
        return tuple(word for value in self.values.getlist(name) for word in value.split())

    def flag(self, name: str, *, default: bool | None = None) -> bool | None:
        """Return a boolean; refuse anything but true and false."""
        value = self.values.get(name)
        if value is None:
            return default
        if value.lower() not in {"true", "false"}:
            raise invalid(20001, f"{name} is {value!r}; it must be true or false")
        return value.lower() == "true"

    def number(self, name: str, default: int, *, least: int, most: int, code: int = 20001) -> int:
        """Return an integer; refuse one that is not, or out of range (bounds included)."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
            raise invalid(code, f"{name} is {value!r}; it must be a number from {least} to {most}")
        return int(value)

    def url(self, name: str) -> str:
        """Return an absolute URL, "" when absent; refuse anything else (21205)."""
        value = self.values.get(name, "")
        if value and not value.startswith(("http://", "https://")):
            raise invalid(21205, f"{name} is not a valid URL: {value!r}")
        return value

    def callback(self, prefix: str, default_events: Sequence[str] = ("completed",)) -> Callback:
        """Return where events go, from `<prefix>`, `<prefix>Method` and `<prefix>Event`."""
        events = self.all(f"{prefix}Event") or tuple(default_events)
        return Callback(self.url(prefix), self.text(f"{prefix}Method", "POST"), events)

    def time_filter(self, name: str) -> "TimeFilter":
        """Return the filters `name`, `name<` and `name>`, as far as they were given."""
        given = {}
        for sign, holds in COMPARISONS.items():
            text = self.values.get(name + sign)
            if text:
                given[sign] = (holds, _instant(name + sign, text))
        return TimeFilter(tuple(given.values()))


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """Which instants are asked for; an instant that has not come passes only an empty filter."""

    limits: tuple[tuple[Callable[[datetime, datetime], bool], datetime], ...]

    def passes(self, instant: datetime | None) -> bool:
        """Say whether an instant is asked for."""
        if instant is None:
            return not self.limits
        return all(holds(instant, limit) for holds, limit in self.limits)


#: A date alone asks for that day; the signs are part of the parameter's name.
COMPARISONS: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "": lambda instant, limit: instant.date() == limit.date(),
    "<": operator.le,
    ">": operator.ge,
}


def _instant(name: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(20001, f"{name} is {text!r}; write it as 2026-11-03 or with a time") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


#: Handles one kind of request: parameters and the variable parts of the path.
Handler = Callable[..., Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """Which requests a handler answers: a path below the account, and a method."""

    rule: str
    method: str
    handle: Handler


def page(
    form: Form, key: str, items: Sequence[Any], show: Callable[[Any], Mapping[str, Any]]
) -> Reply:
    """Answer one page of a list, with the addresses of its neighbours."""
    size = form.number("PageSize", 50, least=1, most=1000)
    index = form.number("Page", 0, least=0, most=10**9)
    begin = index * size
    shown = items[begin : begin + size]

    def address(number: int) -> str:
        filters = [
            (name, value)
            for name, value in form.values.items(multi=True)
            if name not in {"Page", "PageSize", "PageToken"}
        ]
        query = [*filters, ("PageSize", str(size)), ("Page", str(number))]
        if number:
            query.append(("PageToken", f"PA{number}"))
        return form.path + "?" + "&".join(f"{_quote(n)}={_quote(v)}" for n, v in query)

    return Reply(
        {
            key: [show(item) for item in shown],
            "first_page_uri": address(0),
            "next_page_uri": address(index + 1) if begin + size < len(items) else None,
            "previous_page_uri": address(index - 1) if index else None,
            "page": index,
            "page_size": size,
            "start": begin,
            "end": begin + max(0, len(shown) - 1),
            "uri": address(index),
        }
    )


def _quote(text: str) -> str:
    return quote(text, safe="")
