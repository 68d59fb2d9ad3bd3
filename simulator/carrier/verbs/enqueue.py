"""Enqueue and Leave: wait in a line, hear the waiting document over and over, be taken out.

The waiting document is requested again whenever it ends: the heart-beat of a waiting call. What
ends the wait is told to `action` as QueueResult: at once when the caller hung up, left or was
redirected by REST; after the talk when an agent's `<Dial><Queue>` took the call (`bridged`).

Source:
    https://www.twilio.com/docs/voice/twiml/enqueue (attributes, results, parameters).
"""

from collections.abc import Mapping

import simpy

from simulator.carrier.calls import Bridging, Ended, Redirected
from simulator.carrier.execution import Execution, Steps, Verb
from simulator.carrier.queues import Member
from simulator.carrier.twiml import Document, Element, Fetch, Source, TwimlError
from simulator.carrier.verbs.audio import pause, play, say
from simulator.carrier.verbs.flow import hangup, redirect
from simulator.carrier.verbs.gather import gather

#: How long an empty waiting document is made to last, unless the variant lets it spin.
EMPTY_WAIT_S = 1.0


class LeftQueueError(Exception):
    """`<Leave>` was executed in a waiting document."""


def leave(_execution: Execution, _verb: Element, _document: Document) -> Steps[Source | None]:
    """Leave the queue."""
    yield from ()
    raise LeftQueueError


#: What a waiting document may do.
WAITING_VERBS: Mapping[str, Verb] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Redirect": redirect,
    "Hangup": hangup,
    "Leave": leave,
}

#: What the document of `<Queue url>` may do on the waiting caller's side.
TAKEN_VERBS: Mapping[str, Verb] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Redirect": redirect,
}


def enqueue(execution: Execution, verb: Element, document: Document) -> Steps[Source | None]:
    """Wait in a queue until something ends the wait, then go on."""
    name = (verb.text or "").strip() or "default"
    queue = execution.exchange.queues.on_demand(name)
    if queue.is_full:
        execution.exchange.alert(14207, execution.call, f"queue {name!r} is full")
        return execution.after_action(verb, document, {"QueueResult": "queue-full"})
    member = queue.join(execution.call)
    result = ""
    try:
        result = yield from _wait(execution, member, verb, document)
    except simpy.Interrupt as interrupt:
        result = yield from _taken_out(execution, member, verb, document, interrupt)
    finally:
        execution.extra = dict
        queue.leave(member)
    return execution.after_action(verb, document, _facts(member, result))


def _facts(member: Member, result: str) -> dict[str, str]:
    return {
        "QueueResult": result,
        "QueueSid": member.queue.sid,
        "QueueTime": str(member.wait_s),
    }


def _wait(execution: Execution, member: Member, verb: Element, document: Document) -> Steps[str]:
    url = verb.get("waitUrl")
    if not url:
        yield execution.timeline.event()
    execution.extra = member.parameters
    try:
        while True:
            began_s = execution.timeline.now_s
            source = document.follow(url, verb.get("waitUrlMethod"))
            yield from execution.follow(source, WAITING_VERBS)
            spins = execution.exchange.variants.empty_wait_document_spins
            if execution.timeline.now_s - began_s < EMPTY_WAIT_S / 2 and not spins:
                yield execution.timeline.sleep(EMPTY_WAIT_S)
    except LeftQueueError:
        return "leave"
    except TwimlError as error:
        execution.exchange.alert(error.code, execution.call, str(error))
        return "error"


def _taken_out(
    execution: Execution,
    member: Member,
    verb: Element,
    document: Document,
    interrupt: simpy.Interrupt,
) -> Steps[str]:
    """Deal with an interrupt of the wait; returns only when the caller was bridged."""
    cause = interrupt.cause
    facts = _facts(member, "hangup" if isinstance(cause, Ended) else "redirected")
    member.queue.leave(member)
    execution.extra = dict
    if isinstance(cause, Bridging):
        return (yield from _bridged(execution, member, verb, document, cause))
    request = execution.after_action(verb, document, facts)
    if request is None:
        raise interrupt
    if isinstance(cause, Redirected) and execution.exchange.variants.redirected_action_decides:
        decided = yield from execution.obtain(request)
        if decided.verbs:
            raise simpy.Interrupt(Redirected(decided))
    elif isinstance(cause, Redirected):
        execution.exchange.ask(execution.call, request, {})
    else:
        execution.call.farewells.append(request)
    raise interrupt


def _bridged(
    execution: Execution, member: Member, verb: Element, document: Document, cause: Bridging
) -> Steps[str]:
    call, bridge = execution.call, cause.bridge
    try:
        if cause.whisper is not None:
            yield from execution.follow(cause.whisper, TAKEN_VERBS)
        if not bridge.over.triggered:
            bridge.ready.succeed()
            yield bridge.over
    except simpy.Interrupt as interrupt:
        bridge.leave(call)
        if isinstance(interrupt.cause, Redirected):
            facts = _facts(member, "redirected-from-bridged")
            request: Fetch | None = execution.after_action(verb, document, facts)
            if request is not None:
                execution.exchange.ask(call, request, {})
        raise
    return "bridged"
