"""What a model sees of a sentence: counts of words and characters, chosen per character.

Callers mix languages ("我的 credit card 丢了"), and a recogniser writes what it hears, so the
features follow the script of each character rather than a language setting:

- words of Latin and other alphabets, one by one and in pairs, and inside each word its runs of 2
  to 5 characters with the word's edges, which keep most of a word that was misheard;
- Chinese characters, one by one and in pairs, the edges of each run of them included. No word
  segmentation: on public data it was 8 points worse than plain characters. Traditional characters
  become simplified ones first, so one model serves zh-CN and zh-TW;
- how Chinese characters sound, their syllables without tones, one by one and in pairs with the
  edges: a recogniser that mishears Chinese writes other characters of the same sound. Of three
  characters in ten replaced so, this brings back most of what was lost.

The kinds are weighted apart (`Block`), so that the many character runs of a long word do not drown
the words. Sounds count one and a half times, which was best on public data.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

from opencc import OpenCC

from ivr.speech import TEXT_LENGTH_MAX, is_han

Block = Literal["word", "run", "han", "sound"]
Feature = tuple[Block, str]
WEIGHTS: Final[dict[Block, float]] = {"word": 1.0, "run": 1.0, "han": 1.0, "sound": 1.5}
"""The length that each kind's part of a sentence's vector is given."""

_RUN_MIN, _RUN_MAX = 2, 5
_WORD_LENGTH_MAX = 24
_PART: Final = re.compile(r"[^\W_\u3400-\u9fff\u3007]+(?:'[a-z]+)?|[\u3400-\u9fff\u3007]+")


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    """Load the conversion tables once, when the first Chinese sentence comes."""
    return OpenCC("t2s")


def _syllables(part: str) -> list[str]:
    """Write how characters sound; the library is loaded when the first Chinese sentence comes."""
    from pypinyin import lazy_pinyin

    return [str(syllable) for syllable in lazy_pinyin(part)]


def features(text: str) -> Iterator[Feature]:
    """Give the features of a sentence, repeated as often as they occur, in reading order."""
    folded = unicodedata.normalize("NFKC", text[:TEXT_LENGTH_MAX]).casefold().replace("\u2019", "'")
    if any(map(is_han, folded)):
        folded = str(_to_simplified().convert(folded))
    before = ""
    for part in _PART.findall(folded):
        if is_han(part[0]):
            before = ""
            yield from _of_characters(part)
        else:
            yield from _of_word(part, before)
            before = part


def _of_word(word: str, before: str) -> Iterator[Feature]:
    yield "word", word
    if before:
        yield "word", f"{before} {word}"
    edged = f" {word[:_WORD_LENGTH_MAX]} "
    for size in range(_RUN_MIN, _RUN_MAX + 1):
        for begin in range(len(edged) - size + 1):
            yield "run", edged[begin : begin + size]


def _of_characters(part: str) -> Iterator[Feature]:
    yield from (("han", character) for character in part)
    edged = f" {part} "
    yield from (("han", edged[begin : begin + 2]) for begin in range(len(edged) - 1))
    syllables = _syllables(part)
    yield from (("sound", syllable) for syllable in syllables)
    yield from (("sound", f"{first} {then}") for first, then in pairwise(["", *syllables, ""]))
