"""Dials: customer legs that we place.

The carrier has no idempotency key for creating a call, and says itself that a retry may double it.
So a dial is claimed first, sent once, and never sent again on doubt: it is looked for among the
calls to that number from our caller id since the claim, which is unambiguous because at most one
dial per number is in flight. Not found twice within half a minute, it is given up, and the centre
decides about another attempt.

The lead store checks once more, at this very moment, whether the number may be dialled.

Dials wait for their turn under the account's calls per second behind everything that agents ring
(see `limits`): in the carrier's own queue they would delay it, and be answered when the agents they
were placed for have gone.

Source: https://www.twilio.com/docs/voice/api/call-resource (creation, rate limits),
https://www.twilio.com/docs/api/errors/20500 (a retried creation may double),
https://www.twilio.com/docs/voice/answering-machine-detection (parameters, asynchronous use).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from twilio.rest import Client

from acd.events import CallEnded, LegCause
from acd.ids import CallId, Sid
from cordboard.runtime.carrier.effects import Done, Doubtful, Effect, NotNow, Try
from cordboard.runtime.carrier.faults import (
    CARRIER_ERRORS,
    Meaning,
    code_of,
    describe,
    explain,
    meaning_of,
)
from cordboard.runtime.carrier.limits import Limit, Waiting
from cordboard.runtime.carrier.placed import find_placed
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.carrier.rings import TALK_S_MAX
from cordboard.runtime.legs import leg_row
from cordboard.runtime.outbox import Settlement
from dialer.commands import PlaceCall
from dialer.config import Detection, MachinePolicy
from dialer.events import DialBound, DialRefused
from dialer.ids import CampaignId

NOT_ALLOWED = 0
"""The code of a dial that we ourselves refused: the carrier was never asked."""

_EVENTS = ["initiated", "ringing", "answered", "completed"]

SPEECH_THRESHOLD_MS = 1_900
"""Speech longer than this is a machine's to detection; the carrier takes 1,000 to 6,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialSettings:
    """What a campaign's dials look like at the carrier."""

    caller_id: str
    detection: Detection
    machine_policy: MachinePolicy
    speech_end_ms: int  #: silence that ends a greeting


class Permits(Protocol):
    """Whether a lead's number may be dialled at this moment; its owner is the lead store."""

    def number_of(self, command: PlaceCall) -> str | None:
        """Return the number, or None when the lead is no more."""
        ...

    def caller_id_of(self, command: PlaceCall) -> str:
        """Return the number to show them, the same whenever asked; empty: the campaign's."""
        ...

    def allows(self, command: PlaceCall, now_ms: int) -> bool:
        """Tell whether it may be dialled at this instant of the journal."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    """Carries out `PlaceCall`."""

    client: Client
    places: Places
    campaigns: Mapping[CampaignId, DialSettings]
    permits: Permits
    limit: Limit
    carrier_ms: Callable[[], int]  #: the carrier's clock, about
    scale: int = 1  #: of that clock

    def place(self, command: PlaceCall, attempt: Try) -> Effect:
        """Dial a lead's number, once."""
        settings = self.campaigns.get(command.campaign_id)
        number = self.permits.number_of(command)
        if attempt.is_overtaken and not attempt.is_repeat:
            self.limit.leave(attempt.key)
            ended = CallEnded(at_ms=0, call_id=command.call_id, cause=LegCause.CANCELED)
            return Done(Settlement("withdrawn", [(ended, f"{command.call_id}|never made")]))
        if settings is None or number is None:
            return _refused(command.call_id, NOT_ALLOWED)
        caller_id = self.permits.caller_id_of(command) or settings.caller_id
        if attempt.is_repeat:
            return self._look(command, number, caller_id, attempt)
        if not self.permits.allows(command, attempt.now_ms):
            return _refused(command.call_id, NOT_ALLOWED)
        if wait_ms := self.limit.wait_ms(attempt.key, Waiting.NOBODY):
            return NotNow(after_ms=wait_ms)
        wishes = {"to": number, "from_": caller_id, **self._wishes(command, settings)}
        return self._create(command, wishes)

    def _create(self, command: PlaceCall, wishes: Mapping[str, Any]) -> Effect:
        try:
            made = self.client.calls.create(**wishes)
        except CARRIER_ERRORS as error:
            meaning = meaning_of(error)
            if meaning is Meaning.BUSY:
                return NotNow(explain(error))
            if meaning is Meaning.UNKNOWN:
                return Doubtful(describe(error))
            return _refused(command.call_id, code_of(error))
        return _bound(command.call_id, str(made.sid))

    def _wishes(self, command: PlaceCall, settings: DialSettings) -> dict[str, object]:
        """Return what the carrier is asked for besides the two numbers."""
        addresses = self.places.addresses
        wishes: dict[str, object] = {
            "url": addresses.dial_answered(command.call_id, command.campaign_id),
            "fallback_url": addresses.fallback(command.call_id, command.campaign_id),
            "time_limit": TALK_S_MAX,
            "timeout": max(5, round(command.ring_ms / 1_000)),
            "status_callback": addresses.dial_status(command.call_id),
            "status_callback_event": _EVENTS,
        }
        if settings.detection is not Detection.OFF:
            waits_for_beep = settings.machine_policy is MachinePolicy.LEAVE_MESSAGE
            wishes |= {
                "machine_detection": "DetectMessageEnd" if waits_for_beep else "Enable",
                "async_amd": "true",
                "async_amd_status_callback": addresses.dial_detected(command.call_id),
                "machine_detection_speech_threshold": SPEECH_THRESHOLD_MS,
                "machine_detection_speech_end_threshold": settings.speech_end_ms,
            }
        return wishes

    def _look(self, command: PlaceCall, number: str, caller_id: str, attempt: Try) -> Effect:
        """Look for a dial that may have been made, by journal and in the carrier's list."""
        sid = self.places.sid_of(command.call_id)
        try:
            since_ms = self.carrier_ms() - attempt.doubtful_ms * self.scale
            sid = sid or find_placed(
                self.client,
                number=number,
                caller_id=caller_id,
                since_ms=since_ms,
                others=self.places.known_sids(),
            )
        except CARRIER_ERRORS as error:
            return Doubtful(describe(error))
        if sid:
            return _bound(command.call_id, sid)
        if attempt.is_hopeless:
            return _refused(command.call_id, NOT_ALLOWED, "dead")
        return Doubtful("not found")


def _bound(call_id: CallId, sid: str) -> Effect:
    bound = DialBound(at_ms=0, call_id=call_id, sid=Sid(sid))
    return Done(
        Settlement(f"sid:{sid}", [(bound, f"{sid}|bound")], (call_id, leg_row(sid, is_agent=False)))
    )


def _refused(call_id: CallId, code: int, result: str = "") -> Effect:
    refused = DialRefused(at_ms=0, call_id=call_id, code=code)
    return Done(Settlement(result or f"failed:{code}", [(refused, f"{call_id}|refused")]))
