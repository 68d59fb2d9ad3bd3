"""Nodes that let the caller go: to a queue, a voicemail, another number, the goodbye."""

from ivr.flow.nodes import HangUp, NodeId, Queue, Refuse, Transfer, Voicemail
from ivr.inputs import Input, NoInput, QueueLeft, RecordingDone, TransferFailed
from ivr.interpreter.walk import Walk
from ivr.steps import Enqueue, Reject
from ivr.steps import HangUp as HangUpStep
from ivr.steps import Transfer as TransferStep
from ivr.steps import Voicemail as VoicemailStep

VOICEMAIL_MS_MIN = 1000
"""A shorter recording is a caller who put the receiver down, not a message."""


def enter_queue(walk: Walk, node: Queue) -> None:
    """Put the caller into the queue with all they have told."""
    if node.prompt is not None:
        walk.say(walk.prompt(node.prompt))
    walk.end(
        Enqueue(
            queue=node.queue,
            language=walk.language,
            skills=tuple(node.skills),
            priority=node.priority,
            segment=node.segment or walk.data.get("caller.segment"),
            data=dict(walk.data),
        )
    )


def answer_queue(walk: Walk, node: Queue, given: Input) -> NodeId | None:
    """Go on after the queue; anything else finds the caller still waiting."""
    if not isinstance(given, QueueLeft):
        enter_queue(walk, node)
        return None
    walk.note("went", f"left the queue: {given.reason}")
    is_served = given.reason == "served"
    walk.settled = "queued" if is_served else walk.settled
    target = node.served if is_served else node.left
    return _go_on(walk, target)


def _go_on(walk: Walk, target: NodeId | None) -> NodeId | None:
    """Go on in the flow if there is more of it and the caller has patience left; else goodbye."""
    if target is None or walk.is_tired:
        walk.end_call(walk.settled or "abandoned")
        return None
    return target


def enter_voicemail(walk: Walk, node: Voicemail) -> None:
    """Ask for a message."""
    walk.say(walk.prompt(node.prompt))
    walk.end(VoicemailStep(mailbox=node.queue, duration_ms_max=node.seconds_max * 1000))


def answer_voicemail(walk: Walk, node: Voicemail, given: Input) -> NodeId | None:
    """Thank for a message, or end without one."""
    if not isinstance(given, RecordingDone | NoInput) and not walk.is_tired:
        enter_voicemail(walk, node)  # something late; the caller has not spoken yet
        return None
    if isinstance(given, RecordingDone) and given.duration_ms >= VOICEMAIL_MS_MIN:
        walk.note("data", f"voicemail of {given.duration_ms // 1000} s")
        walk.settled = "voicemail"
        return _go_on(walk, node.next)
    return _go_on(walk, None)


def enter_transfer(walk: Walk, node: Transfer) -> None:
    """Send the caller on."""
    if node.prompt is not None:
        walk.say(walk.prompt(node.prompt))
    walk.end(TransferStep(to=node.to, ring_ms=node.ring_s * 1000))


def answer_transfer(walk: Walk, node: Transfer, given: Input) -> NodeId | None:
    """Go on when nobody took the call; anything else comes after they did."""
    if not isinstance(given, TransferFailed):
        walk.end(HangUpStep("transferred"))
        return None
    walk.note("went", f"nobody took the transfer: {given.reason}")
    return _go_on(walk, node.failed)


def enter_hang_up(walk: Walk, node: HangUp) -> None:
    """Say goodbye."""
    walk.end_call(node.outcome, node.prompt)


def enter_refuse(walk: Walk, node: Refuse) -> None:
    """Refuse the call, or end it when it has been answered already."""
    if walk.is_unanswered:
        walk.end(Reject("busy" if node.busy else "rejected"))
    else:
        walk.end_call("refused")
