"""Calls that we placed, found again: the carrier has no other way to tell whether one was made.

A call that was made to the number since the claim, and that is no other leg's, is ours. Most of the
time there is one at most. An agent who is offered a second caller within seconds may have two of
unknown outcome: then neither is taken by guess. The carrier tells each call's state at an address
with the leg's name in it, so the first such request says whose it is, and the other one is left.

The carrier's own filter by start time would leave out calls that have not started, so the
creation's time is looked at here.
"""

from collections.abc import Collection

from twilio.rest import Client

LOOK_BACK_S = 5
"""The carrier's clock and ours differ; a call made by the claim is not older than this."""


def find_placed(
    client: Client, *, number: str, caller_id: str, since_ms: float, others: Collection[str]
) -> str:
    """Return the sid of the call placed since the claim, empty if none or several may be it.

    Args:
        client: Asks the carrier; its errors come through.
        number: Who was called.
        caller_id: From which number of ours.
        since_ms: The claim, by about the carrier's clock.
        others: Sids of legs whose owner is known: none of them is looked for.
    """
    since_s = since_ms / 1_000 - LOOK_BACK_S
    found = [
        str(call.sid)
        for call in client.calls.list(to=number, from_=caller_id, limit=20)
        if call.date_created is None or call.date_created.timestamp() >= since_s
    ]
    ours = [sid for sid in found if sid not in others]
    return ours[0] if len(ours) == 1 else ""
