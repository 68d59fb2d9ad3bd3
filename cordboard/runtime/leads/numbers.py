"""A telephone number as somebody wrote it, read: E.164, where it may be, what kind it is."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, timezone

_NOWHERE = "Etc/Unknown"


class NumberError(ValueError):
    """A text is no number that could be called; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number of a lead."""

    e164: str
    place: str  #: jurisdiction and possible time zones, as ``gb|Europe/London``
    is_mobile: bool  #: or of a kind that may be
    kind: str = ""  #: as the list calls it: home, work, mobile


def read_number(
    text: str, *, region: str = "", zones: tuple[str, ...] = (), jurisdiction: str = ""
) -> NumberRow:
    """Read a number.

    Args:
        text: As written, with or without country code.
        region: ISO 3166 country of numbers without one; empty: such numbers are refused.
        zones: Where the person is, if known; else every zone the number may be in counts.
        jurisdiction: Whose law binds, if known; else that of the number's country.

    Raises:
        NumberError: It cannot be called; whoever wrote it must mend it.
    """
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        raise NumberError(
            "cannot be read; write it like +442079460123, or give the campaign a region"
        ) from None
    country = phonenumbers.region_code_for_number(number)
    kind = phonenumbers.number_type(number)
    if country is None or kind == PhoneNumberType.UNKNOWN:  # it matches no country's patterns
        raise NumberError("is in no country's numbering plan; check its digits")
    if not zones:
        zones = tuple(name for name in timezone.time_zones_for_number(number) if name != _NOWHERE)
    return NumberRow(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        place=_place(jurisdiction.lower() or country.lower(), zones),
        is_mobile=kind != PhoneNumberType.FIXED_LINE,
    )


@lru_cache(maxsize=4_096)
def _place(jurisdiction: str, zones: tuple[str, ...]) -> str:
    return "|".join((jurisdiction, *sorted(zones)))
