"""What the calls of the past can teach the model, for a person to approve.

Every call that went wrong carries its own label: the agent who passed it on said where it belongs,
the caller who answered "no" said where it does not, the one who said something else and then chose
by key said what it meant. Such sentences make the best examples there are. Nothing is learnt by
itself: proposals are listed, most useful first, each with the intent the model takes it for today
and with what it would change, and a person takes them over or not.

What is listed holds no numbers of a person: runs of four digits and more are taken out, and what
could be a card number, spoken ones too, is never listed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ivr.flow.prompts import printable
from ivr.intents.evaluation import cross_validate
from ivr.intents.features import features
from ivr.intents.vectors import Sentences
from ivr.slots.digits import mask_cards
from ivr.speech import normal
from ivr.understanding import OUT_OF_SCOPE, Understanding

Evidence = Literal["transferred", "chosen", "refused", "confirmed", "unserved", "gave_up"]
"""The agent passed the call on; the caller chose, said no and found it another way, or said yes;
nobody could serve it; the caller was given a person before anything was understood."""
_WEIGHTS: dict[Evidence, float] = {
    "transferred": 3.0,
    "chosen": 2.0,
    "refused": 1.5,
    "confirmed": 1.0,
    "unserved": 1.0,
    "gave_up": 0.5,
}
"""What a person saw on the call counts more than what a machine was told."""
SURE = 0.85
"""What the model is as sure of already teaches it nothing."""
TEXT_LENGTH_MAX = 160
"""Longer than anything that makes a good example; what is longer holds a story, not a wish."""
_NUMBER = re.compile(r"\d(?:[ -]?\d){3,}")
_DOTS = "\u2022"
_FORMULA = "=+-@ "
"""What a spreadsheet would take for the beginning of a formula."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence of a past call with what it turned out to mean."""

    text: str
    intent: str | None
    """The right intent, `out_of_scope` when nobody serves it; None when the call does not tell."""
    evidence: Evidence
    wrong: str | None = None
    """An intent that it is not, when the call tells no more than that."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An example to take over, with why."""

    text: str
    intent: str
    """What it should be an example of: what the calls tell, else what the model finds nearest."""
    count: int
    """Calls in which it was said."""
    evidence: tuple[Evidence, ...]
    probability: float
    """What the model gives this intent today."""
    nearest: str
    """What the model takes it for today."""

    @property
    def use(self) -> float:
        """How much the model would learn: seen often, on good evidence, and not known yet."""
        weight = max(_WEIGHTS[kind] for kind in self.evidence)
        return weight * self.count * (1.0 - self.probability)


def propose(
    lessons: Iterable[Lesson],
    known: Iterable[tuple[str, str]],
    model: Understanding,
    limit: int = 50,
) -> list[Proposal]:
    """List new examples, most useful first.

    Args:
        lessons: What past calls said and meant.
        known: The examples there are.
        model: The model in use.
        limit: How many to list.

    Returns:
        Sentences not among the examples, of which the model is not sure already. One that past
        calls give two meanings is left out: a person should hear those calls first.
    """
    seen = {normal(text) for text, _ in known}
    gathered: dict[str, list[tuple[str, Lesson]]] = {}
    for lesson in lessons:
        text = without_numbers(lesson.text)
        key = normal(text)
        if key and key not in seen and next(features(text), None) is not None:
            gathered.setdefault(key, []).append((text, lesson))
    proposals = [_proposal(group, model) for group in gathered.values() if _is_clear(group)]
    useful = [one for one in proposals if one.probability < SURE]
    return sorted(useful, key=lambda one: (-one.use, one.text))[:limit]


def without_numbers(text: str) -> str:
    """Take out what tells who somebody is; empty when nothing is left that could be an example.

    Example:
        >>> without_numbers("account 1234 5678 is locked")
        'account is locked'
    """
    hidden = mask_cards(printable(text))
    if _DOTS in hidden or len(text) > TEXT_LENGTH_MAX:
        return ""
    return " ".join(_NUMBER.sub(" ", hidden).split()).lstrip(_FORMULA)


def _is_clear(group: Sequence[tuple[str, Lesson]]) -> bool:
    return len({lesson.intent for _, lesson in group if lesson.intent is not None}) < 2


def _proposal(group: Sequence[tuple[str, Lesson]], model: Understanding) -> Proposal:
    text = group[0][0]
    reading = model.read(text)
    chances = dict(reading.ranking)
    nearest = reading.ranking[0][0] if reading.is_known else OUT_OF_SCOPE
    meant = next((lesson.intent for _, lesson in group if lesson.intent is not None), None)
    wrong = {lesson.wrong for _, lesson in group}
    left = [name for name, _ in reading.ranking if name not in wrong]
    intent = meant or next(iter(left), OUT_OF_SCOPE)
    unknown = meant == OUT_OF_SCOPE and not reading.is_known
    return Proposal(
        text=text,
        intent=intent,
        count=len(group),
        evidence=tuple(dict.fromkeys(lesson.evidence for _, lesson in group)),
        probability=1.0 if unknown else chances.get(intent, 0.0),
        nearest=nearest,
    )


def gains(
    proposals: Sequence[Proposal],
    known: Sequence[tuple[str, str]],
    sentences: Sentences | None = None,
) -> list[int]:
    """Say for each proposal how many more of the known examples are understood rightly with it.

    Each known example is judged by a model that has not seen it, without the proposal and with it;
    a negative figure means that the proposal pulls other sentences the wrong way.

    Cost:
        Trains five models a proposal, some 0.1 s for a flow of a hundred examples.
    """
    before = _right_count(known, (), sentences)
    return [_right_count(known, ((one.text, one.intent),), sentences) - before for one in proposals]


def _right_count(
    known: Sequence[tuple[str, str]],
    extra: Sequence[tuple[str, str]],
    sentences: Sentences | None,
) -> int:
    found = cross_validate(known, extra=extra, sentences=sentences, calibrated=False)
    return sum(one.is_right for one in found.belonging)
