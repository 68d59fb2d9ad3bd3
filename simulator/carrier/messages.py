"""Text messages in and out.

Source:
    https://www.twilio.com/docs/messaging/api/message-resource (statuses, callback parameters),
    https://www.twilio.com/docs/messaging/guides/webhook-request (parameters of an incoming one).
"""

from dataclasses import dataclass

#: Characters of one segment: plain GSM text, and text with any character outside of it.
GSM_CHARACTERS, UCS2_CHARACTERS = 160, 70

#: The basic characters of GSM 03.38.
GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


@dataclass(eq=False, slots=True)
class Message:
    """One text message."""

    sid: str
    from_: str
    to: str
    body: str
    direction: str
    """`inbound`, `outbound-api`, `outbound-reply`."""
    created_at_s: float
    status: str = "queued"
    sent_at_s: float | None = None
    updated_at_s: float = 0.0
    error_code: int | None = None
    callback_url: str = ""

    @property
    def segments(self) -> int:
        """How many segments it is billed as."""
        plain = set(self.body) <= GSM_ALPHABET
        room = GSM_CHARACTERS if plain else UCS2_CHARACTERS
        return max(1, -(-len(self.body) // room))
