"""Asking and not being understood: what all nodes share that wait for keys or words.

A question is put, and an answer comes: keys, words, silence, or something late that belongs to
another question. In this order an answer is

1. nothing at all: a silence, counted;
2. one of the things that mean the same everywhere: a person (`0`, "agent", 人工), one of the
   author's `everywhere`, another language, "repeat";
3. an answer to this very question, which the node's own function understands, or not: counted.

Silences and misunderstandings are counted apart and each climb a ladder of their own, but together
they may not pass the node's `misses`: then the caller is given a person. Whatever callers answer,
the flow's `turns_max` questions are the end of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final as Constant
from typing import Literal

from ivr import speech
from ivr.flow.nodes import Answer, Callback, Language, NodeId, Question, Survey, give_up, takes_zero
from ivr.flow.nodes import Ask as AskNode
from ivr.inputs import Digits, Input, NoInput, Speech
from ivr.interpreter.walk import Walk
from ivr.slots.digits import masked
from ivr.steps import Ask, InputKind
from ivr.steps import Prompt as PromptStep


@dataclass(frozen=True, slots=True)
class Miss:
    """The answer made no sense here."""


MISS: Constant = Miss()

Understood = NodeId | Miss | None
"""The next node; a miss; or None when the node has put another question itself."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer, as far as it is understood without knowing the question."""

    digits: str
    said: str
    """Normal text of the first reading."""
    readings: tuple[str, ...]
    """All readings as the recogniser wrote them, best first."""
    confidence: float | None


Understand = Callable[[Walk, Heard], Understood]
AskAgain = Callable[[Walk, tuple[PromptStep, ...] | None], NodeId | None]
"""Puts the current question again, with other prompts or (None) with its own."""


@dataclass(frozen=True, slots=True)
class Keys:
    """How many keys make an answer, and which one ends it early."""

    digits_max: int
    finish_key: str = ""


ONE_KEY: Constant = Keys(1)


def heard(given: Input) -> Heard | None:
    """Give what was keyed or said; None for silence and for what is no answer to a question."""
    match given:
        case Digits(digits=digits) if digits.strip():
            return Heard(digits=digits.strip(), said="", readings=(), confidence=None)
        case Speech(text=text, confidence=confidence, alternatives=alternatives):
            readings = tuple(
                reading[: speech.TEXT_LENGTH_MAX] for reading in (text, *alternatives)[:5]
            )
            said = speech.normal(text)
            return Heard("", said, readings, confidence) if said else None
        case _:
            return None


def put(
    walk: Walk,
    node: Question,
    prompts: tuple[PromptStep, ...],
    *,
    keys: Keys = ONE_KEY,
    hints: tuple[str, ...] = (),
) -> NodeId | None:
    """Put a question; lead to a person instead when the caller has answered too many already."""
    if walk.is_tired:
        return _enough(walk, node)
    keys_only = isinstance(node, AskNode) and node.sensitive
    speaks = node.speech and walk.tongue.speech and not keys_only
    inputs: tuple[InputKind, ...] = ("digits", "speech") if speaks else ("digits",)
    if not node.barge_in:
        walk.say(prompts)
    walk.end(
        Ask(
            language=walk.hearing_language,
            prompts=prompts if node.barge_in else (),
            inputs=inputs,
            digits_max=keys.digits_max,
            finish_key=keys.finish_key,
            timeout_ms=int(node.timeout_s * 1000),
            hints=(*node.hints, *hints) if speaks else (),
            is_sensitive=keys_only,
        )
    )
    return None


def _enough(walk: Walk, node: Question) -> NodeId:
    """End the questions; a callback on the way to a person is passed by without being offered."""
    walk.note("went", "too many questions")
    if isinstance(node, Callback):
        return node.refused
    walk.say(walk.sentence("person"))
    return walk.to_person()


def settle(
    walk: Walk,
    node: Question,
    given: Input,
    *,
    understand: Understand,
    ask_again: AskAgain,
) -> NodeId | None:
    """Take an answer to a question.

    Args:
        walk: The walk, standing at the node.
        node: The node that asked.
        given: What came back.
        understand: Makes sense of an answer; called only with one.
        ask_again: Puts the question again.

    Returns:
        The next node; None when a question was put.
    """
    answer = heard(given)
    if answer is None:
        if not isinstance(given, (NoInput, Digits, Speech)):
            return ask_again(walk, None)
        return _missed(walk, node, "no_input", ask_again)
    _remember(walk, node, answer)
    target = everywhere(walk, node, answer)
    if target is not None:
        return target
    if _meta(walk, node, answer):
        return ask_again(walk, None)
    understood = understand(walk, answer)
    return (
        _missed(walk, node, "no_match", ask_again) if isinstance(understood, Miss) else understood
    )


def _remember(walk: Walk, node: Question, answer: Heard) -> None:
    told = answer.digits or answer.readings[0]
    is_hidden = isinstance(node, AskNode) and node.sensitive
    walk.note("keyed" if answer.digits else "said", masked(told) if is_hidden else told)


def everywhere(walk: Walk, node: Question, answer: Heard) -> NodeId | None:
    """Find the way out that an answer asks for, wherever the caller is."""
    if answer.said and speech.means(answer.said, speech.PERSON):
        return walk.to_person()
    collects = isinstance(node, AskNode | Survey)  # there a 9 is a 9
    for way in walk.flow.document.everywhere:
        is_keyed = way.key is not None and answer.digits == way.key and not collects
        if is_keyed or speech.matches(answer.said, way.phrases.get(walk.language, [])):
            return walk.leave_for(way.to)
    return walk.to_person() if answer.digits == "0" and not takes_zero(node) else None


def _meta(walk: Walk, node: Question, answer: Heard) -> bool:
    """Serve a wish about the talk itself: another language, or to hear it again."""
    language = speech.language_named(answer.said, walk.flow.document.languages)
    if language is not None and not isinstance(node, Language):
        walk.language = language
        return True
    is_repeat = speech.means(answer.said, speech.REPEAT)
    return is_repeat and not (isinstance(node, Answer) and not walk.stage)


def _missed(
    walk: Walk,
    node: Question,
    kind: Literal["no_input", "no_match"],
    ask_again: AskAgain,
) -> NodeId | None:
    """Count a failed answer and go one rung up its ladder, or to a person."""
    if kind == "no_input":
        walk.no_inputs += 1
        ladder, count = node.no_input, walk.no_inputs
    else:
        walk.no_matches += 1
        ladder, count = node.no_match, walk.no_matches
    document = walk.flow.document
    if walk.no_inputs + walk.no_matches >= (node.misses or document.misses):
        walk.note("went", kind)
        if give_up(node) is None:
            walk.say(walk.sentence("person"))
        return give_up(node) or walk.to_person()
    rung = walk.prompt(ladder[min(count, len(ladder)) - 1]) if ladder else ()
    if walk.stage or not rung:
        walk.say(walk.sentence(kind))
        return ask_again(walk, None)
    return ask_again(walk, rung)
