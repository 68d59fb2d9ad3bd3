"""What follows for the centre from how the call flow goes on: queued, ended, or nothing yet."""

from collections.abc import Callable, Mapping

from acd.events import UNSTAMPED, CallbackAsked, CallQueued, ConsentGiven, FlowEnded, FlowOutcome
from acd.ids import CallId, CustomerId, QueueId
from ivr.flow import Flow
from ivr.inputs import HungUp
from ivr.interpreter import advance
from ivr.steps import BookCallback, Enqueue, HangUp, Outcome, Reject, Steps, ending_of
from webhooks.places import Place
from webhooks.ports import Fact
from webhooks.told import story_of

_OUTCOMES: Mapping[str, FlowOutcome] = {
    "self_served": FlowOutcome.SELF_SERVED,
    "voicemail": FlowOutcome.VOICEMAIL,
    "transferred": FlowOutcome.TRANSFERRED,
    "refused": FlowOutcome.REFUSED,
    "abandoned": FlowOutcome.ABANDONED,
}
"""By the flow's own word. `queued` and `callback` are missing: the centre knows of both by facts
of their own."""


def facts_of(
    place: Place, flow: Flow, steps: Steps, number_key: Callable[[str], str]
) -> list[Fact]:
    """Return what these steps tell the centre; a transfer is told when somebody answers it.

    Args:
        place: Where the caller is after the steps.
        flow: The flow they are in.
        steps: What they hear or are asked next.
        number_key: Names a number without showing it, equal numbers equally.
    """
    story = story_of(place.session, flow).to_private()
    asked = [
        _callback_asked(place, step, number_key(step.number), story)
        for step in steps
        if isinstance(step, BookCallback)
    ]
    ending = ending_of(steps)
    if isinstance(ending, Enqueue):
        return [*asked, *_consent(place), _queued(place, ending, story)]
    if isinstance(ending, HangUp | Reject) and ending.outcome in _OUTCOMES:
        return [*asked, _flow_ended(place, _OUTCOMES[ending.outcome], story)]
    return asked


CONSENT = "recording_consent"
"""Data of a flow that says whether the caller agreed to be recorded: `yes` or `no`."""


def _consent(place: Place) -> list[Fact]:
    """What the caller answered when the flow asked whether they may be recorded."""
    given = place.session.data.get(CONSENT)
    if given not in ("yes", "no"):
        return []
    call_id = CallId(place.session.call)
    event = ConsentGiven(UNSTAMPED, call_id, is_given=given == "yes")
    return [Fact(event, f"{call_id}|consent|{given}")]


def outcome_of_hang_up(place: Place, flow: Flow | None, *, at_ms: int) -> Outcome:
    """Return how the flow ended for somebody who hung up; as it was if it had ended before.

    Most people end a voicemail by hanging up, and the carrier then tells the recording and the end
    of the call at the same time. Whoever hangs up after the tone counts as having left a message.
    """
    if place.session.outcome is not None:
        return place.session.outcome
    if place.asked == "recording":
        return "voicemail"
    if flow is None:
        return "abandoned"
    session, _ = advance(flow, place.session, HungUp(at_ms=at_ms))
    return session.outcome or "abandoned"


def hang_up_facts(place: Place, flow: Flow | None, outcome: Outcome) -> list[Fact]:
    """Return what the end of the flow tells the centre; nothing if it had ended before.

    Args:
        place: Where the caller was when they hung up.
        flow: The flow they were in, if that version is still kept.
        outcome: What `outcome_of_hang_up` said.
    """
    if place.session.outcome is not None:
        return []
    story = story_of(place.session, flow).to_private()
    return [_flow_ended(place, _OUTCOMES.get(outcome, FlowOutcome.ABANDONED), story)]


def _callback_asked(
    place: Place, step: BookCallback, number_key: str, story: Mapping[str, str]
) -> Fact:
    call_id = CallId(place.session.call)
    event = CallbackAsked(
        UNSTAMPED,
        call_id,
        QueueId(step.queue),
        number_key,
        skills=dict.fromkeys(step.skills, 1),
        priority=step.priority,
        segment=step.segment or "",
    )
    return Fact(
        event,
        f"{call_id}|callback|{step.queue}",
        subject=CustomerId(place.customer_id),
        private={"number": step.number, **story},
    )


def _queued(place: Place, ending: Enqueue, story: Mapping[str, str]) -> Fact:
    call_id, customer_id = CallId(place.session.call), CustomerId(place.customer_id)
    event = CallQueued(
        UNSTAMPED,
        call_id,
        QueueId(ending.queue),
        customer_id,
        skills=dict.fromkeys(ending.skills, 1),
        priority=ending.priority,
        language=ending.language,
        segment=ending.segment or "",
    )
    key = f"{call_id}|queued|{place.session.ordinal}"
    return Fact(event, key, subject=customer_id, private=story)


def _flow_ended(place: Place, outcome: FlowOutcome, story: Mapping[str, str]) -> Fact:
    call_id = CallId(place.session.call)
    event = FlowEnded(UNSTAMPED, call_id, outcome)
    key = f"{call_id}|flow-ended|{place.session.ordinal}"
    return Fact(event, key, subject=CustomerId(place.customer_id), private=story)
