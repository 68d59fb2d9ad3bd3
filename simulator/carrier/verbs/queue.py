"""Dial a queue: take its head, let the caller hear a whisper, talk.

Source:
    https://www.twilio.com/docs/voice/twiml/queue: the whisper `url` runs on the waiting caller's
    side with QueueSid, CallSid of the dequeued call, QueueTime and DequeingCallSid (spelt so); an
    empty queue is waited for until the Dial's time-out; an unknown one is an error.
"""

from collections.abc import Mapping

import simpy

from simulator.carrier.bridges import Bridge
from simulator.carrier.calls import Bridging
from simulator.carrier.execution import Execution, Steps
from simulator.carrier.queues import Member, Queue
from simulator.carrier.twiml import Document, Element, Source, seconds

TIMEOUT_S = 30.0


def dial_queue(
    execution: Execution, verb: Element, noun: Element, document: Document, cut: simpy.Event
) -> Steps[Mapping[str, str]]:
    """Talk to the head of a queue until either side is done."""
    exchange, call = execution.exchange, execution.call
    name = (noun.text or "").strip()
    queue = exchange.queues.called(name)
    if queue is None:
        exchange.alert(14212, call, f"there is no queue {name!r}")
        return {"DialCallStatus": "failed"}
    member = yield from _head(execution, queue, seconds(verb, "timeout", TIMEOUT_S), cut)
    if member is None:
        return {"DialCallStatus": "no-answer", "QueueSid": queue.sid}
    bridge = exchange.bridge()
    facts = {"QueueSid": queue.sid, "QueueTime": str(member.wait_s)}
    queue.leave(member)
    member.call.interrupt(Bridging(bridge, _whisper(execution, noun, document, member, facts)))
    yield from _talk(execution, bridge, member, cut)
    return {
        **facts,
        "DialCallStatus": "completed",
        "DialCallSid": member.call.sid,
        "DialCallDuration": str(int(bridge.seconds)),
        "DialBridged": "true" if bridge.began_at_s is not None else "false",
    }


def _head(
    execution: Execution, queue: Queue, timeout_s: float, cut: simpy.Event
) -> Steps[Member | None]:
    """Wait for a member to take; None when the time is up."""
    timeline, call = execution.timeline, execution.call
    time_up = timeline.sleep(timeout_s)
    queue.takers.append(call)
    try:
        while not queue.members or queue.takers[0] is not call:
            yield queue.stirred | time_up | cut
            if time_up.processed or cut.triggered:
                return None
        return queue.members[0]
    finally:
        queue.takers.remove(call)
        queue.stir()


def _whisper(
    execution: Execution,
    noun: Element,
    document: Document,
    member: Member,
    facts: Mapping[str, str],
) -> Source | None:
    url = noun.get("url")
    if not url:
        return None
    extra = {**facts, "CallSid": member.call.sid, "DequeingCallSid": execution.call.sid}
    return document.follow(url, noun.get("method"), extra)


def _talk(execution: Execution, bridge: Bridge, member: Member, cut: simpy.Event) -> Steps[None]:
    call = execution.call
    try:
        yield bridge.ready | bridge.over | member.call.gone | cut
        if bridge.ready.triggered and not bridge.over.triggered:
            bridge.join(call, member.call)
            yield bridge.over | member.call.gone | cut
    finally:
        bridge.leave(call)
