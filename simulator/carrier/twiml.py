"""TwiML as it arrives: where it comes from, and what was understood.

A *source* says how to obtain a document: fetch a URL, or take the text given with a REST request.
A *document* is the parsed list of verbs with the address that relative URLs refer to. Whether the
verbs are known and nested as allowed is the business of `grammar`; what they do, of `verbs`.

Source:
    https://www.twilio.com/docs/voice/twiml (content types, relative URLs) and
    https://www.twilio.com/docs/api/errors (11100, 11750, 12100, 12300).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

#: Longest document the carrier accepts from a URL, in bytes.
DOCUMENT_BYTES_MAX = 64 * 1024

#: Longest text of the `Twiml` parameter of a REST request, in characters.
INLINE_CHARACTERS_MAX = 4000

XML_TYPES = ("text/xml", "application/xml", "text/html")

Element = ET.Element


class TwimlError(Exception):
    """The application's document cannot be executed; the application's fault."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fetch:
    """Obtain the next document from a URL."""

    url: str
    method: str = "POST"
    extra: Mapping[str, str] = field(default_factory=dict)
    """Parameters beside those of every voice webhook, such as `Digits`."""


@dataclass(frozen=True, slots=True)
class Inline:
    """The next document is this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """Verbs to execute in order, and the address they came from ("" for inline text)."""

    verbs: tuple[Element, ...]
    url: str
    method: str = "POST"

    def resolve(self, url: str) -> str:
        """Return an absolute address for a URL written in this document.

        Raises:
            TwimlError: The URL is relative and the document has no address (11100).
        """
        try:
            absolute = urljoin(self.url, url) if self.url else url
        except ValueError as problem:
            raise TwimlError(11100, f"invalid URL {url!r}: {problem}") from problem
        if not absolute.startswith(("http://", "https://")):
            raise TwimlError(11100, f"invalid URL {url!r}: give an absolute http(s) address")
        return absolute

    def follow(
        self, url: str | None, method: str | None, extra: Mapping[str, str] | None = None
    ) -> Fetch:
        """Return the fetch of a URL in this document; without one, of this document again."""
        if not url:
            return Fetch(self.resolve(self.url), method or self.method, extra or {})
        return Fetch(self.resolve(url), method or "POST", extra or {})


#: Where the next document comes from; a document itself has already been obtained.
Source = Fetch | Inline | Document


def parse(text: str | bytes, *, url: str = "", method: str = "POST") -> Document:
    """Read a TwiML document.

    Raises:
        TwimlError: Too long (11750), not XML (12100), or its root is not `Response` (12100).
    """
    if len(text) > DOCUMENT_BYTES_MAX:
        raise TwimlError(11750, f"the document is {len(text)} bytes; 65536 is the most")
    try:
        root = ET.fromstring(text)  # noqa: S314  (64 kB at most; expat limits entity growth)
    except ET.ParseError as problem:
        raise TwimlError(12100, f"the document is not XML: {problem}") from problem
    if root.tag != "Response":
        raise TwimlError(12100, f"the root element is <{root.tag}>; it must be <Response>")
    return Document(tuple(root), url, method)


def read_answer(body: bytes, content_type: str, *, url: str, method: str) -> Document:
    """Turn the answer of a TwiML request into a document, by its content type.

    Audio is played and then the call ends; plain text is executed if it is TwiML and else read
    aloud, as the carrier does.

    Raises:
        TwimlError: The type cannot be executed (12300) or the text is not TwiML.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in XML_TYPES:
        return parse(body, url=url, method=method)
    if kind.startswith("audio/"):
        play = ET.Element("Play")
        play.text = url
        return Document((play,), url, method)
    if kind == "text/plain":
        try:
            return parse(body, url=url, method=method)
        except TwimlError:
            say = ET.Element("Say")
            say.text = body.decode("utf-8", "replace")
            return Document((say,), url, method)
    raise TwimlError(12300, f"content type {content_type!r} cannot be executed; send text/xml")


def seconds(verb: Element, attribute: str, default: float) -> float:
    """Return an attribute that is a number of seconds, its default when absent or not one."""
    try:
        value = float(verb.get(attribute, default))
    except ValueError:
        return default
    return value if 0.0 <= value < math.inf else default


def is_true(verb: Element, attribute: str, *, default: bool = False) -> bool:
    """Return an attribute that is `true` or `false`."""
    value = verb.get(attribute)
    return default if value is None else value.strip().lower() == "true"
