"""What the caller wants, in their own words: intents, confirmed or chosen from when unsure.

Must-not-miss keywords decide first. Otherwise the flow's model ranks its intents for every reading
of the recogniser, and `ivr.understanding` weighs what to do. An intent refused with "no" is not
offered again at this node.
"""

from functools import partial

from ivr import knowledge, speech
from ivr.flow.nodes import Intent, NodeId
from ivr.inputs import Input
from ivr.interpreter.answering import FOUND, entry_name, readable
from ivr.interpreter.questions import MISS, Heard, Understood, put, settle
from ivr.interpreter.walk import Walk
from ivr.steps import Prompt as PromptStep
from ivr.understanding import OUT_OF_SCOPE, Decision, Reading, decide, more_careful

CONFIRM = "confirm"
CHOOSE = "choose"
HEARD_LENGTH_MAX = 300
"""The words of the caller that travel as the reason for the call."""


def enter_intent(walk: Walk, node: Intent) -> NodeId | None:
    """Put the open question."""
    return _ask_open(node, walk, None)


def answer_intent(walk: Walk, node: Intent, given: Input) -> NodeId | None:
    """Take a wish, a yes or no, or a choice."""
    understand = {CONFIRM: _understand_confirmation, CHOOSE: _understand_choice}.get(
        walk.stage, _understand_wish
    )
    return settle(
        walk, node, given, understand=partial(understand, node), ask_again=partial(_ask, node)
    )


def _ask(node: Intent, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    """Put the question of the stage the caller is at by now."""
    ask = {CONFIRM: _ask_confirmation, CHOOSE: _ask_choice}.get(walk.stage, _ask_open)
    return ask(node, walk, prompts)


def _ask_open(node: Intent, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    heard = walk.prompt(node.prompt) if prompts is None else prompts
    return put(walk, node, heard, hints=walk.flow.hints.get(walk.language, ()))


def _understand_wish(node: Intent, walk: Walk, answer: Heard) -> Understood:
    if answer.digits:
        intent = node.keys.get(answer.digits)
        return MISS if intent is None else _go(node, walk, intent, is_sure=True)
    walk.data["reason"] = answer.readings[0][:HEARD_LENGTH_MAX]
    keyword = _by_keyword(node, walk, answer)
    if keyword is not None:
        return _go(node, walk, keyword, is_sure=True)
    decision = _decision(node, walk, answer)
    if decision.action == "ask_again" or decision.intent is None:
        return MISS
    if decision.action == "accept":
        return _go(node, walk, decision.intent)
    walk.stage = CONFIRM if decision.action == "confirm" else CHOOSE
    walk.candidates = decision.choices
    return _ask(node, walk, None)


def _by_keyword(node: Intent, walk: Walk, answer: Heard) -> str | None:
    for name in node.routes:
        intent = walk.flow.document.intents.get(name)
        if intent is not None and speech.matches(answer.said, intent.keywords):
            return name
    return None


def _decision(node: Intent, walk: Walk, answer: Heard) -> Decision:
    document = walk.flow.document
    reading = _reading(node, walk, answer)
    wrong_routes = {
        name: intent.wrong_route
        for name, intent in document.intents.items()
        if intent.wrong_route is not None
    }
    decision = decide(reading, document.costs, wrong_routes)
    floor = walk.tongue.confidence_floor
    is_unsure = (
        floor is not None and answer.confidence is not None and 0 < answer.confidence < floor
    )
    return more_careful(decision) if is_unsure else decision


def _reading(node: Intent, walk: Walk, answer: Heard) -> Reading:
    """Average the model's opinion over the recogniser's readings, the first one counting most."""
    model = walk.flow.understanding
    if model is None:
        return Reading(ranking=(), is_known=False)
    opinions = [model.read(text) for text in answer.readings]
    weights = [1 / rank for rank in range(1, len(opinions) + 1)]
    sums: dict[str, float] = {}
    for weight, opinion in zip(weights, opinions, strict=True):
        for name, probability in opinion.ranking:
            if name == OUT_OF_SCOPE or _target(node, walk, name) is not None:
                sums[name] = sums.get(name, 0.0) + weight * probability / sum(weights)
    ranking = tuple(sorted(sums.items(), key=lambda pair: -pair[1]))
    return Reading(ranking=ranking, is_known=any(opinion.is_known for opinion in opinions))


def _go(node: Intent, walk: Walk, intent: str, *, is_sure: bool = False) -> Understood:
    target = _target(node, walk, intent)
    if target is None:
        return MISS
    entry = knowledge.entry_of(intent)
    if entry is not None:
        walk.data[FOUND] = entry
        return target
    walk.data["intent"] = intent
    walk.note("intent", intent)
    if not is_sure:
        walk.say(walk.sentence("routing", value=_name(walk, intent)))
    return target


def _target(node: Intent, walk: Walk, label: str) -> NodeId | None:
    """Give where an intent or an answer leads from here; None when it is not served here."""
    entry = knowledge.entry_of(label)
    if entry is None:
        return node.routes.get(label)
    return node.answers if entry in readable(walk) else None


def _name(walk: Walk, intent: str) -> str:
    entry = walk.flow.document.answers.get(knowledge.entry_of(intent) or "")
    if entry is not None:
        return entry_name(entry, walk.language)
    written = walk.flow.document.intents.get(intent)
    names = written.name if written is not None else {}
    return names.get(walk.language) or intent.replace("_", " ")


def _ask_confirmation(
    node: Intent, walk: Walk, prompts: tuple[PromptStep, ...] | None
) -> NodeId | None:
    asked = walk.sentence("confirm_intent", value=_name(walk, walk.candidates[0]))
    return put(walk, node, prompts or asked)


def _understand_confirmation(node: Intent, walk: Walk, answer: Heard) -> Understood:
    said = {"1": "yes", "2": "no"}.get(answer.digits) or speech.yes_or_no(answer.said)
    if said == "yes":
        return _go(node, walk, walk.candidates[0], is_sure=True)
    if said == "no":
        walk.stage, walk.candidates = "", ()
    return MISS


def _ask_choice(node: Intent, walk: Walk, prompts: tuple[PromptStep, ...] | None) -> NodeId | None:
    names = [_name(walk, intent) for intent in walk.candidates]
    return put(walk, node, prompts or walk.choice(names))


def _understand_choice(node: Intent, walk: Walk, answer: Heard) -> Understood:
    key = answer.digits or speech.digit_said(answer.said)
    offered = walk.candidates
    for number, intent in enumerate(offered, start=1):
        is_named = speech.matches(answer.said, [_name(walk, intent)])
        if key == str(number) or is_named:
            return _go(node, walk, intent, is_sure=True)
    walk.stage, walk.candidates = "", ()
    if key == str(len(offered) + 1) or speech.means(answer.said, speech.OTHER):
        return MISS
    return _understand_wish(node, walk, answer)
