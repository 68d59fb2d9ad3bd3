"""Reading a caller's answer as the kind of value that was asked for.

Each kind has one function from an answer to a value; an answer that is not of the kind gives None,
and the question is put again. Keyed and spoken answers are read apart: keys say exactly what they
say (`*` is the decimal point of an amount), speech is in doubt unless something proves it right,
and then the caller hears it read back.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ivr import speech
from ivr.slots.amounts import amount_in
from ivr.slots.dates import date_in, keyed_date, spoken_date
from ivr.slots.digits import CHECKS, digits_in
from ivr.slots.numbers import number_in

ValueType = Literal["digits", "account", "phone", "number", "amount", "date", "yes_no", "free_text"]


@dataclass(frozen=True, slots=True)
class SlotRules:
    """What a value has to satisfy, and where and when it is said."""

    type: ValueType
    language: str
    today: dt.date
    length_min: int = 1
    length_max: int = 32
    minimum: float | None = None
    maximum: float | None = None
    """Bounds of a number or an amount; of a date, in days from today. Both inclusive."""
    check_digit: Literal["luhn", "mod97"] | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is remembered and as it is said."""

    text: str
    """Digits, a decimal number, a date such as `2026-03-05`, `yes`/`no`, or words."""
    spoken: str
    is_in_doubt: bool = False
    """Whether it should be read back to the caller."""


def read_value(rules: SlotRules, text: str, *, is_keyed: bool) -> Value | None:
    """Read an answer; None when it is not of the kind asked for or breaks its rules."""
    keyed, said = _READERS[rules.type]
    clean = unicodedata.normalize("NFKC", text).strip()
    return keyed(rules, clean) if is_keyed else said(rules, clean)


def _digit_string(rules: SlotRules, digits: str) -> Value | None:
    if not (digits.isascii() and digits.isdigit()):
        return None
    if not rules.length_min <= len(digits) <= rules.length_max:
        return None
    if rules.check_digit is not None and not CHECKS[rules.check_digit](digits):
        return None
    return Value(digits, spoken=" ".join(digits))


def _said_digits(rules: SlotRules, text: str) -> Value | None:
    value = _digit_string(rules, digits_in(text))
    return value if value is None or rules.check_digit else _doubted(value)


def _doubted(value: Value) -> Value:
    return Value(value.text, value.spoken, is_in_doubt=True)


def _keyed_number(rules: SlotRules, text: str) -> Value | None:
    return _number(rules, Decimal(text)) if text.isascii() and text.isdigit() else None


def _said_number(rules: SlotRules, text: str) -> Value | None:
    value = number_in(text)
    found = None if value is None else _number(rules, value)
    return None if found is None else _doubted(found)


def _number(rules: SlotRules, value: Decimal) -> Value | None:
    if not _is_within(rules, float(value)):
        return None
    text = f"{value.normalize():f}"
    return Value(text, spoken=text)


def _is_within(rules: SlotRules, value: float) -> bool:
    is_low = rules.minimum is not None and value < rules.minimum
    return not is_low and (rules.maximum is None or value <= rules.maximum)


def _keyed_amount(rules: SlotRules, text: str) -> Value | None:
    whole, _, fraction = text.partition("*")
    if not (whole + fraction).isascii() or not (whole + fraction).isdigit() or len(fraction) > 2:
        return None
    return _amount(rules, Decimal(f"{whole or '0'}.{fraction or '0'}"))


def _said_amount(rules: SlotRules, text: str) -> Value | None:
    value = amount_in(text)
    found = None if value is None else _amount(rules, value)
    return None if found is None else _doubted(found)


def _amount(rules: SlotRules, value: Decimal) -> Value | None:
    text = f"{value:.2f}"
    return Value(text, spoken=text) if _is_within(rules, float(value)) else None


def _keyed_date(rules: SlotRules, text: str) -> Value | None:
    found = keyed_date(text, language=rules.language)
    return None if found is None else _date(rules, found)


def _said_date(rules: SlotRules, text: str) -> Value | None:
    prefer: Literal["past", "future"] = (
        "past" if rules.maximum is not None and rules.maximum <= 0 else "future"
    )
    found = date_in(text, today=rules.today, language=rules.language, prefer=prefer)
    return None if found is None else _date(rules, found)


def _date(rules: SlotRules, day: dt.date) -> Value | None:
    if not _is_within(rules, (day - rules.today).days):
        return None
    spoken = spoken_date(day, language=rules.language)
    return Value(day.isoformat(), spoken=spoken, is_in_doubt=True)


def _keyed_yes_no(_rules: SlotRules, text: str) -> Value | None:
    said = {"1": "yes", "2": "no"}.get(text)
    return Value(said, spoken=said) if said else None


def _said_yes_no(_rules: SlotRules, text: str) -> Value | None:
    said = speech.yes_or_no(speech.normal(text))
    return Value(said, spoken=said) if said else None


def _free_text(_rules: SlotRules, text: str) -> Value | None:
    kept = " ".join(text.split())
    return Value(kept, spoken=kept) if kept else None


_Reader = Callable[[SlotRules, str], Value | None]
_READERS: dict[ValueType, tuple[_Reader, _Reader]] = {
    "digits": (_digit_string, _said_digits),
    "account": (_digit_string, _said_digits),
    "phone": (_digit_string, _said_digits),
    "number": (_keyed_number, _said_number),
    "amount": (_keyed_amount, _said_amount),
    "date": (_keyed_date, _said_date),
    "yes_no": (_keyed_yes_no, _said_yes_no),
    "free_text": (_free_text, _free_text),
}
"""Per kind: how keys are read, how speech is read."""
