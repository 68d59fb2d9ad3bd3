"""A caller's place in the flow, as it is kept between two webhooks.

The session store takes it as text and never looks inside. Beside the interpreter's session it holds
what only the webhooks need: who the customer is, and what kind of answer is awaited.
"""

from dataclasses import dataclass

import msgspec
import structlog

from ivr.session import Session
from ivr.steps import FetchData
from webhooks.answers import Asked

log = structlog.get_logger("webhooks")


@dataclass(frozen=True, slots=True)
class Place:
    """What is kept of a caller."""

    session: Session
    customer_id: str
    asked: Asked
    question: FetchData | None = None  #: to another system, carried out at the next request
    is_after_talk: bool = False  #: the agent has hung up, and the flow goes on

    def to_text(self) -> str:
        """Write the place as JSON."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_text(cls, text: str) -> "Place | None":
        """Read what `to_text` wrote; None when another release wrote what this one cannot read."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.MsgspecError:
            log.error("place in the flow cannot be read")  # noqa: TRY400  (the trace quotes it)
            return None
