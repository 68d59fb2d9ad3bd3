"""Calls that we placed, found again: the carrier has no other way to tell whether one was made.

At most one call to a number from a caller id of ours is in flight, so the one that was made since
the claim is ours. The carrier's own filter by start time would leave out calls that have not
started, so the creation's time is looked at here.
"""

from twilio.rest import Client

LOOK_BACK_S = 5
"""The carrier's clock and ours differ; a call made by the claim is not older than this."""


def find_placed(client: Client, *, number: str, caller_id: str, since_ms: float) -> str:
    """Return the sid of the call placed since the claim, empty if there is none.

    Args:
        client: Asks the carrier; its errors come through.
        number: Who was called.
        caller_id: From which number of ours.
        since_ms: The claim, by about the carrier's clock.
    """
    since_s = since_ms / 1_000 - LOOK_BACK_S
    for call in client.calls.list(to=number, from_=caller_id, limit=20):
        made = call.date_created
        if made is None or made.timestamp() >= since_s:
            return str(call.sid)
    return ""
