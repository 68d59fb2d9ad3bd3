"""Quiet hours of text messages: when somebody may be written to who did not ask for it.

The hours in which the law lets people be called bind messages too; where a jurisdiction has none
for messages, those of calls are the strict side. A number's country says whose rules bind, its
possible time zones say what time it is there, and every rule must allow the instant in each zone.
The site's own hours bind besides.

Answers are free: who writes to us, or asks for a link in a call, wants to be answered now. What
could not be sent within `ANSWER_MS` answers nobody any more.

Source: 47 CFR 64.1200(c)(1) with (e), which makes it bind text messages as well, and (f)(15), by
which what the person invited is no solicitation; In re Rules and Regulations Implementing the TCPA,
18 FCC Rcd 14014 (2003), paragraph 165 (a text message is a call).
"""

from collections.abc import Sequence
from functools import lru_cache

import phonenumbers
from phonenumbers import timezone

from cordboard.runtime.leads.numbers import NumberError, read_number
from cordboard.runtime.leads.places import DAY_MS, windows_of
from dialer.compliance import Purpose, RuleBook, Window
from dialer.compliance.rules import AnyRule

ANSWER_MS = 3_600_000
"""An hour: what is sent later comes out of the blue."""


class TextHours:
    """When numbers may be written to unasked."""

    def __init__(self, book: RuleBook, purpose: Purpose, own: Sequence[AnyRule] = ()) -> None:
        self._book = book
        self._purpose = purpose
        self._own = own
        self._windows = lru_cache(maxsize=1_024)(self._compute)

    def opens_at_ms(self, number: str, now_ms: int) -> int:
        """Return from when on a number may be written to: `now_ms` if that is now.

        Where no window opens in the days that are looked at, the end of these days is returned: the
        time to ask again.
        """
        place, day = _place_of(number), now_ms // DAY_MS
        for window in self._windows(place, day):
            if now_ms < window.until_at_ms:
                return max(now_ms, window.from_at_ms)
        return (day + 2) * DAY_MS

    def _compute(self, place: str, day: int) -> tuple[Window, ...]:
        jurisdiction = place.partition("|")[0]
        law = self._book.applicable([jurisdiction] if jurisdiction else [])
        return windows_of(law.narrowed(self._own, "own"), self._purpose, place, day)


@lru_cache(maxsize=4_096)
def _place_of(number: str) -> str:
    """Return jurisdiction and possible zones; of a number outside every plan, its country's."""
    try:
        return read_number(number).place
    except NumberError:
        parsed = phonenumbers.parse(number)
    country = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    zones = timezone.time_zones_for_geographical_number(parsed)
    return "|".join((country.lower(), *sorted(zones)))
