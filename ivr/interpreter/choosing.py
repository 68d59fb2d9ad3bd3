"""Menus and the choice of a language: one key or a few words pick one of a list."""

from functools import partial

from ivr import speech
from ivr.flow.nodes import Choice, Language, Menu, NodeId
from ivr.inputs import Input
from ivr.interpreter.questions import MISS, Heard, Understood, put, settle
from ivr.interpreter.walk import Walk
from ivr.steps import Prompt as PromptStep
from ivr.understanding import decide


def enter_menu(walk: Walk, node: Menu) -> NodeId | None:
    """Put the menu."""
    return _ask_menu(node, walk, None)


def answer_menu(walk: Walk, node: Menu, given: Input) -> NodeId | None:
    """Take a key or words."""
    return settle(
        walk,
        node,
        given,
        understand=partial(_understand_menu, node),
        ask_again=partial(_ask_menu, node),
    )


def _ask_menu(node: Menu, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    words = [phrase for choice in node.choices for phrase in choice.phrases.get(walk.language, [])]
    heard = walk.prompt(node.prompt) if prompts is None else prompts
    return put(walk, node, heard, hints=tuple(words))


def _understand_menu(node: Menu, walk: Walk, answer: Heard) -> Understood:
    key = answer.digits or speech.digit_said(answer.said)
    for choice in node.choices:
        if choice.key is not None and choice.key == key:
            return choice.to
    for reading in answer.readings:
        said = speech.normal(reading)
        for choice in node.choices:
            if speech.matches(said, choice.phrases.get(walk.language, [])):
                return choice.to
    return _choice_by_intent(node.choices, walk, answer)


def _choice_by_intent(choices: list[Choice], walk: Walk, answer: Heard) -> Understood:
    """Let the model settle what the phrases did not, but only where it is sure."""
    model = walk.flow.understanding
    targets = {choice.intent: choice.to for choice in choices if choice.intent is not None}
    if model is None or not targets or not answer.readings:
        return MISS
    decision = decide(model.read(answer.readings[0]))
    if decision.action != "accept" or decision.intent not in targets:
        return MISS
    walk.note("intent", decision.intent)
    walk.data["intent"] = decision.intent
    return targets[decision.intent]


def enter_language(walk: Walk, node: Language) -> NodeId | None:
    """Put the choice of a language, unless it is known who is calling in which."""
    known = walk.data.get("caller.language", "")
    if known in walk.flow.document.languages:
        walk.language = known
        return node.next
    return _ask_language(node, walk, None)


def answer_language(walk: Walk, node: Language, given: Input) -> NodeId | None:
    """Take a key or a language's name."""
    return settle(
        walk,
        node,
        given,
        understand=partial(_understand_language, node),
        ask_again=partial(_ask_language, node),
    )


def _ask_language(
    node: Language, walk: Walk, prompts: tuple[PromptStep, ...] | None
) -> NodeId | None:
    if prompts is None:
        prompts = tuple(
            step for way in node.choices for step in walk.prompt(node.prompt, way.language)
        )
    return put(walk, node, prompts)


def _understand_language(node: Language, walk: Walk, answer: Heard) -> Understood:
    named = speech.language_named(answer.said, [way.language for way in node.choices])
    for way in node.choices:
        is_keyed = way.key is not None and way.key == answer.digits
        if is_keyed or way.language == named or speech.matches(answer.said, way.phrases):
            walk.language = way.language
            walk.note("data", f"language: {way.language}")
            return node.next
    return MISS
