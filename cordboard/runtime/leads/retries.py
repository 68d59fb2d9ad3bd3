"""When a lead is tried again, by how its last attempt ended.

House rules, on top of what the law's gate allows: the law says when a call is forbidden, this says
when it is worth while.
"""

from dataclasses import dataclass

from dialer.outcomes import Outcome

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS

ATTEMPTS_MAX = 6
"""After so many attempts a lead is left alone."""

_PAUSES_MS: dict[str, int] = {
    Outcome.BUSY: 15 * _MINUTE_MS,
    Outcome.NO_ANSWER: 4 * _HOUR_MS,
    Outcome.MACHINE: 24 * _HOUR_MS,
    Outcome.SCREENED: 24 * _HOUR_MS,
    Outcome.UNKNOWN: 4 * _HOUR_MS,
    Outcome.FAILED: 30 * _MINUTE_MS,
    Outcome.CANCELLED: 10 * _MINUTE_MS,
    Outcome.HUMAN: 24 * _HOUR_MS,
}

_DEAD = (Outcome.INVALID, Outcome.FAX)
"""Outcomes after which the number is not dialled again."""


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a lead after an attempt."""

    pause_ms: int | None  #: None: it is done
    is_number_dead: bool = False


def next_step(outcome: str, *, was_connected: bool, attempts: int) -> Next:
    """Decide about a lead after its attempt number `attempts`.

    Example:
        >>> next_step("busy", was_connected=False, attempts=1).pause_ms
        900000
        >>> next_step("human", was_connected=True, attempts=1).pause_ms is None
        True
    """
    if was_connected:
        return Next(None)
    if outcome in _DEAD:
        return Next(0, is_number_dead=True)
    if attempts >= ATTEMPTS_MAX:
        return Next(None)
    return Next(_PAUSES_MS.get(outcome, 4 * _HOUR_MS))
