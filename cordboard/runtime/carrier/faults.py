"""What an answer of the carrier means for the effect that was asked for.

| answer | the effect | then |
| --- | --- | --- |
| 4xx with a code | did not and will not happen | a fact says so |
| 404 / 20404, 21220 | there is nothing to act upon any more | mostly fine |
| 429 / 20429 | was not processed, by the carrier's promise | the same again, later |
| 401, 10001, 10004, 22005 | was not processed: it is the account | the same again, later |
| connection refused | was never sent | the same again, later |
| 5xx, time-out, reset | may have happened | look before repeating |

Source: https://www.twilio.com/docs/api/errors (codes), .../docs/api/errors/20429 ("never
processed, always safe to retry").
"""

from collections.abc import Mapping
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

UNAUTHORIZED_STATUS = 401

OF_THE_ACCOUNT = frozenset({10001, 10004, 20003, 22005})
"""Codes about the account: it is suspended, full, or these are not its credentials.

They say nothing about the number or the leg. Were they taken for refusals, an hour of wrong
credentials would use up a campaign's attempts, and legs that live would be told as over.
"""

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
    is_of_account = error.status == UNAUTHORIZED_STATUS or error.code in OF_THE_ACCOUNT
    if error.status == BUSY_STATUS or is_of_account:
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


SENTENCES: Mapping[int, str] = {
    10001: "the account is not active; see the carrier's console",
    10004: "the account has as many calls as it may have at once; ask the carrier for more",
    11100: "an address is not a valid one; check CORDBOARD_PUBLIC_URL",
    11200: "the carrier got no answer, or an error, from our address",
    11205: "the carrier could not connect to our address",
    11210: "the carrier cannot find the host of our address",
    11237: "the carrier does not trust our address's certificate",
    11750: "a document of ours was longer than 64 kB",
    12100: "a document of ours could not be read",
    13214: "the caller id of a transfer is neither ours nor the caller's",
    13223: "the number is not written as the carrier wants it",
    13224: "the number is none that can be called",
    13225: "the carrier refuses to call this number, for good",
    13227: "calls to this country are not permitted; permit them in the carrier's console",
    13247: "the caller id is on a do-not-originate list; show another number",
    14207: "the carrier's queue is full",
    16020: "the leg that should be listened to is not in the room",
    16025: "a name of a leg in a room is one the carrier does not take",
    16026: "this leg is in the room already",
    20001: "the request was wrong: report it",
    20003: "the carrier does not know these credentials; check TWILIO_ACCOUNT_SID and"
    " TWILIO_AUTH_TOKEN, and that they are of the region TWILIO_REGION",
    20404: "it does not exist at the carrier (any more)",
    20429: "too many requests at once; come again in a moment",
    20500: "the carrier had a fault of its own; what was asked for may have happened",
    21205: "an address is not one the carrier can reach; check CORDBOARD_PUBLIC_URL",
    21206: "the keys to be sent are not valid",
    21208: "the ring time is not valid",
    21210: "the caller id is neither owned nor verified; buy or verify the number",
    21211: "the number is none that can be called",
    21212: "the caller id must not be used for calls",
    21214: "the number cannot be reached",
    21215: "calls to this country are not permitted; permit them in the carrier's console",
    21216: "the carrier refuses to call this number, for good",
    21217: "the number does not seem to exist",
    21219: "a trial account calls verified numbers only",
    21220: "the call is over, or not there yet",
    21408: "messages to this country are not permitted; see texting.to in the settings, and the"
    " carrier's console",
    21606: "our number cannot send messages",
    21234: "machine detection is set outside its ranges",
    21262: "machine detection has no address to report to",
    21610: "the person has asked for no more messages",
    21612: "this number cannot send messages there",
    21614: "the number cannot receive messages",
    21617: "the message is too long",
    22005: "more calls wait at the carrier than it takes; lower calls_per_s_max",
    30001: "the message waited too long at the carrier",
    30002: "the account is suspended; see the carrier's console",
    30003: "the phone was switched off or out of reach",
    30004: "the person's network or phone blocks our messages",
    30005: "the number does not exist",
    30006: "the number is a landline, or cannot be reached by messages",
    30007: "the network took the message for spam",
    30008: "the network did not take the message and gave no reason",
    30017: "the network is too busy",
    30022: "the network takes no more messages from us for now",
    30034: "the number is not registered for messages to this country",
    32009: "the SIP telephone is not registered",
    60203: "call flows sent the number as many messages in a day as texting.per_number_day allows",
}
"""What a person can do about the carrier's codes. Source: https://www.twilio.com/docs/api/errors."""


_PASSING = frozenset({30001, 30003, 30008, 30017, 30022})


def is_worth_repeating(code: int) -> bool:
    """Tell whether what failed with a code of messages may succeed a little later.

    Example:
        >>> is_worth_repeating(30003), is_worth_repeating(21610)
        (True, False)
    """
    return code in _PASSING


def sentence_of(code: int) -> str:
    """Return what one of the carrier's error codes means, for people.

    Example:
        >>> sentence_of(21217)
        'the number does not seem to exist'
        >>> sentence_of(1)
        'the carrier gave error 1; see https://www.twilio.com/docs/errors/1'
    """
    known = SENTENCES.get(code)
    return known or f"the carrier gave error {code}; see https://www.twilio.com/docs/errors/{code}"


def explain(error: Exception) -> str:
    """Return what one of `CARRIER_ERRORS` means, for people: nothing personal, no address."""
    code = code_of(error)
    return sentence_of(code) if code else f"the carrier does not answer ({type(error).__name__})"


def describe(error: Exception) -> str:
    """Return a few words for logs: no address, no number, nothing personal."""
    code = code_of(error)
    return f"carrier code {code}" if code else type(error).__name__
