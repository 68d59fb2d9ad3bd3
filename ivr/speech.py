"""Closed grammars: the few things callers may say anywhere, known without a model.

"Agent", "repeat", yes and no, a digit, a language's name, and the phrases a flow's author gives.
They are looked for before any model is asked: a caller who wants a person must never depend on a
classifier. Texts are compared after `normal`: without capitals, punctuation and width variants,
Latin words set apart, Chinese characters together.

A phrase of two words and more, or of two Chinese characters and more, counts anywhere in a
sentence. A single word counts only in a short one: "agent" is a wish, "my travel agent charged me
twice for the same booking" is not.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

SHORT_WORDS_MAX = 4
SHORT_CHARACTERS_MAX = 8
TEXT_LENGTH_MAX = 2000
"""More than a minute of speech; what lies beyond is not looked at."""

PERSON: Mapping[str, tuple[str, ...]] = {
    "en": (
        "agent", "operator", "representative", "human", "person", "real person", "live agent",
        "speak to someone", "talk to someone", "speak to a person", "talk to a person",
        "speak to an agent", "talk to an agent", "customer service",
    ),
    "zh": ("人工", "人工服务", "人工服務", "客服", "转人工", "轉人工", "接线员", "接線員", "真人"),
}  # fmt: skip
REPEAT: Mapping[str, tuple[str, ...]] = {
    "en": ("repeat", "again", "say that again", "say it again", "pardon", "repeat that"),
    "zh": (
        "重复",
        "重複",
        "再说一遍",
        "再說一遍",
        "再听一遍",
        "再聽一遍",
        "重说",
        "没听清",
        "沒聽清",
    ),
}
OTHER: Mapping[str, tuple[str, ...]] = {
    "en": ("something else", "none of these", "neither", "other", "none"),
    "zh": ("其他", "别的", "別的", "都不是", "其它"),
}
DONE: Mapping[str, tuple[str, ...]] = {
    "en": ("that is all", "that's all", "thank you", "thanks", "no thanks", "goodbye", "bye"),
    "zh": ("没有了", "沒有了", "谢谢", "謝謝", "好了", "再见", "再見", "没有问题", "沒有問題"),
}
RELATED: Mapping[str, tuple[str, ...]] = {
    "en": ("related", "something similar", "more about this", "more"),
    "zh": ("相关", "相關", "类似", "類似", "更多"),
}
LANGUAGE_NAMES: Mapping[str, tuple[str, ...]] = {
    "en": ("english", "in english", "英文", "英语", "英語"),
    "zh": ("chinese", "mandarin", "中文", "普通话", "普通話", "国语", "國語", "汉语", "漢語"),
}
_YES_WORDS = frozenset(
    ("yes", "yeah", "yep", "yup", "correct", "right", "sure", "ok", "okay", "true", "exactly")
)
_YES = _YES_WORDS | frozenset(
    (
        "是",
        "是的",
        "对",
        "對",
        "对的",
        "對的",
        "正确",
        "正確",
        "没错",
        "沒錯",
        "好",
        "好的",
        "可以",
        "嗯",
    )
)
_NO_WORDS = frozenset(("no", "nope", "not", "wrong", "incorrect", "nah", "never"))
_NO = frozenset(
    (
        "不",
        "不是",
        "不对",
        "不對",
        "不正确",
        "不正確",
        "否",
        "错",
        "錯",
        "错了",
        "錯了",
        "不要",
        "不用",
    )
)
_DIGIT_WORDS = (
    ("zero", "oh", "零", "〇"), ("one", "一", "幺"), ("two", "二", "两", "兩"), ("three", "三"),
    ("four", "四"), ("five", "五"), ("six", "六"), ("seven", "七"), ("eight", "八"), ("nine", "九"),
)  # fmt: skip
_DIGIT_OF = {word: str(digit) for digit, words in enumerate(_DIGIT_WORDS) for word in words}
_LEAD_INS = frozenset(
    ("press", "option", "number", "choose", "select", "按", "选", "選", "选择", "選擇", "第")
)


def is_han(character: str) -> bool:
    """Tell whether a character is a Chinese one."""
    return "\u3400" <= character <= "\u9fff" or character == "〇"


def normal(text: str) -> str:
    """Write a text the way phrases are compared.

    Example:
        >>> normal("I'd like an AGENT, please!")
        "i'd like an agent please"
        >>> normal("转 人工。")
        '转人工'
    """
    folded = unicodedata.normalize("NFKC", text[:TEXT_LENGTH_MAX]).casefold().replace("\u2019", "'")
    kept = "".join(c if c.isalnum() or c == "'" or is_han(c) else " " for c in folded)
    words: list[str] = []
    joins = False
    for word in kept.split():
        if joins and is_han(word[0]):
            words[-1] += word
        else:
            words.append(word)
        joins = is_han(word[-1])
    return " ".join(words)


def matches(said: str, phrases: Iterable[str]) -> bool:
    """Tell whether a normal text contains one of the phrases, by the rule in the module's head."""
    return bool(said) and any(_matches(said, _normal_phrase(phrase)) for phrase in phrases)


@lru_cache(maxsize=4096)
def _normal_phrase(phrase: str) -> str:
    """Remember the normal form of an author's phrase; a caller's words are never kept."""
    return normal(phrase)


def _matches(said: str, phrase: str) -> bool:
    if not phrase or not said:
        return False
    if said == phrase:
        return True
    if is_han(phrase[0]):
        return phrase in said and (len(phrase) > 1 or len(said) <= 2)
    contains = f" {phrase} " in f" {said} "
    return contains and (" " in phrase or said.count(" ") < SHORT_WORDS_MAX)


def means(said: str, table: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a normal text says what a table of phrases stands for, in any language."""
    return any(matches(said, phrases) for phrases in table.values())


def language_named(said: str, languages: Iterable[str]) -> str | None:
    """Give the language whose name is all that was said; None when there is no such one."""
    for language in languages:
        if said in LANGUAGE_NAMES.get(language.partition("-")[0], ()):
            return language
    return None


def yes_or_no(said: str) -> Literal["yes", "no"] | None:
    """Understand an answer to "is that right?"; None when it is neither.

    "No" wins over "right" in "no that's not right": a wrong yes costs more than another question.
    """
    words = said.split()
    if said in _NO or any(word in _NO_WORDS or word.endswith("n't") for word in words):
        return "no"
    if said in _YES or any(word in _YES_WORDS for word in words[:SHORT_WORDS_MAX]):
        return "yes"
    return "no" if said[:2] in _NO else None


def digit_said(said: str) -> str | None:
    """Understand one digit, as in "two", "press two" or "二"; None when it is something else."""
    words = [word for word in said.split() if word not in _LEAD_INS]
    if len(words) != 1:
        return None
    word = words[0].lstrip("按选選第")
    return _DIGIT_OF.get(
        word, word if word.isascii() and len(word) == 1 and word.isdigit() else None
    )
