"""The questions beside a plan: what-ifs, one more agent, the price of each constraint.

They can take longer than the plan, so they show how far they are, and Ctrl-C ends them with what
is known by then.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from rich.markup import escape
from rich.progress import Progress

from cordboard.cli.output import ERR, print_table
from cordboard.cli.staff_whatif import Circumstances, variants_of

if TYPE_CHECKING:
    from simulator.report.answers import Answers, OneMoreStudy
    from simulator.staffing import DayPlan
    from simulator.staffing.prices import Price, Terms
    from simulator.staffing.variants import Comparison

T = TypeVar("T")

TRIAL_SEED = 3
"""Added to the plan's seed for days that neither search, proof nor twin has seen."""

_DIFFERENCES = "Differences in points, seconds and cost per call answered, 95 % intervals"


@dataclass(frozen=True, kw_only=True)
class Questions:
    """What is asked beside the plan."""

    what_ifs: list[str]
    wants_one_more: bool
    wants_prices: bool


def answer(
    questions: Questions, plan: "DayPlan", now: Circumstances, terms: "Terms", seed: int
) -> "Answers":
    """Answer the questions about a plan.

    Raises:
        UserError: A what-if says nothing known, or nothing possible.
    """
    from simulator.report.answers import Answers

    what_ifs: list[Comparison] = []
    one_more: list[OneMoreStudy] = []
    prices: list[Price] = []
    with _until_interrupted():
        if questions.what_ifs:
            what_ifs += _what_ifs(questions.what_ifs, plan, now, seed)
        if questions.wants_one_more:
            for one in _one_more(plan, terms, seed):
                one_more.append(one)  # noqa: PERF402  (what is known stays when interrupted)
        if questions.wants_prices:
            for price in _prices(plan, terms, seed):
                prices.append(price)  # noqa: PERF402
    return Answers(what_ifs=what_ifs, one_more=one_more, prices=prices)


@contextmanager
def _until_interrupted() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        ERR.print("interrupted; what follows is what was known by then")


def _shown(title: str, work: Iterable[T], count: int) -> Iterator[T]:
    """Go through work that a person waits for, with a bar."""
    with Progress(console=ERR, transient=True) as bar:
        task = bar.add_task(title, total=count)
        for done in work:
            bar.advance(task)
            yield done


def _what_ifs(
    texts: list[str], plan: "DayPlan", now: Circumstances, seed: int
) -> "list[Comparison]":
    from simulator.staffing.variants import Trial

    variants = variants_of(texts, replace(now, team=plan.team))
    trial = Trial(plan, variants, seed=seed + TRIAL_SEED)
    compared = (trial.compare(variant) for variant in variants)
    return list(_shown("what-ifs", compared, len(variants)))


def _one_more(plan: "DayPlan", terms: "Terms", seed: int) -> "Iterator[OneMoreStudy]":
    from simulator.report.answers import OneMoreStudy
    from simulator.staffing.forecast_file import clock
    from simulator.staffing.variants import Trial
    from simulator.staffing.worth import one_more_of

    def at(interval: int) -> str:
        return clock(plan.centre.opens_s + interval * plan.centre.interval_s)

    trial = Trial(plan, [], seed=seed + TRIAL_SEED)
    groups = plan.centre.tables.groups
    for group in _shown("one more agent", groups, len(groups)):
        found = one_more_of(plan, group, terms.rules, seed=seed + TRIAL_SEED + 1)
        shift = found.shift
        yield OneMoreStudy(
            group=group,
            shift=f"{shift.rule.name} {at(shift.start)}-{at(shift.end)}" if shift else "",
            cost=found.cost,
            effect=trial.compare(found.variant),
        )


def _prices(plan: "DayPlan", terms: "Terms", seed: int) -> "Iterator[Price]":
    from simulator.staffing.prices import easings_of, prices_of

    easings = easings_of(terms)
    yield from _shown(
        "price of each constraint", prices_of(plan, easings, terms, seed=seed), len(easings)
    )


def print_answers(answers: "Answers") -> None:
    """Print what was answered, tables for people."""
    from simulator.report.answers import EFFECTS, effects

    if answers.what_ifs:
        print_table(
            f"What if? {_DIFFERENCES}",
            ("", *EFFECTS),
            [(escape(one.name), *effects(one)) for one in answers.what_ifs],
        )
        _print_levels(answers.what_ifs)
    if answers.one_more:
        print_table(
            f"One more agent, where they help most for their pay. {_DIFFERENCES}",
            ("", "shift", "cost", *EFFECTS),
            [
                (escape(one.group), one.shift, f"{one.cost:.2f}", *effects(one.effect))
                for one in answers.one_more
            ],
        )
    if answers.prices:
        print_table(
            "What each constraint costs a day, planned again without it",
            ("", "change", "saved", "of the cost"),
            [
                (escape(one.constraint), one.change, f"{one.saved:.2f}", f"{one.saved_share:.1%}")
                for one in answers.prices
            ],
        )


def _print_levels(what_ifs: "list[Comparison]") -> None:
    """Print the service level of each call type where there are several."""
    from simulator.report.answers import difference
    from simulator.staffing.variants import ALL_CALLS

    types = [name for name in what_ifs[0].service_level if name != ALL_CALLS]
    if len(types) > 1:
        print_table(
            "Service level of each queue, points",
            ("", *types),
            [
                (
                    escape(one.name),
                    *(difference(one.service_level[name], 1, percent=True) for name in types),
                )
                for one in what_ifs
            ],
        )
