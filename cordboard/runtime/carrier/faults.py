"""What an answer of the carrier means for the effect that was asked for.

| answer | the effect | then |
| --- | --- | --- |
| 4xx with a code | did not and will not happen | a fact says so |
| 404 / 20404, 21220 | there is nothing to act upon any more | mostly fine |
| 429 / 20429 | was not processed, by the carrier's promise | the same again, later |
| connection refused | was never sent | the same again, later |
| 5xx, time-out, reset | may have happened | look before repeating |

Source: https://www.twilio.com/docs/api/errors (codes), .../docs/api/errors/20429 ("never
processed, always safe to retry").
"""

from enum import Enum
from json import JSONDecodeError

import requests
import urllib3.exceptions
from twilio.base.exceptions import TwilioException, TwilioRestException

BUSY_STATUS = 429
NOT_FOUND_STATUS = 404
SERVER_FAULT_STATUS = 500

NOT_IN_STATE = 21220
"""The call is not in a state for this update: it is over, or not there yet."""

LABEL_IN_USE = 16026
"""A participant of this label is in the conference already: it is ours, made before."""


CARRIER_ERRORS = (TwilioException, requests.RequestException, JSONDecodeError)
"""Everything the carrier's library raises because of a request or its answer."""


class Meaning(Enum):
    """What became of a request that was not answered by success."""

    REFUSED = "refused"  #: it will not happen
    GONE = "gone"  #: what it is about is over or unknown
    BUSY = "busy"  #: it did not happen; ask again later
    UNKNOWN = "unknown"  #: it may have happened


def meaning_of(error: Exception) -> Meaning:
    """Return what one of `CARRIER_ERRORS` means."""
    if isinstance(error, TwilioRestException):
        return _meaning_of_answer(error)
    if isinstance(error, requests.ConnectTimeout) or _was_never_sent(error):
        return Meaning.BUSY
    # Broken off, timed out, or an answer the library cannot read: anything may have happened.
    return Meaning.UNKNOWN


def _meaning_of_answer(error: TwilioRestException) -> Meaning:
    if error.status == BUSY_STATUS:
        return Meaning.BUSY
    if error.status >= SERVER_FAULT_STATUS:
        return Meaning.UNKNOWN
    if error.status == NOT_FOUND_STATUS or error.code == NOT_IN_STATE:
        return Meaning.GONE
    return Meaning.REFUSED


def _was_never_sent(error: Exception) -> bool:
    """Tell a connection that was never made from one that broke."""
    if not isinstance(error, requests.ConnectionError) or not error.args:
        return False
    reason = getattr(error.args[0], "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def code_of(error: Exception) -> int:
    """Return the carrier's error code, its HTTP status if it gave none, 0 if nothing is known."""
    if isinstance(error, TwilioRestException):
        return int(error.code or error.status)
    return 0


def describe(error: Exception) -> str:
    """Return a few words for logs: no address, no number, nothing personal."""
    code = code_of(error)
    return f"carrier code {code}" if code else type(error).__name__
