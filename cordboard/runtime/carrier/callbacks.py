"""Promised callbacks: the customer is rung into the room where an agent waits.

A callback is placed like a dial (see `dials`): claimed first, sent once, looked for on doubt and
never sent again. One number has one live callback, so at most one call to it is in flight. It goes
before campaigns' dials, for an agent waits (see `limits`).

The number was promised by somebody who may have meant harm, for the carrier bills whoever dials. It
is rung only if the site's settings and `is_safe` allow it; else the callback is given up.

Machine detection runs beside the conversation. The agent is there when the customer says hello;
should a machine have picked up, the agent hears its greeting for the few seconds of the verdict.

Source: https://www.twilio.com/docs/voice/api/call-resource (creation),
https://www.twilio.com/docs/voice/answering-machine-detection (asynchronous detection).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from twilio.rest import Client

from acd.commands import PlaceCallback
from acd.events import CallEnded, LegCause
from acd.ids import CallId
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

RING_S_MIN = 5


class Promises(Protocol):
    """Whom a callback was promised to; its owner keeps numbers sealed."""

    def number_of(self, call_id: CallId) -> str | None:
        """Return the number, or None when it was erased or nothing was promised."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """Carries out `PlaceCallback`."""

    client: Client
    places: Places
    promises: Promises
    is_allowed: Callable[[str], bool]  #: whether a number may be rung at all
    limit: Limit
    carrier_ms: Callable[[], int]  #: the carrier's clock, about
    scale: int = 1  #: of that clock

    def place(self, command: PlaceCallback, attempt: Try) -> Effect:
        """Ring the customer, once."""
        if attempt.is_overtaken and not attempt.is_repeat:
            self.limit.leave(attempt.key)
            return _never_made(command, attempt, "withdrawn", LegCause.CANCELED)
        number = self.promises.number_of(command.call_id)
        if number is None:
            return _never_made(command, attempt, "no number", LegCause.REFUSED)
        if attempt.is_repeat:
            return self._look(command, number, attempt)
        if not self.is_allowed(number):
            return _never_made(command, attempt, "not allowed", LegCause.REFUSED)
        if wait_ms := self.limit.wait_ms(attempt.key, Waiting.STAFF):
            return NotNow(after_ms=wait_ms)
        return self._create(command, number, attempt)

    def _create(self, command: PlaceCallback, number: str, attempt: Try) -> Effect:
        addresses, call_id = self.places.addresses, command.call_id
        detection = {
            "machine_detection": "Enable",
            "async_amd": "true",
            "async_amd_status_callback": addresses.callback_detected(call_id),
        }
        try:
            made = self.client.calls.create(
                to=number,
                from_=self.places.caller_id,
                url=addresses.room(call_id, command.room, command.reservation_id),
                timeout=max(RING_S_MIN, round(command.ring_ms / 1_000)),
                time_limit=TALK_S_MAX,
                status_callback=addresses.callback_status(call_id),
                status_callback_event=["completed"],
                **(detection if command.detects_machine else {}),
            )
        except CARRIER_ERRORS as error:
            return self._not_created(command, error, attempt)
        return _made(call_id, str(made.sid))

    def _not_created(self, command: PlaceCallback, error: Exception, attempt: Try) -> Effect:
        meaning = meaning_of(error)
        if meaning is Meaning.BUSY:
            return NotNow(explain(error))
        if meaning is Meaning.UNKNOWN:
            return Doubtful(describe(error))
        return _never_made(command, attempt, f"failed:{code_of(error)}", LegCause.INVALID)

    def _look(self, command: PlaceCallback, number: str, attempt: Try) -> Effect:
        """Look for a call that may have been made, by our table and in the carrier's list."""
        sid = self.places.sid_of(command.call_id)
        try:
            since_ms = self.carrier_ms() - attempt.doubtful_ms * self.scale
            sid = sid or find_placed(
                self.client,
                number=number,
                caller_id=self.places.caller_id,
                since_ms=since_ms,
                others=self.places.known_sids(),
            )
        except CARRIER_ERRORS as error:
            return Doubtful(describe(error))
        if sid:
            return _made(command.call_id, sid)
        if attempt.is_hopeless:
            return _never_made(command, attempt, "dead", LegCause.FAILED)
        return Doubtful("not found")


def _made(call_id: CallId, sid: str) -> Effect:
    """Enter the leg in the table; that it rings is no news to the centre."""
    return Done(Settlement(f"sid:{sid}", leg=(call_id, leg_row(sid, is_agent=False))))


def _never_made(command: PlaceCallback, attempt: Try, result: str, cause: LegCause) -> Effect:
    """Tell that the customer's phone never rang; each attempt is a fact of its own."""
    ended = CallEnded(at_ms=0, call_id=command.call_id, cause=cause)
    return Done(Settlement(result, [(ended, f"{attempt.key}|never made")]))
