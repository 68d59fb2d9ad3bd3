"""Nodes that say something, look something up, or let the caller go."""

from ivr.flow.nodes import HangUp, Hours, NodeId, Queue, Say, Voicemail
from ivr.inputs import Input, QueueLeft, RecordingDone
from ivr.interpreter.walk import Walk
from ivr.steps import Enqueue
from ivr.steps import HangUp as HangUpStep
from ivr.steps import Voicemail as VoicemailStep

VOICEMAIL_MS_MIN = 1000
"""A shorter recording is a caller who put the receiver down, not a message."""


def enter_say(walk: Walk, node: Say) -> NodeId:
    """Say it and go on."""
    walk.say(walk.prompt(node.prompt))
    return node.next


def enter_hours(walk: Walk, node: Hours) -> NodeId:
    """Go by the calendar; one that is not there counts as open, so that somebody answers."""
    calendar = walk.flow.hours.get(node.hours)
    state = calendar.state_at(walk.given.at_ms) if calendar is not None else "open"
    if state == "open":
        return node.open
    return node.holiday if state == "holiday" and node.holiday is not None else node.closed


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
    walk.turns += 1
    walk.note("went", f"left the queue: {given.reason}")
    target = node.served if given.reason == "served" else node.left
    if target is not None and walk.turns <= walk.flow.document.turns_max:
        return target
    walk.say(walk.sentence("goodbye"))
    walk.end(HangUpStep("queued" if given.reason == "served" else "abandoned"))
    return None


def enter_voicemail(walk: Walk, node: Voicemail) -> None:
    """Ask for a message."""
    walk.say(walk.prompt(node.prompt))
    walk.end(VoicemailStep(mailbox=node.queue, duration_ms_max=node.seconds_max * 1000))


def answer_voicemail(walk: Walk, node: Voicemail, given: Input) -> NodeId | None:
    """Thank for a message, or end without one."""
    if isinstance(given, RecordingDone) and given.duration_ms >= VOICEMAIL_MS_MIN:
        walk.note("data", f"voicemail of {given.duration_ms // 1000} s")
        if node.next is not None:
            return node.next
        walk.say(walk.sentence("goodbye"))
        walk.end(HangUpStep("voicemail"))
        return None
    walk.say(walk.sentence("goodbye"))
    walk.end(HangUpStep("abandoned"))
    return None


def enter_hang_up(walk: Walk, node: HangUp) -> None:
    """Say goodbye."""
    walk.say(walk.prompt(node.prompt) if node.prompt is not None else walk.sentence("goodbye"))
    walk.end(HangUpStep(node.outcome))


def answer_hang_up(walk: Walk, node: HangUp, _given: Input) -> None:
    """Stay gone: whatever comes after the goodbye is late."""
    walk.end(HangUpStep(node.outcome))
