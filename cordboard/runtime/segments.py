"""How long a text message is: what the network charges, and how much still fits.

Phones get a message in segments of 140 bytes. Text of the GSM alphabet takes seven bits a
character, its extended characters two of these; a single other character makes the whole message
UCS-2, two bytes each, four for characters outside the basic plane. A message of several segments
loses six bytes of each to a header that joins them, and no character is cut in two.

Source: 3GPP TS 23.038 section 6.2.1 (alphabet and extension), TS 23.040 section 9.2.3.24.1 (the
header); https://www.twilio.com/docs/glossary/what-sms-character-limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass

CHARACTERS_MAX = 1_600
"""The carrier's limit on the text of one message.

Source: https://www.twilio.com/docs/messaging/api/message-resource (`Body`).
"""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")

_GSM_ONE, _GSM_EACH = 160, 153
_UCS2_ONE, _UCS2_EACH = 70, 67
_BASIC_PLANE_MAX = 0xFFFF


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a text message."""

    character_count: int
    segment_count: int  #: 0 for an empty text
    is_gsm: bool

    @property
    def is_too_long(self) -> bool:
        """Whether the carrier would refuse it."""
        return self.character_count > CHARACTERS_MAX


def length_of(text: str) -> Length:
    """Return how long a text is.

    Example:
        >>> length_of("a" * 160).segment_count, length_of("a" * 161).segment_count
        (1, 2)
        >>> length_of("您好" * 35), length_of("€" * 81).segment_count
        (Length(character_count=70, segment_count=1, is_gsm=False), 2)
    """
    is_gsm = all(character in _BASIC or character in _EXTENDED for character in text)
    if is_gsm:
        widths = [2 if character in _EXTENDED else 1 for character in text]
        count = _segments(widths, one=_GSM_ONE, each=_GSM_EACH)
    else:
        widths = [2 if ord(character) > _BASIC_PLANE_MAX else 1 for character in text]
        count = _segments(widths, one=_UCS2_ONE, each=_UCS2_EACH)
    return Length(len(text), count, is_gsm)


def _segments(widths: Iterable[int], *, one: int, each: int) -> int:
    """Fill segments one after the other; a character that does not fit begins the next."""
    units = list(widths)
    if sum(units) <= one:
        return int(bool(units))
    count, filled = 1, 0
    for width in units:
        if filled + width > each:
            count, filled = count + 1, 0
        filled += width
    return count
