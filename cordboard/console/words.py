"""How figures are written on every page: durations, shares, instants."""

from datetime import UTC, datetime

NOTHING = "-"
"""Shown where a measure has no value yet: nothing is not zero."""


def duration(ms: int | None) -> str:
    """Write a duration as minutes and seconds, or hours from one hour on.

    Example:
        >>> duration(75_000), duration(3_700_000), duration(None)
        ('1:15', '1:01:40', '-')
    """
    if ms is None:
        return NOTHING
    minutes, seconds = divmod(max(ms, 0) // 1_000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def share(value: float | None, digits: int = 0) -> str:
    """Write a share 0..1 in percent.

    Example:
        >>> share(0.8349), share(0.0123, 1), share(None)
        ('83 %', '1.2 %', '-')
    """
    return NOTHING if value is None else f"{100 * value:.{digits}f} %"


def clock(at_ms: int) -> str:
    """Write a modelled instant as a UTC time of day.

    Example:
        >>> clock(1_000)
        '00:00:01'
    """
    return datetime.fromtimestamp(at_ms / 1_000, UTC).strftime("%H:%M:%S")


def spoken(name: str) -> str:
    """Write a name of the code for people.

    Example:
        >>> spoken("not_ready"), spoken("no_answer")
        ('not ready', 'no answer')
    """
    return name.replace("_", " ").lower()
