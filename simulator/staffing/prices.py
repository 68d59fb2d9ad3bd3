"""The price of each constraint: what the plan would cost if it were eased, or not there.

Shifts and agents are whole, so no dual value of a linear programme tells this; the plan is made
again under each easing. Every search begins at the plan's own schedule and has the same callers
and rounds. So that a price is the constraint's and not the extra search's, the plan itself is
searched on as long first, and what it becomes is what the easings are compared with; prices are
therefore never below zero. They are as sharp as the search: a few tenths of a percent of the cost
can be its grain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre, Group
from simulator.staffing.deferred import DeferredWork
from simulator.staffing.plan import FIRST_MARGIN, DayPlan, Effort
from simulator.staffing.schedule import Quest, at_work, improve_schedule, schedule_cost
from simulator.staffing.search import required_team, team_cost
from simulator.staffing.shifts import Break, Schedule, ShiftRule, possible_shifts
from simulator.staffing.targets import Target

_LEVEL_STEP = 0.01
_SECONDS_STEP = 0.1
_ROUNDS = 5
_REACH = 0.4
"""Agents by which a round may change the team, per (group, interval): it is a good one already."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a plan had to keep to."""

    centre: Centre
    rules: tuple[ShiftRule, ...]
    works: tuple[DeferredWork, ...]


@dataclass(frozen=True, kw_only=True)
class Easing:
    """One constraint eased, or taken away."""

    constraint: str
    change: str
    terms: Terms


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a constraint costs a day."""

    constraint: str
    change: str
    saved: float
    """Cost a day less under the change."""
    saved_share: float
    """The same over the day's cost."""


def prices_of(
    plan: DayPlan,
    easings: list[Easing],
    terms: Terms,
    *,
    seed: int = 1,
    effort: Effort | None = None,
) -> Iterator[Price]:
    """Plan again under each easing, one at a time, so that a caller can show or end the work.

    Args:
        plan: The plan.
        easings: What to ease: `easings_of`, or some of it.
        terms: What the plan had to keep to.
        seed: The seed with which the plan was made.
        effort: The days of the search; its rounds are a few.
    """
    days = (effort or Effort()).search_days
    base = _Search(plan, terms, days, seed)
    for easing in easings:
        saved = max(0.0, base.cost - base.eased(easing.terms))
        yield Price(
            constraint=easing.constraint,
            change=easing.change,
            saved=saved,
            saved_share=saved / base.cost,
        )


class _Search:
    """The plan searched on, and searched again under eased terms."""

    def __init__(self, plan: DayPlan, terms: Terms, days: int, seed: int) -> None:
        self._draws = terms.centre.draw(days=days, seed=seed)
        self._team = plan.team
        self._schedules = plan.schedules
        self.cost, self._team, self._schedules = self._again(terms)

    def eased(self, terms: Terms) -> float:
        """Return the cost of the cheapest plan found under these terms."""
        return min(self.cost, self._again(terms)[0])

    def _again(self, terms: Terms) -> tuple[float, Integers, tuple[Schedule, ...]]:
        centre = terms.centre
        if not terms.rules:
            found = required_team(
                centre, self._draws, start=self._team, margin=FIRST_MARGIN, rounds_max=2 * _ROUNDS
            )
            cost = team_cost(centre, found.agents) / (1 - centre.shrinkage)
            return cost, found.agents, ()
        shifts = possible_shifts(
            terms.rules,
            interval_s=centre.interval_s,
            opens_s=centre.opens_s,
            intervals=centre.intervals,
        )
        quest = Quest(
            centre=centre,
            draws=self._draws,
            shifts=shifts,
            works=tuple(work for work in terms.works if work.is_promised),
            margin=FIRST_MARGIN,
        )
        rostered = improve_schedule(quest, self._schedules, rounds_max=_ROUNDS, reach=_REACH)
        return (
            schedule_cost(centre, rostered.schedules),
            at_work(centre, rostered.schedules),
            rostered.schedules,
        )


def easings_of(terms: Terms) -> list[Easing]:
    """Return every constraint of a plan's terms, eased by a step and, where that is sense, gone."""
    return [
        *_eased_targets(terms),
        *_eased_caps(terms),
        *_eased_rules(terms),
        *_dropped_works(terms),
    ]


def _eased_targets(terms: Terms) -> list[Easing]:
    targets = terms.centre.targets
    easings = []
    for index, target in enumerate(targets):
        before, after = targets[:index], targets[index + 1 :]
        eased = _eased(target)
        changes = [(f"{eased.limit:g} instead of {target.limit:g}", (*before, eased, *after))]
        changes += [("without it", (*before, *after))] if before or after else []
        easings += [
            Easing(
                constraint=str(target),
                change=change,
                terms=replace(terms, centre=replace(terms.centre, targets=kept)),
            )
            for change, kept in changes
        ]
    return easings


def _eased(target: Target) -> Target:
    """Return the target a step easier: one point, or a tenth of a speed."""
    if target.metric == "asa_s":
        limit = target.limit * (1 + _SECONDS_STEP)
    elif target.metric == "service_level":
        limit = max(target.limit - _LEVEL_STEP, target.limit / 2)
    else:
        limit = min(target.limit + _LEVEL_STEP, (1 + target.limit) / 2)
    return msgspec.structs.replace(target, limit=round(limit, 6))


def _eased_caps(terms: Terms) -> list[Easing]:
    """Ease how many agents of a group can be at work at once, where anybody said so."""
    easings = []
    for index, group in enumerate(terms.centre.groups):
        if group.agents_max >= Group(name="").agents_max:
            continue
        more = msgspec.structs.replace(group, agents_max=group.agents_max + 1)
        groups = (*terms.centre.groups[:index], more, *terms.centre.groups[index + 1 :])
        easings.append(
            Easing(
                constraint=f"at most {group.agents_max} of {group.name}",
                change="one more",
                terms=replace(terms, centre=replace(terms.centre, groups=groups)),
            )
        )
    return easings


def _eased_rules(terms: Terms) -> list[Easing]:
    """Ease when shifts start, when breaks lie, how long shifts are; then take all rules away."""
    if not terms.rules:
        return []
    interval_s = terms.centre.interval_s
    eased = [
        easing
        for index, rule in enumerate(terms.rules)
        for easing in _eased_rule(terms, index, rule, interval_s)
    ]
    if any(work.is_promised for work in terms.works):  # has no place without shifts
        return eased
    change = "agents by the interval, without them"
    free = replace(terms, rules=(), works=())
    return [*eased, Easing(constraint="shifts and breaks", change=change, terms=free)]


def _eased_rule(terms: Terms, index: int, rule: ShiftRule, interval_s: float) -> list[Easing]:
    change = msgspec.structs.replace

    def eased(constraint: str, how: str, *rules: ShiftRule) -> Easing:
        kept = (*terms.rules[:index], *rules, *terms.rules[index + 1 :])
        return Easing(
            constraint=f"{rule.name}: {constraint}", change=how, terms=replace(terms, rules=kept)
        )

    easings = []
    if rule.every_s > interval_s:
        often = change(rule, every_s=interval_s)
        easings.append(eased("starts", f"every {interval_s / 60:g} minutes", often))
    if rule.breaks:
        wider = change(rule, breaks=_wider(rule, interval_s))
        easings.append(eased("breaks", f"{interval_s / 60:g} minutes earlier or later", wider))
    shorter_s = rule.length_s - interval_s
    if not rule.breaks or rule.breaks[-1].latest_s + rule.breaks[-1].length_s <= shorter_s:
        name = f"{rule.name}, shorter"
        shorter = change(rule, name=name, length_s=shorter_s)
        easings.append(eased("length", f"or {interval_s / 60:g} minutes less", rule, shorter))
    return easings


def _wider(rule: ShiftRule, interval_s: float) -> tuple[Break, ...]:
    """Return the breaks with windows an interval wider at both ends, as far as there is room."""
    wider: list[Break] = []
    for index, rest in enumerate(rule.breaks):
        before_s = wider[-1].latest_s + wider[-1].length_s if wider else 0.0
        after_s = (
            rule.breaks[index + 1].earliest_s if index + 1 < len(rule.breaks) else rule.length_s
        )
        wider.append(
            msgspec.structs.replace(
                rest,
                earliest_s=min(rest.earliest_s, max(before_s, rest.earliest_s - interval_s)),
                latest_s=max(
                    rest.latest_s, min(rest.latest_s + interval_s, after_s - rest.length_s)
                ),
            )
        )
    return tuple(wider)


def _dropped_works(terms: Terms) -> list[Easing]:
    return [
        Easing(
            constraint=f"promised work: {work.name}",
            change="without it",
            terms=replace(terms, works=tuple(one for one in terms.works if one is not work)),
        )
        for work in terms.works
        if work.is_promised
    ]
