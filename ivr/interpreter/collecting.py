"""Collecting one value: ask, check, read back when in doubt, remember."""

from functools import partial

from ivr import speech
from ivr.flow.nodes import Ask, NodeId
from ivr.inputs import Input
from ivr.interpreter.questions import MISS, Heard, Keys, Understood, put, settle
from ivr.interpreter.walk import Walk
from ivr.slots.digits import mask_cards
from ivr.slots.values import SlotRules, read_value
from ivr.steps import Prompt as PromptStep

CONFIRM = "confirm"


def enter_ask(walk: Walk, node: Ask) -> NodeId | None:
    """Put the question."""
    return _ask_value(node, walk, None)


def answer_ask(walk: Walk, node: Ask, given: Input) -> NodeId | None:
    """Take a value, or the answer to "is that right?"."""
    understand = _understand_confirmation if _confirms(walk) else _understand_value
    return settle(
        walk, node, given, understand=partial(understand, node), ask_again=partial(_ask, node)
    )


def _ask(node: Ask, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    """Put the question of the stage the caller is at by now."""
    ask = _ask_confirmation if _confirms(walk) else _ask_value
    return ask(node, walk, prompts)


def _confirms(walk: Walk) -> bool:
    """Tell whether a value waits for a yes: as kept and as spoken."""
    return walk.stage == CONFIRM and len(walk.candidates) == 2


def rules_of(node: Ask, walk: Walk) -> SlotRules:
    """Give what a value of this node has to satisfy, here and today."""
    return SlotRules(
        type=node.type,
        language=walk.language,
        today=walk.flow.local.day_at(walk.given.at_ms),
        minimum=node.minimum,
        maximum=node.maximum,
        length_min=node.length_min,
        length_max=node.length_max,
        check_digit=node.check_digit,
    )


def _ask_value(node: Ask, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    heard = walk.prompt(node.prompt) if prompts is None else prompts
    keys = Keys(_KEY_COUNTS.get(node.type, node.length_max), finish_key="#")
    return put(walk, node, heard, keys=keys)


_KEY_COUNTS = {"yes_no": 1, "date": 8, "number": 12, "amount": 12}


def _ask_confirmation(
    node: Ask, walk: Walk, prompts: tuple[PromptStep, ...] | None
) -> NodeId | None:
    _, spoken = walk.candidates
    return put(walk, node, prompts or walk.sentence("confirm_value", value=spoken))


def _understand_value(node: Ask, walk: Walk, answer: Heard) -> Understood:
    rules = rules_of(node, walk)
    texts = (answer.digits,) if answer.digits else answer.readings
    values = [read_value(rules, text, is_keyed=bool(answer.digits)) for text in texts]
    value = next((value for value in values if value is not None), None)
    if value is None:
        return MISS
    needs_reading = node.read_back == "always" or (node.read_back == "spoken" and value.is_in_doubt)
    if needs_reading and not _is_hidden(node, value.text):
        walk.stage, walk.candidates = CONFIRM, (value.text, value.spoken)
        return _ask_confirmation(node, walk, None)
    return _keep(node, walk, value.text)


def _understand_confirmation(node: Ask, walk: Walk, answer: Heard) -> Understood:
    said = {"1": "yes", "2": "no"}.get(answer.digits) or speech.yes_or_no(answer.said)
    if said == "yes":
        return _keep(node, walk, walk.candidates[0])
    if said == "no":
        walk.stage, walk.candidates = "", ()
    return MISS


def _keep(node: Ask, walk: Walk, value: str) -> NodeId:
    if _is_hidden(node, value):
        walk.keep_secret(node.save, value)
        return node.next
    walk.keep(node.save, value)
    walk.note("data", f"{node.save}: {value}")
    return node.next


def _is_hidden(node: Ask, value: str) -> bool:
    """Tell whether a value is nobody's to see: sensitive, or a card's number keyed for another."""
    return node.sensitive or (node.type != "phone" and mask_cards(value) != value)
