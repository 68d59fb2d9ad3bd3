"""Questions with a yes, a no or one key for an answer: the callback offer and the survey."""

from functools import partial

from ivr import speech
from ivr.flow.nodes import Callback, NodeId, Survey
from ivr.inputs import Input
from ivr.interpreter.errands import usable_number
from ivr.interpreter.questions import MISS, Heard, Understood, put, settle
from ivr.interpreter.walk import Walk
from ivr.slots.numbers import number_in
from ivr.steps import BookCallback
from ivr.steps import Prompt as PromptStep


def enter_callback(walk: Walk, node: Callback) -> NodeId | None:
    """Offer to call back, if there is a number to call."""
    if usable_number(walk, node.number_from) is None:
        return node.no_number
    return _ask_callback(node, walk, None)


def answer_callback(walk: Walk, node: Callback, given: Input) -> NodeId | None:
    """Take the yes or no."""
    return settle(
        walk,
        node,
        given,
        understand=partial(_understand_callback, node),
        ask_again=partial(_ask_callback, node),
    )


def _ask_callback(
    node: Callback, walk: Walk, prompts: tuple[PromptStep, ...] | None
) -> NodeId | None:
    return put(walk, node, walk.prompt(node.prompt) if prompts is None else prompts)


def _understand_callback(node: Callback, walk: Walk, answer: Heard) -> Understood:
    said = {"1": "yes", "2": "no"}.get(answer.digits) or speech.yes_or_no(answer.said)
    if said == "yes":
        number = usable_number(walk, node.number_from)
        if number is None:
            return node.no_number
        _book(node, walk, number)
        return None
    return node.refused if said == "no" else MISS


def _book(node: Callback, walk: Walk, number: str) -> None:
    """Promise the callback."""
    walk.note("data", "a callback was booked")
    walk.say(
        (
            BookCallback(
                queue=node.queue,
                number=number,
                language=walk.language,
                skills=tuple(node.skills),
                priority=node.priority,
                segment=walk.data.get("caller.segment"),
                data=dict(walk.data),
            ),
        )
    )
    walk.end_call("callback", node.booked)


def enter_survey(walk: Walk, node: Survey) -> NodeId | None:
    """Ask for the rating."""
    return _ask_rating(node, walk, None)


def answer_survey(walk: Walk, node: Survey, given: Input) -> NodeId | None:
    """Take the rating."""
    return settle(
        walk,
        node,
        given,
        understand=partial(_understand_rating, node),
        ask_again=partial(_ask_rating, node),
    )


def _ask_rating(node: Survey, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    return put(walk, node, walk.prompt(node.prompt) if prompts is None else prompts)


def _understand_rating(node: Survey, walk: Walk, answer: Heard) -> Understood:
    is_key = answer.digits.isascii() and answer.digits.isdigit()
    rating = int(answer.digits) if is_key else None
    if answer.said:
        said = number_in(answer.said)
        rating = int(said) if said is not None and said == int(said) else None
    if rating is None or not node.minimum <= rating <= node.maximum:
        return MISS
    walk.data[node.save] = str(rating)
    walk.note("data", f"{node.save}: {rating}")
    return node.next
