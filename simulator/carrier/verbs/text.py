"""Sms: send a text message from within a call."""

from simulator.carrier.execution import Execution, Steps
from simulator.carrier.twiml import Document, Element, Source


def sms(execution: Execution, verb: Element, document: Document) -> Steps[Source | None]:
    """Send the text to the far end, or to whom the verb names, and go on."""
    yield from ()
    call, exchange = execution.call, execution.exchange
    to = verb.get("to") or (call.from_ if call.direction == "inbound" else call.to)
    from_ = verb.get("from") or (call.to if call.direction == "inbound" else call.from_)
    callback = verb.get("statusCallback")
    message = exchange.texting.send(
        from_, to, (verb.text or "").strip(), document.resolve(callback) if callback else ""
    )
    facts = {"MessageSid": message.sid, "MessageStatus": message.status}
    return execution.after_action(verb, document, facts)
