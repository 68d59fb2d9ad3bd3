"""Redirect, Hangup, Reject, and verbs that only start or stop something unheard.

Source:
    https://www.twilio.com/docs/voice/twiml/redirect, .../hangup, .../reject.
"""

from simulator.carrier.calls import CallOver
from simulator.carrier.execution import Execution, Steps
from simulator.carrier.twiml import Document, Element, Source


def redirect(_execution: Execution, verb: Element, document: Document) -> Steps[Source | None]:
    """Replace the document by another; an empty address asks for this one again."""
    yield from ()
    return document.follow((verb.text or "").strip(), verb.get("method", "POST"))


def hangup(_execution: Execution, _verb: Element, _document: Document) -> Steps[Source | None]:
    """End the call; as a first verb it has been answered."""
    yield from ()
    raise CallOver


def reject(execution: Execution, verb: Element, document: Document) -> Steps[Source | None]:
    """Refuse an inbound call without answering; only as the first verb of a ringing call."""
    yield from ()
    if document.verbs[0] is not verb or execution.call.is_answered:
        execution.exchange.alert(12200, execution.call, "<Reject> works only as the first verb")
        return None
    raise CallOver("busy" if verb.get("reason") == "busy" else "no-answer")


def without_sound(
    _execution: Execution, _verb: Element, _document: Document
) -> Steps[Source | None]:
    """Go on at once: streams and transcriptions in the background are not modelled."""
    yield from ()
    return None
