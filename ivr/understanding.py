"""From "probably this" to what to do about it: accept, confirm, offer a choice, ask again.

A model gives calibrated probabilities over intents; this module weighs them against what mistakes
cost the caller. Each action has an expected cost, in the unit "seconds of a caller's patience":

    accept      (1 - p1) * wrong_route           the caller reaches the wrong place
    confirm     confirmation + (1 - p1) * repeat        "... is that right?", and on no, once more
    choose 2    choice_of_two + (1 - p1 - p2) * repeat
    choose 3    choice_of_three + (1 - p1 - p2 - p3) * repeat
    ask again   ask_again

and the cheapest one is taken. The default costs put the borders where measurements on public data
put them: about 0.85 between accepting and confirming, 0.7 between confirming and a choice of two,
0.5 and 0.3 below (`docs/intents.md`), when the rest of the probability is spread over many intents
as it is there. In the middle a choice of two is right 8 times in 10 where a
yes/no question is right 5 times in 10, and that falls out of the sums, as does the case of two
intents close together. An intent whose miss hurts more than a wrong route, such as a lost card,
has a smaller `wrong_route` and is accepted earlier.

What does not belong is not a matter of cost: the class `OUT_OF_SCOPE` coming first means asking
again.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Protocol

import msgspec

OUT_OF_SCOPE = "out_of_scope"
Action = Literal["accept", "confirm", "choose", "ask_again"]
Cost = Annotated[float, msgspec.Meta(ge=0.0, le=1000.0)]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a model makes of one sentence."""

    ranking: tuple[tuple[str, float], ...]
    """The known intents and `OUT_OF_SCOPE`, if trained, with probabilities, best first."""
    is_known: bool = True
    """Whether the sentence resembles any example: one number says "is this ours at all", another
    "which of ours", and the first is not the second."""
    likeness: float = 0.0
    """The first number itself: the higher, the more the sentence resembles what was learnt."""


class Understanding(Protocol):
    """Whatever can tell which intents a sentence may mean."""

    def read(self, text: str) -> Reading:
        """Rank the intents for a sentence."""
        ...


class Costs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the caller pays for each way of being asked, and for being sent to the wrong place."""

    wrong_route: Cost = 10.0
    confirmation: Cost = 0.9
    choice_of_two: Cost = 1.5
    choice_of_three: Cost = 1.94
    repeat: Cost = 4.0
    ask_again: Cost = 3.4


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What to do about one sentence."""

    intent: str | None
    """The best intent; None when the sentence does not belong to any."""
    probability: float
    action: Action
    choices: tuple[str, ...] = ()
    """What to offer: one intent to confirm, two or three to choose from."""


def decide(
    reading: Reading, costs: Costs | None = None, wrong_routes: Mapping[str, float] | None = None
) -> Decision:
    """Take the cheapest action.

    Args:
        reading: What the model says; intents that are not allowed here already left out.
        costs: The default costs when None.
        wrong_routes: Costs of wrongly going to an intent, for those that have their own.
    """
    costs = costs or Costs()
    ranking = reading.ranking
    if not ranking or not reading.is_known or ranking[0][0] == OUT_OF_SCOPE:
        probability = ranking[0][1] if ranking else 0.0
        return Decision(intent=None, probability=probability, action="ask_again")
    candidates = [pair for pair in ranking if pair[0] != OUT_OF_SCOPE][:3]
    names = tuple(name for name, _ in candidates)
    best, p1 = candidates[0]
    p2 = p1 + sum(p for _, p in candidates[1:2])
    p3 = p2 + sum(p for _, p in candidates[2:3])
    wrong_route = (wrong_routes or {}).get(best, costs.wrong_route)
    options: list[tuple[float, Action, tuple[str, ...]]] = [
        ((1 - p1) * wrong_route, "accept", ()),
        (costs.confirmation + (1 - p1) * costs.repeat, "confirm", names[:1]),
    ]
    if len(names) > 1:
        options.append((costs.choice_of_two + (1 - p2) * costs.repeat, "choose", names[:2]))
    if len(names) > 2:
        options.append((costs.choice_of_three + (1 - p3) * costs.repeat, "choose", names))
    options.append((costs.ask_again, "ask_again", ()))
    _, action, choices = min(options, key=lambda option: option[0])
    intent = None if action == "ask_again" else best
    return Decision(intent=intent, probability=p1, action=action, choices=choices)


def more_careful(decision: Decision) -> Decision:
    """Drop one level, for a recogniser that is unsure of what it heard."""
    if decision.action == "accept" and decision.intent is not None:
        return msgspec.structs.replace(decision, action="confirm", choices=(decision.intent,))
    return msgspec.structs.replace(decision, intent=None, action="ask_again", choices=())
