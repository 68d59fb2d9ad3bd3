"""Self-service answers: read, heard again, related ones offered, and asked whether they helped.

A caller who hangs up after an answer got what they came for; one who says it did not help goes to
a person, with the attempt in the trail.
"""

from functools import partial

from ivr import knowledge, speech
from ivr.flow.document import Entry
from ivr.flow.nodes import Answer, NodeId
from ivr.inputs import Input
from ivr.interpreter.questions import MISS, Heard, Understood, put, settle
from ivr.interpreter.walk import Walk
from ivr.steps import Prompt as PromptStep

RELATED = "related"
FOUND = "answer"
"""The value of the call that names the entry an intent node found."""
RELATED_MAX = 3


def enter_answer(walk: Walk, node: Answer) -> NodeId | None:
    """Read the entry; without one that is valid today, the caller goes where no answer helped."""
    name = node.entry or walk.data.get(FOUND, "")
    if name not in readable(walk):
        walk.note("went", "there is no such answer today")
        return node.not_helped or walk.to_person()
    return _read(node, walk, name)


def readable(walk: Walk) -> dict[str, Entry]:
    """Give the entries that may be read today."""
    today = walk.flow.local.day_at(walk.given.at_ms)
    return {
        name: entry
        for name, entry in walk.flow.document.answers.items()
        if knowledge.is_valid(entry.valid_from, entry.valid_until, today)
    }


def entry_name(entry: Entry, language: str) -> str:
    """Say what an entry is about, as it is offered to callers."""
    return entry.name.get(language) or entry.questions[0]


def _read(node: Answer, walk: Walk, name: str) -> NodeId | None:
    walk.data[FOUND] = name
    walk.note("answer", name)
    walk.settled = "self_served"
    walk.stage, walk.candidates = "", ()
    heard = walk.prompt(walk.flow.document.answers[name].answer)
    return put(walk, node, (*heard, *walk.prompt(node.prompt)))


def answer_answer(walk: Walk, node: Answer, given: Input) -> NodeId | None:
    """Take what the caller thinks of the answer, or their choice of a related one.

    A session kept by another release may know answers that are not here: the caller then comes
    here anew.
    """
    if not {walk.data.get(FOUND), *walk.candidates} <= set(walk.flow.document.answers):
        return enter_answer(walk, node)
    understand = _understand_related if walk.stage == RELATED else _understand_opinion
    return settle(
        walk, node, given, understand=partial(understand, node), ask_again=partial(_ask, node)
    )


def _ask(node: Answer, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    """Put the question of the stage the caller is at by now."""
    ask = _ask_related if walk.stage == RELATED else _ask_opinion
    return ask(node, walk, prompts)


def _ask_opinion(node: Answer, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    return put(walk, node, walk.prompt(node.prompt) if prompts is None else prompts)


def _understand_opinion(node: Answer, walk: Walk, answer: Heard) -> Understood:
    name = walk.data[FOUND]
    if answer.digits == "3" or speech.means(answer.said, speech.REPEAT):
        return _read(node, walk, name)
    if answer.digits == "4" or speech.means(answer.said, speech.RELATED):
        walk.candidates = _related(walk, name)
        walk.stage = RELATED
        return _ask_related(node, walk, None) if walk.candidates else _unhelped(node, walk, name)
    said = {"1": "yes", "2": "no"}.get(answer.digits) or speech.yes_or_no(answer.said)
    if said == "yes" or speech.means(answer.said, speech.DONE):
        walk.data[f"{FOUND}.{name}"] = "helped"
        return node.helped
    return _unhelped(node, walk, name) if said == "no" else MISS


def _unhelped(node: Answer, walk: Walk, name: str) -> NodeId:
    walk.data[f"{FOUND}.{name}"] = "not helped"
    walk.settled = None
    return node.not_helped or walk.to_person()


def _related(walk: Walk, name: str) -> tuple[str, ...]:
    tags = {other: entry.tags for other, entry in readable(walk).items()}
    return tuple(knowledge.related(name, tags, walk.flow.helpfulness)[:RELATED_MAX])


def _ask_related(node: Answer, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    names = [
        entry_name(walk.flow.document.answers[name], walk.language) for name in walk.candidates
    ]
    return put(walk, node, prompts or walk.choice(names))


def _understand_related(node: Answer, walk: Walk, answer: Heard) -> Understood:
    key = answer.digits or speech.digit_said(answer.said)
    for number, name in enumerate(walk.candidates, start=1):
        entry = walk.flow.document.answers[name]
        phrases = [entry_name(entry, walk.language), *entry.questions]
        if key == str(number) or speech.matches(answer.said, phrases):
            return _read(node, walk, name)
    if key == str(len(walk.candidates) + 1) or speech.means(answer.said, speech.OTHER):
        return _unhelped(node, walk, walk.data[FOUND])
    return MISS
