"""Amounts of money: "twelve pounds fifty", "$1,250.99", 三百块五, 十二元五角.

An amount is a whole part in the main unit and at most two decimals. The currency is the caller's
own and not kept: a bank that serves several asks for it apart.
"""

import re
import unicodedata
from decimal import Decimal

from ivr.slots.numbers import number_in

_MAIN = re.compile(
    r"pounds?|dollars?|euros?|quid|bucks?|yuan|rmb|[块塊元圆圓镑鎊]钱?|美元|英镑|英鎊|[£$€¥]"
)
_SMALL = re.compile(r"\b(?:pence|penny|cents?|p)\b|分钱?")
_TENTHS = re.compile(r"[毛角]钱?")
_HAN_DIGIT = re.compile(r"[一二三四五六七八九]")
_CENT = Decimal("0.01")


def amount_in(text: str) -> Decimal | None:
    """Give the amount said in a text, with two decimals; None when there is no single one.

    Example:
        >>> amount_in("twelve pounds fifty"), amount_in("三百块五"), amount_in("£1,250.99")
        (Decimal('12.50'), Decimal('300.50'), Decimal('1250.99'))
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    pieces = [piece.strip(" ,.和") for piece in _MAIN.split(folded)]
    if len(pieces) == 1 or not pieces[0] or not any(pieces[1:]):
        value = _bare(folded if len(pieces) == 1 else " ".join(pieces))
    else:
        value = _with_unit(pieces[0], " ".join(pieces[1:]))
    if value is None or value < 0 or value != value.quantize(_CENT):
        return None
    return value.quantize(_CENT)


def _bare(text: str) -> Decimal | None:
    """Read an amount without a main unit, or with nothing behind it."""
    tenths = _TENTHS.search(text)
    if tenths is not None:
        head, tail = number_in(text[: tenths.start()]), text[tenths.end() :].strip()
        rest = number_in(tail) if tail else Decimal(0)
        return None if head is None or rest is None else head / 10 + rest / 100
    value = number_in(text)
    if value is not None and _SMALL.search(text):
        return value / 100
    return value


def _with_unit(head: str, tail: str) -> Decimal | None:
    """Read what stands before and behind the main unit: 12 and 50, 300 and 5."""
    whole = number_in(head)
    part = _bare(tail) if _TENTHS.search(tail) else _part(tail)
    return None if whole is None or part is None else whole + part


def _part(tail: str) -> Decimal | None:
    """Read cents; a single Chinese digit behind the unit means tenths."""
    value = number_in(tail)
    if value is None or not 0 <= value < 100:
        return None
    is_tenths = value < 10 and not _SMALL.search(tail) and _HAN_DIGIT.search(tail)
    return value / 10 if is_tenths else value / 100
