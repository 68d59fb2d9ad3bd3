"""What the calls of the past can teach the model, for a person to approve.

Every call that went wrong carries its own label: the agent who passed it on said where it belongs,
the caller who answered "no" said where it does not, the one who said something else and then chose
by key said what it meant. Such sentences make the best examples there are. Nothing is learnt by
itself: proposals are listed, most useful first, and a person takes them over or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ivr.slots.digits import mask_cards
from ivr.speech import normal
from ivr.understanding import OUT_OF_SCOPE, Understanding

Evidence = Literal["transferred", "confirmed", "chosen", "unserved"]
"""The agent passed the call on; the caller said yes, or chose; nobody could serve it."""
_WEIGHTS: dict[Evidence, float] = {
    "transferred": 3.0,
    "chosen": 2.0,
    "confirmed": 1.0,
    "unserved": 1.0,
}
"""What a person saw on the call counts more than what a machine was told."""
SURE = 0.85
"""What the model is as sure of already teaches it nothing."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence of a past call with what it turned out to mean."""

    text: str
    intent: str
    """The right intent, or `out_of_scope` when nobody serves it."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Proposal:
    """An example to take over, with why."""

    text: str
    intent: str
    count: int
    """Calls in which it was said."""
    evidence: tuple[Evidence, ...]
    probability: float
    """What the model gives the right intent today."""

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
    gathered: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        key = normal(lesson.text)
        if key and key not in seen:
            gathered.setdefault(key, []).append(lesson)
    proposals = [_proposal(group, model) for group in gathered.values() if _is_clear(group)]
    useful = [one for one in proposals if one.probability < SURE]
    return sorted(useful, key=lambda one: (-one.use, one.text))[:limit]


def _is_clear(group: list[Lesson]) -> bool:
    return len({lesson.intent for lesson in group}) == 1


def _proposal(group: list[Lesson], model: Understanding) -> Proposal:
    first = group[0]
    reading = model.read(first.text)
    chances = dict(reading.ranking)
    unknown = first.intent == OUT_OF_SCOPE and not reading.is_known
    return Proposal(
        text=mask_cards(first.text),
        intent=first.intent,
        count=len(group),
        evidence=tuple(dict.fromkeys(lesson.evidence for lesson in group)),
        probability=1.0 if unknown else chances.get(first.intent, 0.0),
    )
