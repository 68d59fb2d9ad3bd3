"""Digit strings: account and phone numbers as keyed or as spoken.

Spoken English groups digits ("forty-two", "double four", "triple seven", "oh"); Chinese reads
them one by one (一二三, 幺 for one, 两 for two). Both end as a string of digits; words in between,
such as "my number is", are passed over. Check digits follow their public definitions.
"""

import re
import unicodedata

_UNITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_HAN = dict(zip("零〇一幺二两兩三四五六七八九", "00112223456789", strict=True))
_DIGITS = _UNITS | _TEENS | _TENS | _HAN
_TOKEN = re.compile(r"[0-9]+|[a-z]+|[零〇一幺二两兩三四五六七八九]")


def digits_in(text: str) -> str:
    """Give the digits said in a text, in order; empty when there are none.

    Example:
        >>> digits_in("it's double four, oh, forty-two 7")
        '440427'
        >>> digits_in("幺三八零零")
        '13800'
    """
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())
    groups: list[str] = []
    times, opens_tens = 1, False
    for index, token in enumerate(tokens):
        group = _group(tokens, index)
        if opens_tens and len(token) > 1 and group in "123456789" and group:
            groups[-1] = groups[-1][0] + group
        elif group:
            groups.append(group * times)
        opens_tens = token in _TENS
        times = _TIMES.get(token, 1)
    return "".join(groups)


def _group(tokens: list[str], index: int) -> str:
    """Give the digits one word stands for; "oh" is a zero only beside another digit."""
    token = tokens[index]
    if token in ("oh", "o"):
        beside = tokens[max(0, index - 1) : index] + tokens[index + 1 : index + 2]
        return "0" if any(word in _DIGITS or word.isdigit() for word in beside) else ""
    return token if token.isdigit() else _DIGITS.get(token, "")


def luhn_holds(digits: str) -> bool:
    """Check a number whose last digit is a Luhn check digit, such as a card's.

    Source: ISO/IEC 7812-1, annex B.
    """
    if not digits.isdigit():
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def mod97_holds(digits: str) -> bool:
    """Check a number whose last two digits make its remainder by 97 equal to 1.

    Source: ISO/IEC 7064, MOD 97-10.
    """
    return digits.isdigit() and int(digits) % 97 == 1


CHECKS = {"luhn": luhn_holds, "mod97": mod97_holds}


def masked(digits: str) -> str:
    """Hide a digit string, showing only how long it is."""
    return "\u2022" * len(digits)


_RUN = re.compile(r"(?:[0-9][ -]?){12,18}[0-9]")


def mask_cards(text: str) -> str:
    """Hide everything in a text that could be a card number, written or spoken.

    Only 13 to 19 digits with a right Luhn digit are hidden: order and phone numbers are what the
    agent needs to see. A text whose spoken digits make a card number is hidden as a whole, since
    its words cannot be told apart.

    Source: ISO/IEC 7812-1 (length of a primary account number, check digit).
    """

    def hide(found: re.Match[str]) -> str:
        digits = re.sub(r"[ -]", "", found.group())
        return masked(digits) if luhn_holds(digits) else found.group()

    hidden = _RUN.sub(hide, unicodedata.normalize("NFKC", text))
    spoken = digits_in(hidden)
    return masked(spoken) if 13 <= len(spoken) <= 19 and luhn_holds(spoken) else hidden
