"""The API's routes on a Flask application: who asks, whether they may, what they get.

In this order, and nothing of a request is used before: the rate limit, the token, its scope, the
query, the body. Every refusal is a problem (RFC 9457) and changes nothing. Cookies are never looked
at, so a browser that is signed in to the console cannot be made to ask here.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from flask import Blueprint, Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import HTTPException

from cordboard.api import (
    campaigns,
    contacts,
    do_not_call,
    floor,
    health,
    leads,
    recordings,
    reports,
)
from cordboard.api.document import document_of
from cordboard.api.operation import Asked, Operation
from cordboard.api.problems import ProblemError, not_now, response_of
from cordboard.api.tokens import Token, TokensError
from cordboard.api.world import World
from cordboard.history.counts import HistoryUnreadable
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.rates import ALONE
from webhooks.ports import JournalDown

BASE = "/api/v1"

RATE = "600 per minute"
"""What one token may ask; a source of requests may ask as much with all its tokens together."""

BODY_BYTES_MAX = 1 << 20

OPERATIONS = (
    *leads.OPERATIONS,
    *do_not_call.OPERATIONS,
    *campaigns.OPERATIONS,
    *floor.OPERATIONS,
    *contacts.OPERATIONS,
    *reports.OPERATIONS,
    *recordings.OPERATIONS,
    *health.OPERATIONS,
)

_log = structlog.get_logger("api")


def install(app: Flask, world: World, rate: str = RATE) -> None:
    """Serve the API below `/api/v1`.

    Args:
        app: The application.
        world: What is read and written.
        rate: How much one token may ask, as `flask_limiter` writes it. Where requests are counted
            is in the application's configuration; if it is not told, in this process alone.
    """
    blueprint = Blueprint("api", __name__, url_prefix=BASE)
    for operation in OPERATIONS:
        blueprint.add_url_rule(
            operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.name,
            view_func=_view(operation, world),
            methods=[operation.method],
        )
    text = msgspec.json.encode(document_of(OPERATIONS, BASE))
    blueprint.add_url_rule(
        "/openapi.json",
        endpoint="readDescription",
        view_func=lambda: Response(text, content_type="application/json"),
    )
    for name, value in ALONE.items():
        app.config.setdefault(name, value)
    limiter = Limiter(get_remote_address, app=app, headers_enabled=True)
    limiter.limit(rate, key_func=_asking(world))(blueprint)
    limiter.limit(rate)(blueprint)
    app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _refusal)


def _view(operation: Operation, world: World) -> Callable[..., Response]:
    """Return the function that Flask calls for an operation."""

    def view(**path: str) -> Response:
        try:
            return _answered(operation, world, path)
        except ProblemError as problem:
            return response_of(problem.status, problem.detail, problem.headers)
        except (JournalDown, StoreDown, HistoryUnreadable) as down:
            _log.warning("not now", operation=operation.name, kind=type(down).__name__)
            late = not_now("the centre's store does not answer now; nothing is known to change")
            return response_of(late.status, late.detail, late.headers)
        except Exception as fault:  # noqa: BLE001  (the edge: a fault of ours is told as one)
            _log.error("request failed", operation=operation.name, kind=type(fault).__name__)
            return response_of(HTTPStatus.INTERNAL_SERVER_ERROR, "this is our fault, not yours")

    return view


def _answered(operation: Operation, world: World, path: dict[str, str]) -> Response:
    token = _allowed(operation, world)
    asked = Asked(
        by=token.name if token else "",
        path=path,
        query=_decoded_query(operation),
        body=_decoded_body(operation),
    )
    given = operation.answer(world, asked)
    body = msgspec.json.encode(given)
    return Response(body, status=operation.status, content_type="application/json")


def _allowed(operation: Operation, world: World) -> Token | None:
    """Return the token that was shown, None where none is needed.

    Raises:
        ProblemError: It is missing, unknown, over, or does not open this.
    """
    if operation.scope is None:
        return None
    try:
        token = world.tokens().of(_bearer(), world.now_s())
    except (TokensError, OSError) as error:
        _log.error("tokens cannot be read", kind=type(error).__name__)
        raise not_now("tokens cannot be checked now") from error
    if token is None:
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED,
            "send `Authorization: Bearer cb_...` with a token that is in force;"
            " `cordboard account token create` makes one",
            {"WWW-Authenticate": 'Bearer realm="cordboard"'},
        )
    if operation.scope not in token.scopes:
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            f"token '{token.name}' lacks the scope {operation.scope}",
            {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{operation.scope}"'},
        )
    return token


def _decoded_query(operation: Operation) -> object:
    repeated = [name for name in request.args if len(request.args.getlist(name)) > 1]
    if repeated:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "a query parameter is given twice; give it once")
    try:
        return msgspec.convert(request.args.to_dict(), operation.query, strict=False)
    except msgspec.ValidationError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, f"in the query: {error}") from error


def _decoded_body(operation: Operation) -> object:
    if operation.takes is None:
        return None
    if request.mimetype != "application/json":
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send the body as application/json")
    if request.content_length is None or request.content_length > BODY_BYTES_MAX:
        raise ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"announce a length of at most {BODY_BYTES_MAX} bytes; send more in several requests",
        )
    try:
        return msgspec.json.decode(request.get_data(cache=False), type=operation.takes)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, f"in the body: {error}") from error


def _bearer() -> str:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    return shown.strip() if scheme.lower() == "bearer" else ""


def _asking(world: World) -> Callable[[], str]:
    """Return what tells whose rate a request counts against: its token's, or its source's.

    Only a token that is in force has a rate of its own: nobody uses up another's by its name.
    """

    def whose() -> str:
        try:
            token = world.tokens().of(_bearer(), world.now_s())
        except (TokensError, OSError):
            token = None  # the request itself will be told
        return token.name if token is not None else get_remote_address()

    return whose


def _refusal(refused: HTTPException) -> Any:  # noqa: ANN401  (an answer or Flask's own)
    """Tell Flask's own refusals below our base as problems; leave the others as they are."""
    if not request.path.startswith(f"{BASE}/") or refused.code is None:
        return refused
    detail = {
        HTTPStatus.NOT_FOUND: f"there is nothing here; {BASE}/openapi.json tells what there is",
        HTTPStatus.METHOD_NOT_ALLOWED: "this cannot be done here; see the Allow header",
        HTTPStatus.TOO_MANY_REQUESTS: "too many requests; come again after Retry-After",
    }.get(HTTPStatus(refused.code), refused.description or "this request cannot be met")
    headers = {
        name: value
        for name, value in refused.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    return response_of(refused.code, detail, headers)
