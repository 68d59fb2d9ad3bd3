"""The waterfall of a campaign: how many leads each rule holds back now, and how many are left.

Every lead has exactly one reason, the first that applies in a fixed order:

1. finished: spoke with an agent, tried often enough, no working number, no longer in the file;
2. the campaign: its goal or the list's quota is reached, or the settings name the list no more;
3. the gate's rules, in the gate's own order: own opt-outs, registers, consent, conduct, pauses,
   caps, hours;
4. time: an agreed callback, or a retry, that is not due yet;
5. with the centre already;
6. callable now.

So the counts sum to the size of the lists. `fold` is a pure function of the leads' reasons; finding
a reason is the business of `inquiry`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cordboard.runtime.leads.standing import Standing
from dialer.compliance import GATE_ORDER
from dialer.compliance.rules import AnyRule

FINISHED, CAMPAIGN, RULE, TIME, CENTRE, NOW = range(6)
"""The groups of reasons, in order."""


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why a lead is not called now, or that it may be."""

    group: int
    place_in_group: int
    code: str  #: a rule's id, or a word of ours
    text: str
    source: str = ""  #: who says so; empty where it is bookkeeping


CALLABLE = Reason(NOW, 0, "callable", "may be called now")
GOAL = Reason(CAMPAIGN, 0, "goal", "the campaign has reached its goal")
QUOTA = Reason(CAMPAIGN, 1, "quota", "the list has reached its quota")
UNLISTED = Reason(CAMPAIGN, 2, "unlisted", "the settings do not name the list any more")

BY_STANDING: Mapping[Standing, Reason] = {
    Standing.REMOVED: Reason(FINISHED, 0, "removed", "no longer in the list's file"),
    Standing.REACHED: Reason(FINISHED, 1, "reached", "spoke with an agent"),
    Standing.UNREACHABLE: Reason(FINISHED, 2, "unreachable", "none of the numbers works"),
    Standing.SPENT: Reason(FINISHED, 3, "spent", "tried as often as the campaign allows"),
    Standing.AGREED: Reason(TIME, 0, "agreed", "a callback is agreed for later"),
    Standing.RETRY: Reason(TIME, 1, "retry", "waits for its next try"),
    Standing.LENT: Reason(CENTRE, 0, "lent", "is with the centre now"),
}
"""What a standing says of a lead whose time has not come; of a held one, the rule says it."""


def of_rule(rule: AnyRule | None, code: str, text: str, source: str) -> Reason:
    """Return the reason a refusal of the gate is.

    Args:
        rule: The rule that refused, None for one of no document.
        code: Its id.
        text: What it says.
        source: Who says so.
    """
    kinds = [index for index, kind in enumerate(GATE_ORDER) if isinstance(rule, kind)]
    return Reason(RULE, kinds[0] if kinds else 0, code, text, source)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the waterfall."""

    reason: Reason
    count: int  #: leads that fall here
    left: int  #: leads that fall further


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Where all leads of a campaign stand."""

    total: int
    levels: tuple[Level, ...]

    @property
    def callable_count(self) -> int:
        """How many may be called now."""
        return sum(level.count for level in self.levels if level.reason.group == NOW)


def fold(reasons: Iterable[tuple[Reason, int]]) -> Waterfall:
    """Add reasons up, each with how many leads have it, and put them in order.

    Example:
        >>> fall = fold([(CALLABLE, 2), (BY_STANDING[Standing.REACHED], 3), (CALLABLE, 1)])
        >>> [(level.reason.code, level.count, level.left) for level in fall.levels]
        [('reached', 3, 3), ('callable', 3, 0)]
    """
    counts: Counter[Reason] = Counter()
    for reason, count in reasons:
        counts[reason] += count
    left = total = counts.total()
    levels: list[Level] = []
    for reason in sorted(counts):
        left -= counts[reason]
        levels.append(Level(reason, counts[reason], left))
    return Waterfall(total, tuple(levels))
