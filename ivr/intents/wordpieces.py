"""English text to the numbered word pieces that a BERT-like model was trained on.

Words are cut greedily into the longest pieces that are in the vocabulary, later pieces written
with `##` in front: "overdrawn" becomes `over` and `##drawn`. A word that cannot be cut is unknown.
Letters lose their accents and capitals, punctuation marks and Chinese characters stand alone.

Source: Devlin, Chang, Lee, Toutanova, "BERT", 2019, with the reference tokenizer at
https://github.com/google-research/bert (`tokenization.py`), uncased.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from ivr.speech import TEXT_LENGTH_MAX, is_han

PIECES_MAX = 256
"""A sentence longer than this is cut; so the model was trained."""
_WORD_LENGTH_MAX = 100
_BEGIN, _END, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_SYMBOLS = frozenset("$+<=>^`|~")
"""Signs the reference counts as punctuation although Unicode does not."""


class WordPieces:
    """Cuts texts by one vocabulary.

    Raises:
        KeyError: The vocabulary lacks the marks for begin, end and unknown; it is another model's.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._places = vocabulary
        self._begin, self._end = vocabulary[_BEGIN], vocabulary[_END]
        self._unknown = vocabulary[_UNKNOWN]

    def numbers(self, text: str) -> list[int]:
        """Give the pieces of a text by number, between the marks for begin and end.

        Example:
            >>> names = ["[UNK]", "[CLS]", "[SEP]", "over", "##drawn", "!"]
            >>> WordPieces({name: place for place, name in enumerate(names)}).numbers("Overdrawn!")
            [1, 3, 4, 5, 2]
        """
        found: list[int] = []
        for word in _words(text[:TEXT_LENGTH_MAX]):
            found += self._pieces(word)
        return [self._begin, *found[: PIECES_MAX - 2], self._end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _WORD_LENGTH_MAX:
            return [self._unknown]
        pieces: list[int] = []
        begin = 0
        while begin < len(word):
            found = self._longest(word, begin)
            if found is None:
                return [self._unknown]
            place, begin = found
            pieces.append(place)
        return pieces

    def _longest(self, word: str, begin: int) -> tuple[int, int] | None:
        """Give the longest piece from here, with where it ends; None when there is none."""
        for end in range(len(word), begin, -1):
            piece = word[begin:end] if begin == 0 else "##" + word[begin:end]
            place = self._places.get(piece)
            if place is not None:
                return place, end
        return None


def _words(text: str) -> Iterator[str]:
    bare = unicodedata.normalize("NFD", text.lower())
    spaced = "".join(_apart(character) for character in bare)
    yield from spaced.split()


def _apart(character: str) -> str:
    """Drop accents and what cannot be printed; set punctuation and Chinese characters apart."""
    category = unicodedata.category(character)
    if category == "Mn":
        return ""
    if category[0] in "ZC":
        return " " if character.isspace() else ""
    stands_alone = category[0] == "P" or character in _SYMBOLS or is_han(character)
    return f" {character} " if stands_alone else character
