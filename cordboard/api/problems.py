"""What goes wrong, told as `application/problem+json`: what it is, and what would be right.

Source: RFC 9457, "Problem Details for HTTP APIs".
"""

from http import HTTPStatus
from typing import Any

import msgspec
from flask import Response

MEDIA_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True):
    """A problem as it is answered."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"


class ProblemError(Exception):
    """A request cannot be met; it tells whoever asked what to change, or when to come back."""

    def __init__(
        self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}


def response_of(status: int, detail: str, headers: Any = None) -> Response:  # noqa: ANN401  (whatever Flask takes)
    """Return a problem as an answer."""
    known = HTTPStatus(status)
    body = msgspec.json.encode(Problem(known.phrase, status, detail))
    answer = Response(body, status=status, content_type=MEDIA_TYPE)
    answer.headers.update(headers or {})
    return answer


def not_found(detail: str) -> ProblemError:
    """Return the problem of something that is not there."""
    return ProblemError(HTTPStatus.NOT_FOUND, detail)


def bad_request(detail: str) -> ProblemError:
    """Return the problem of a request that cannot be understood."""
    return ProblemError(HTTPStatus.BAD_REQUEST, detail)


def not_now(detail: str) -> ProblemError:
    """Return the problem of something that will work again soon."""
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"})
