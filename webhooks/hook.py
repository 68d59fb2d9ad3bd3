"""A webhook after admission: who it is about and what it says, as plain mappings.

Handlers see nothing of Flask. They read ids that we put into the address (`id`) and parameters that
the carrier sent (`get`); both are strings, absent ones empty, as the carrier may leave any
parameter out or add new ones at any time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.ids import CallId, LegId, Sid

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

CARRIED = frozenset(
    {"DialCallStatus", "RecordingDuration", "RecordingSid", "RecordingUrl", "Result"}
)
"""Parameters without personal data that ride in our own address when we ask the caller to come
back later (`webhooks.degraded`): the carrier tells them only once."""


class Refused(Exception):  # noqa: N818  (a verdict, not a mistake of ours)
    """A request that is not to be answered: whose fault it is stands in the status."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason  #: a static sentence, without anything from the request


@dataclass(frozen=True, slots=True)
class Hook:
    """One admitted webhook."""

    path: str
    form: Mapping[str, str]  #: the carrier's parameters, first value of each
    query: Mapping[str, str] = field(default_factory=dict)  #: ours, from the address
    request_id: str = ""  #: equal for repeats of one request of the carrier's, if it says so

    def get(self, name: str) -> str:
        """Return a parameter of the carrier's, or an empty string."""
        value = self.form.get(name)
        if value is None and name in CARRIED:
            value = self.query.get(name)
        return value or ""

    def number(self, name: str) -> int:
        """Return a parameter as a whole number; 0 when it is absent or something else."""
        text = self.get(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0

    def id(self, name: str) -> str:
        """Return an id of our address.

        Raises:
            Refused: It is missing or nothing that we would have written there.
        """
        return _checked(self.query.get(name, ""), name)

    def told(self, name: str) -> str:
        """Return a sid the carrier must have told.

        Raises:
            Refused: It is missing or no sid.
        """
        return _checked(self.get(name), name)

    @property
    def sid(self) -> Sid:
        """The carrier's name of the leg this is about.

        Raises:
            Refused: The request names no call.
        """
        return Sid(_checked(self.form.get("CallSid", ""), "CallSid"))

    @property
    def call_id(self) -> CallId:
        """The call this is about, as our address names it; for an inbound call, its sid.

        Raises:
            Refused: Neither names a call.
        """
        named = self.query.get("call_id", "")
        return CallId(_checked(named, "call_id")) if named else CallId(self.sid)

    @property
    def leg_id(self) -> LegId:
        """The agent's leg this is about, as our address names it.

        Raises:
            Refused: The address names none.
        """
        return LegId(self.id("leg_id"))

    @property
    def tries(self) -> int:
        """How often we asked the caller to come back with this very request."""
        text = self.query.get("try", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _checked(text: str, name: str) -> str:
    if not _ID.fullmatch(text):
        raise Refused(400, f"no usable {name}")
    return text
