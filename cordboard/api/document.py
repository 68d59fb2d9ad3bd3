"""The API's description, as OpenAPI 3.1, made from the operations themselves.

Source: https://spec.openapis.org/oas/v3.1.0 (its schemas are JSON Schema 2020-12, which is what
msgspec writes).
"""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from cordboard.api.operation import PATH_VALUE, Nothing, Operation
from cordboard.api.problems import MEDIA_TYPE, Problem

REFERENCE = "#/components/schemas/{name}"

_Plain = dict[str, Any]


def document_of(operations: Sequence[Operation], base: str) -> _Plain:
    """Return the OpenAPI document of the operations served below `base`."""
    types = {kind for each in operations for kind in (each.gives, each.takes, each.query) if kind}
    types -= {Nothing}
    ordered = [Problem, *sorted(types, key=lambda kind: kind.__name__)]
    schemas, components = msgspec.json.schema_components(ordered, ref_template=REFERENCE)
    by_type = dict(zip(ordered, schemas, strict=True))
    queries = {each.query.__name__ for each in operations} - {Nothing.__name__}
    parameters = {name: components.pop(name) for name in sorted(queries)}
    paths: dict[str, _Plain] = {}
    for each in operations:
        shape = _operation(each, by_type, parameters.get(each.query.__name__, {}))
        paths.setdefault(each.path, {})[each.method.lower()] = shape
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Cordboard",
            "version": "1",
            "description": "A contact centre: lists, campaigns, the floor, contacts, measures.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by `cordboard account token create`.",
                }
            },
        },
    }


def _operation(each: Operation, by_type: Mapping[type, _Plain], query: Mapping[str, Any]) -> _Plain:
    shape: _Plain = {
        "operationId": each.name,
        "summary": each.summary,
        "parameters": [*_path_parameters(each.path), *_query_parameters(query)],
        "responses": {
            str(each.status.value): {
                "description": each.status.phrase,
                "content": {"application/json": {"schema": by_type[each.gives]}},
            },
            **{str(problem.value): _problem(problem) for problem in problems_of(each)},
        },
    }
    if each.scope is None:
        shape["security"] = []
    else:
        shape["description"] = f"Needs the scope `{each.scope}`."
    if each.takes is not None:
        content = {"application/json": {"schema": by_type[each.takes]}}
        shape["requestBody"] = {"required": True, "content": content}
    return shape


def problems_of(each: Operation) -> list[HTTPStatus]:
    """Return every problem an operation may answer with, in order."""
    found = {HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS, *each.problems}
    if each.scope is not None:
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE}
    if each.takes is not None:
        found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
    if "{" in each.path:
        found |= {HTTPStatus.NOT_FOUND}
    return sorted(found)


def _path_parameters(path: str) -> list[_Plain]:
    schema = {"type": "string", "pattern": PATH_VALUE}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(query: Mapping[str, Any]) -> list[_Plain]:
    return [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in query.get("properties", {}).items()
    ]


def _problem(status: HTTPStatus) -> _Plain:
    schema = {"$ref": REFERENCE.format(name=Problem.__name__)}
    return {"description": status.phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
