"""Dates: "the fifth of March", "next Tuesday", 三月五号, 明天, 下周三, 民国115年.

What is left out is filled in from today, towards `prefer`: the next such day, or the last one.
Digits alone are read in the order of the caller's language, and every date read from speech or
from digits is in doubt: the interpreter reads it back with the month's name, so that 5/3 cannot
silently become the third of May.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Literal

from ivr.slots.numbers import han_value

Prefer = Literal["future", "past"]
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH_OF = {
    name: number for number, month in enumerate(MONTHS, start=1) for name in (month, month[:3])
} | {"sept": 9}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_CARDINALS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
         "eighty": 80, "ninety": 90}  # fmt: skip
_RELATIVE = {
    "today": 0, "tomorrow": 1, "yesterday": -1, "day after tomorrow": 2, "day before yesterday": -2,
    "今天": 0, "明天": 1, "昨天": -1, "后天": 2, "後天": 2, "前天": -2, "大后天": 3, "大後天": 3,
}  # fmt: skip
_HAN = "零〇一二两兩三四五六七八九十0-9"
_HAN_DATE = re.compile(rf"(?:(民国|民國)?([{_HAN}]+)年)?([{_HAN}]+)月([{_HAN}]+)[号號日]?")
_HAN_WEEKDAY = re.compile(r"(下下|下|上|这|這|本)?个?(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])")
_ISO = re.compile(r"\b([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})\b")
_PARTED = re.compile(r"\b([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})\b")
_MINGUO_OFFSET = 1911
"""Year 1 of the Republic of China's calendar is 1912."""


def date_in(text: str, *, today: dt.date, language: str, prefer: Prefer) -> dt.date | None:
    """Give the date said in a text; None when there is none that exists.

    Example:
        >>> monday = dt.date(2026, 11, 23)
        >>> date_in("the fifth of March", today=monday, language="en-GB", prefer="future")
        datetime.date(2027, 3, 5)
        >>> date_in("下周三", today=monday, language="zh-CN", prefer="future")
        datetime.date(2026, 12, 2)
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    readers: tuple[Callable[[], dt.date | None], ...] = (
        lambda: _numeric(folded, language),
        lambda: _han_date(folded, today, prefer),
        lambda: _han_weekday(folded, today),
        lambda: _relative(folded, today),
        lambda: _english_date(folded, today, prefer),
        lambda: _english_weekday(folded, today, prefer),
    )
    for read in readers:
        found = read()
        if found is not None:
            return found
    return None


def keyed_date(digits: str, *, language: str) -> dt.date | None:
    """Read eight digits in the order of a language: DDMMYYYY, MMDDYYYY (en-US), YYYYMMDD (zh)."""
    if len(digits) != 8:
        return None
    if language.startswith("zh"):
        return _day(digits[:4], digits[4:6], digits[6:])
    first, second, year = digits[:2], digits[2:4], digits[4:]
    return _day(year, first, second) if language == "en-US" else _day(year, second, first)


def spoken_date(day: dt.date, *, language: str) -> str:
    """Write a date so that a voice says its month by name."""
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def _day(year: int | str, month: int | str, day: int | str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _towards(month: int, day: int, today: dt.date, prefer: Prefer) -> dt.date | None:
    """Give the next or the last such day of a year; leap days look up to eight years away."""
    steps = range(9) if prefer == "future" else range(0, -9, -1)
    for step in steps:
        found = _day(today.year + step, month, day)
        if found is not None and (found >= today if prefer == "future" else found <= today):
            return found
    return None


def _numeric(text: str, language: str) -> dt.date | None:
    found = _ISO.search(text)
    if found is not None:
        return _day(*found.groups())
    found = _PARTED.search(text)
    if found is None:
        bare = re.sub(r"[^0-9]", "", text)
        return keyed_date(bare, language=language) if text.isdigit() else None
    first, second, year = found.groups()
    return _day(year, first, second) if language == "en-US" else _day(year, second, first)


def _han_number(text: str) -> int:
    return int(text) if text.isascii() else int(han_value(text))


def _han_date(text: str, today: dt.date, prefer: Prefer) -> dt.date | None:
    found = _HAN_DATE.search(text.replace(" ", ""))
    if found is None:
        return None
    era, year, month, day = found.groups()
    if year is None:
        return _towards(_han_number(month), _han_number(day), today, prefer)
    written = _han_number(year) + (_MINGUO_OFFSET if era else 0)
    return _day(written + 2000 if written < 100 else written, _han_number(month), _han_number(day))


def _han_weekday(text: str, today: dt.date) -> dt.date | None:
    found = _HAN_WEEKDAY.search(text)
    if found is None:
        return None
    week, name = found.groups()
    weeks = {"下下": 2, "下": 1, "上": -1}.get(week or "", 0)
    weekday = "一二三四五六日".index("日" if name == "天" else name)
    monday = today - dt.timedelta(days=today.weekday())
    day = monday + dt.timedelta(weeks=weeks, days=weekday)
    return day + dt.timedelta(weeks=1) if week is None and day < today else day


def _relative(text: str, today: dt.date) -> dt.date | None:
    for words in sorted(_RELATIVE, key=len, reverse=True):
        if words in text:
            return today + dt.timedelta(days=_RELATIVE[words])
    return None


def _english_date(text: str, today: dt.date, prefer: Prefer) -> dt.date | None:
    """Read "the fifth of March", "March 5th 2026", "may twenty first twenty twenty six"."""
    words = re.findall(r"[a-z]+|[0-9]+", re.sub(r"([0-9])(?:st|nd|rd|th)\b", r"\1", text))
    at = next((i for i, word in enumerate(words) if word in _MONTH_OF), None)
    if at is None:
        return None
    month = _MONTH_OF[words[at]]
    before, after = _numbers(words[:at]), _numbers(words[at + 1 :])
    day, rest = (before[-1], after) if before else (after[0] if after else 0, after[1:])
    year = _year(rest)
    if year is None:
        return _towards(month, day, today, prefer) if not rest else None
    return _day(year, month, day)


def _numbers(words: list[str]) -> list[int]:
    """Give the numbers of a few words: "twenty first" is one, "twenty twenty" two."""
    numbers: list[int] = []
    tens = False
    for word in words:
        unit = _ORDINALS.get(word) or _CARDINALS.get(word) or 0
        if tens and 0 < unit < 10:
            numbers[-1] += unit
        elif word.isdigit() or unit or word in _TENS:
            numbers.append(int(word) if word.isdigit() else unit or _TENS[word])
        elif word in ("thousand", "hundred") and numbers:
            numbers[-1] *= 1000 if word == "thousand" else 100
        tens = word in _TENS
    return numbers


def _year(numbers: list[int]) -> int | None:
    """Read 2026, "two thousand (and) twenty six" or "twenty twenty six"."""
    match numbers:
        case [year] if year >= 1000:
            return year
        case [thousands, rest] if thousands >= 1000 and rest < 100:
            return thousands + rest
        case [century, rest] if 19 <= century <= 21 and rest < 100:
            return century * 100 + rest
        case _:
            return None


def _english_weekday(text: str, today: dt.date, prefer: Prefer) -> dt.date | None:
    words = re.findall(r"[a-z]+", text)
    at = next((i for i, word in enumerate(words) if word in WEEKDAYS), None)
    if at is None:
        return None
    before = words[at - 1] if at else ""
    ahead = (WEEKDAYS.index(words[at]) - today.weekday()) % 7
    if before == "last" or (prefer == "past" and before not in ("next", "this")):
        return today - dt.timedelta(days=(-ahead) % 7 or 7)
    if before == "next":  # the one after the coming one, if that is still in this week
        is_this_week = 0 < ahead < 7 - today.weekday()
        return today + dt.timedelta(days=ahead + 7 if is_this_week or ahead == 0 else ahead)
    return today + dt.timedelta(days=ahead)
