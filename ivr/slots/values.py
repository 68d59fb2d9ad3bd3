"""Reading a caller's answer as the kind of value that was asked for.

Each kind has one function from text to value; an answer that is not of the kind gives None, and the
question is put again. Keyed and spoken answers are read apart: keys say exactly what they say.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ivr import speech
from ivr.slots.digits import CHECKS, digits_in

ValueType = Literal["digits", "account", "phone", "yes_no", "free_text"]


@dataclass(frozen=True, slots=True)
class SlotRules:
    """What a value has to satisfy."""

    type: ValueType
    length_min: int = 1
    length_max: int = 32
    check_digit: Literal["luhn", "mod97"] | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is remembered."""

    text: str
    is_in_doubt: bool = False
    """Whether it should be read back to the caller."""


def read_value(rules: SlotRules, text: str, *, is_keyed: bool) -> Value | None:
    """Read an answer; None when it is not of the kind asked for or breaks its rules."""
    return _READERS[rules.type](rules, text, is_keyed)


def _digit_string(rules: SlotRules, text: str, is_keyed: bool) -> Value | None:  # noqa: FBT001  (one shape for all readers)
    digits = unicodedata.normalize("NFKC", text) if is_keyed else digits_in(text)
    if not (digits.isascii() and digits.isdigit()):
        return None
    if not rules.length_min <= len(digits) <= rules.length_max:
        return None
    if rules.check_digit is not None and not CHECKS[rules.check_digit](digits):
        return None
    return Value(digits, is_in_doubt=not is_keyed and rules.check_digit is None)


def _yes_no(_rules: SlotRules, text: str, is_keyed: bool) -> Value | None:  # noqa: FBT001  (one shape for all readers)
    said = {"1": "yes", "2": "no"}.get(text) if is_keyed else speech.yes_or_no(speech.normal(text))
    return Value(said) if said else None


def _free_text(_rules: SlotRules, text: str, _is_keyed: bool) -> Value | None:  # noqa: FBT001  (one shape for all readers)
    kept = " ".join(text.split())
    return Value(kept) if kept else None


_READERS: dict[ValueType, Callable[[SlotRules, str, bool], Value | None]] = {
    "digits": _digit_string,
    "account": _digit_string,
    "phone": _digit_string,
    "yes_no": _yes_no,
    "free_text": _free_text,
}
