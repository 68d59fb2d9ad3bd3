"""What a browser may send to a page for an update: only what the page itself declares.

Dash trusts its own script: a body that was written by hand makes it fail with a fault of ours. So
each update is held against the page's callbacks first: that there is one for this output, and that
every output, input and state has the id and the property it should have. Anything else is a bad
request and reaches no callback. Values are the callbacks' own business: they are checked there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from dash import Dash
from flask import Flask, abort, request

UPDATE = "_dash-update-component"


class Property(msgspec.Struct, frozen=True):
    """One property of one component, as the browser sends it."""

    id: str | dict[str, str | int | float | bool]
    property: str
    value: Any = None


class Update(msgspec.Struct, frozen=True, rename={"changed": "changedPropIds"}):
    """An update that a page asks for."""

    output: str
    inputs: list[Property | list[Property]]
    changed: list[str]
    outputs: Property | list[Property | list[Property]] = []
    state: list[Property | list[Property]] = []


def guard_updates(app: Flask, page: Dash, path: str) -> None:
    """Refuse updates of a page that no callback of it asks for."""

    def guard() -> None:
        if request.method == "POST" and request.path == f"{path}{UPDATE}" and not _fits(page):
            abort(400)

    app.before_request(guard)


def _fits(page: Dash) -> bool:
    page._setup_server()  # type: ignore[no-untyped-call]  # noqa: SLF001  (fills the map, once)
    try:
        update = msgspec.json.decode(request.get_data(), type=Update)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    callback = page.callback_map.get(update.output)
    if callback is None:
        return False
    output = [] if callback.get("no_output") else callback["output"]
    given = [
        {"id": one.component_id_str(), "property": one.component_property}
        for one in (output if isinstance(output, list | tuple) else [output])
    ]
    wanted = update.outputs if isinstance(update.outputs, list) else [update.outputs]
    return (
        _match(wanted, given)
        and _match(update.inputs, callback["inputs"])
        and _match(update.state, callback["state"])
        and set(update.changed) <= {_name(one) for one in _flat(update.inputs)}
    )


def _match(
    sent: Sequence[Property | list[Property]], declared: Sequence[Mapping[str, str]]
) -> bool:
    """Tell whether all that was sent is what is declared, in order."""
    pairs = zip(sent, declared, strict=False)
    return len(sent) == len(declared) and all(_matches(one, two) for one, two in pairs)


def _matches(sent: Property | list[Property], declared: Mapping[str, str]) -> bool:
    """Tell whether what was sent is the declared property, or several that its pattern takes."""
    is_pattern = declared["id"].startswith("{")
    if isinstance(sent, list):
        return is_pattern and all(_is_one(one, declared, is_pattern=True) for one in sent)
    return not is_pattern and _is_one(sent, declared, is_pattern=False)


def _is_one(sent: Property, declared: Mapping[str, str], *, is_pattern: bool) -> bool:
    if _bare(sent.property) != _bare(declared["property"]):
        return False
    if isinstance(sent.id, str):
        return not is_pattern and sent.id == declared["id"]
    keys = msgspec.json.decode(declared["id"], type=dict[str, Any]) if is_pattern else {}
    return set(sent.id) == set(keys)


def _bare(name: str) -> str:
    """Return a property's name without the mark of an output that several callbacks have."""
    return name.partition("@")[0]


def _flat(properties: list[Property | list[Property]]) -> list[Property]:
    return [one for each in properties for one in (each if isinstance(each, list) else [each])]


def _name(one: Property) -> str:
    if isinstance(one.id, str):
        return f"{one.id}.{one.property}"
    return f"{msgspec.json.encode(one.id, order='sorted').decode()}.{one.property}"
