"""Which numbers may be rung because somebody asked for it in a call.

A promised callback is a way to make us dial: whoever keys in a number abroad, or one that earns
them money, does it at our cost. So a callback goes to the countries of our own numbers, or to the
beginnings the settings name, and never to a number that costs its caller extra.
"""

from collections.abc import Iterable, Sequence

import phonenumbers
from phonenumbers import PhoneNumberType

from webhooks.destinations import is_allowed

_COSTLY = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.UAN,
    }
)


class CallableNumbers:
    """A rule for numbers in E.164 form.

    Example:
        >>> rule = CallableNumbers(beginnings_of(["+442079460100"]))
        >>> rule("+442079460123"), rule("+12025550101"), rule("+449012345678")
        (True, False, False)
    """

    def __init__(self, beginnings: Sequence[str]) -> None:
        self._beginnings = beginnings

    def __call__(self, number: str) -> bool:
        """Tell whether a number may be rung."""
        if not is_allowed(number, self._beginnings):
            return False
        return phonenumbers.number_type(phonenumbers.parse(number)) not in _COSTLY


def beginnings_of(own_numbers: Iterable[str]) -> tuple[str, ...]:
    """Return the country codes of our own numbers, as beginnings."""
    codes = {phonenumbers.parse(number).country_code for number in own_numbers}
    return tuple(f"+{code}" for code in sorted(code for code in codes if code is not None))
