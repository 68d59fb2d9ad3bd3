"""Instants in queries: ISO 8601, in UTC unless an offset is given."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from cordboard.api.problems import bad_request

Instant = Annotated[
    str,
    msgspec.Meta(
        max_length=40,
        description="ISO 8601, in UTC unless an offset is given, such as 2026-11-23T10:00.",
    ),
]

_EPOCH_YEARS = range(1970, 9_999)
"""Whatever the offset, an instant of these years can be told from the epoch."""


def instant_ms(name: str, text: str, default_ms: int) -> int:
    """Return an instant of a query as Unix milliseconds, the default if it is empty.

    Raises:
        ProblemError: It is no instant.

    Example:
        >>> instant_ms("from", "2026-11-23T10:00", 0)
        1795428000000
    """
    if not text:
        return default_ms
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.year not in _EPOCH_YEARS:
        raise bad_request(f"{name} is no instant; write e.g. 2026-11-23T10:00")
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return round(instant.timestamp() * 1_000)
