"""Numbers as values: "forty-two", "one hundred and five", 一百二十三, 三千五, 2.5万.

Unlike a digit string, a number is worth what its words add up to. English adds units, tens and
hundreds and multiplies by thousand and million; Chinese multiplies by 十百千 inside groups of 万
and 亿, and a last digit without its unit takes the next one down (三千五 is 3500, 一百二 is 120).
Decimals keep their digits: money is never a float.
"""

import re
import unicodedata
from decimal import Decimal

_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_POWERS = {"thousand": 1000, "grand": 1000, "k": 1000, "million": 1_000_000}
_HAN_DIGITS = dict(zip("零〇一二两兩三四五六七八九", "0012223456789", strict=True))
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_POWERS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_HAN_NUMBER = re.compile(
    r"(?:[0-9]+(?:\.[0-9]+)?|[零〇一二两兩三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?)"
    r"[万萬亿億]?(?:[零〇一二两兩三四五六七八九十百千0-9]+[万萬]?)*"
)
_WORD = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|[a-z]+")
_MINUS = re.compile(r"\bminus\b|\bnegative\b|负|負|-(?=[0-9])")


def number_in(text: str) -> Decimal | None:
    """Give the one number said in a text; None when there is none, or more than one.

    Example:
        >>> number_in("one hundred and five"), number_in("二〇二六"), number_in("一百二")
        (Decimal('105'), Decimal('2026'), Decimal('120'))
        >>> number_in("minus two point five")
        Decimal('-2.5')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    has_han = any(c in _HAN_DIGITS or c in _HAN_UNITS or c in _HAN_POWERS for c in folded)
    value = _han(folded) if has_han else _english(folded)
    return -value if value is not None and _MINUS.search(folded) else value


def _han(text: str) -> Decimal | None:
    found = _HAN_NUMBER.findall(text)
    return han_value(found[0]) if len(found) == 1 else None


def han_value(text: str) -> Decimal:
    """Give the worth of a Chinese number, whose characters are all digits, units and powers."""
    total, rest = Decimal(0), text
    scale = 1
    for power in ("亿億", "万萬"):
        head, mark, tail = _cut(rest, power)
        if mark:
            scale = _HAN_POWERS[mark]
            total += _group(head, 1) * scale
            rest = tail
    return total + (_group(rest, scale) if rest else 0)


def _cut(text: str, marks: str) -> tuple[str, str, str]:
    for mark in marks:
        if mark in text:
            return text.partition(mark)
    return "", "", text


def _group(text: str, scale: int) -> Decimal:
    """Give the worth of a group below 万; `scale` is the power said before it, 1 for none."""
    whole, point, fraction = text.partition("点")
    digits = "".join(_HAN_DIGITS.get(c, c) for c in whole)
    if not any(unit in digits for unit in _HAN_UNITS):
        tail = "".join(_HAN_DIGITS[c] for c in fraction)
        value = Decimal(digits + ("." + tail if point else "") or "0")
        is_short = scale > 1 and len(digits) == 1 and not point
        return value * (scale // 10) if is_short else value
    total, digit, last_unit = 0, -1, 1
    for character in digits:
        if character in _HAN_UNITS:
            last_unit = _HAN_UNITS[character]
            total += (1 if digit < 0 else digit) * last_unit
            digit = -1
        else:
            last_unit = 1 if character == "0" else last_unit
            digit = int(character)
    if digit > 0:
        total += digit * (last_unit // 10 if last_unit > 10 else 1)
    return Decimal(total)


def _english(text: str) -> Decimal | None:
    """Add up English number words; None when the words make no single number."""
    words = [word for word in _WORD.findall(text) if word in _KNOWN or word[0].isdigit()]
    whole, fraction = words, ""
    if "point" in words:
        at = words.index("point")
        whole, tail = words[:at], words[at + 1 :]
        if not tail or any(_ONES.get(word, 10) > 9 and not word.isdigit() for word in tail):
            return None
        fraction = "." + "".join(word if word.isdigit() else str(_ONES[word]) for word in tail)
    value = _whole(whole)
    return None if value is None else Decimal(f"{value}{fraction}") if fraction else value


def _whole(words: list[str]) -> Decimal | None:
    """Add up words, each of which must fit into the room the one before leaves.

    "twenty" leaves room for less than ten, "hundred" for less than a hundred; "five" leaves none,
    so that "five seven" is two numbers and not twelve.
    """
    total, group = Decimal(0), Decimal(0)
    room: Decimal | None = None
    for word in words:
        if word in _POWERS:
            room = Decimal(_POWERS[word])
            total, group = total + (group or 1) * room, Decimal(0)
        elif word == "hundred":
            room = Decimal(100)
            group = (group or Decimal(1)) * room
        else:
            value = _value(word)
            if room is not None and value >= room:
                return None
            group += value
            room = Decimal(10) if value in _TENS else Decimal(0)
    return None if room is None else total + group


def _value(word: str) -> Decimal:
    return Decimal(_ONES[word]) if word in _ONES else Decimal(word.replace(",", ""))


_TENS = frozenset(map(Decimal, range(20, 100, 10)))
_KNOWN = frozenset((*_ONES, *_POWERS, "hundred", "point"))
