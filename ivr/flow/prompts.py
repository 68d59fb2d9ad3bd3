"""Prompts: what the flow's author wants said, per language, with places for data.

A prompt is either the name of one in the document's `prompts` table or a mapping from language to
text. A text may hold `{name}` for a value found in the call's data, and `{name|digits}` to have it
read digit by digit. A value that is not there is left out: a caller should hear a sentence that is
a little short rather than a brace, and the proofs name every place where that could happen.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal
from urllib.parse import quote
from xml.sax.saxutils import escape

import msgspec

_PLACE = re.compile(r"\{([a-z][a-z0-9_.]*)(?:\|([a-z][a-z0-9]*))?\}")
_SPACES = re.compile(r"\s+")
FORMATS = ("digits", "last4")
VALUE_LENGTH_MAX = 200
"""A value longer than this is cut: nobody listens to a paragraph inside a sentence."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One language's part of a prompt: exactly one of text, ssml and audio."""

    text: str | None = None
    ssml: str | None = None
    """The inside of a `<speak>` element."""
    audio: str | None = None
    """Address of a recording."""
    voice: str | None = None
    """Another voice than the language's."""

    def __post_init__(self) -> None:
        """Refuse a line that says nothing or two things."""
        if sum(part is not None for part in (self.text, self.ssml, self.audio)) != 1:
            raise ValueError("give exactly one of text, ssml and audio")


Prompt = str | dict[str, str | Line]


def places(text: str) -> Iterator[tuple[str, str]]:
    """Give the name and the format of each place in a text, in order."""
    for found in _PLACE.finditer(text):
        yield found.group(1), found.group(2) or ""


def fill(
    text: str, data: Mapping[str, str], *, into: Literal["text", "ssml", "url"] = "text"
) -> str:
    """Put data into the places of a text, of speech mark-up or of an address.

    Control characters and marks that turn the writing direction are dropped from the values: they
    come from callers and other systems, and a voice or an XML parser would stumble over them.
    """
    if "{" not in text:
        return text

    def value(found: re.Match[str]) -> str:
        said = spoken_form(data.get(found.group(1), ""), found.group(2) or "")
        return _ENCODED[into](said)

    return _SPACES.sub(" ", _PLACE.sub(value, text)).strip()


_ENCODED: dict[str, Callable[[str], str]] = {
    "text": str,
    "ssml": escape,
    "url": lambda said: quote(said, safe=""),
}


def spoken_form(value: str, form: str) -> str:
    """Make a value fit for a voice: clean, of bounded length, digits apart when asked."""
    clean = clean_text(value)
    if form == "last4":
        clean = clean[-4:]
    return " ".join(clean.replace(" ", "")) if form else clean


def clean_text(value: str) -> str:
    """Drop what no voice can read and no document may carry, and cut what is too long."""
    return printable(value[: 2 * VALUE_LENGTH_MAX])[:VALUE_LENGTH_MAX].strip()


def printable(text: str) -> str:
    """Keep the characters that can be printed; white space of any kind becomes one space.

    What goes are control characters, marks that turn the writing direction, lone surrogates and
    code points without a meaning: none is heard, and most are refused by an XML parser.
    """
    spaced = _SPACES.sub(" ", text)
    return "".join(filter(str.isprintable, spaced)).strip()
