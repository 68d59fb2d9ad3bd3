"""Nodes a caller passes through: said, decided or remembered in an instant."""

from ivr.draws import share_of, side_of
from ivr.flow.nodes import Condition, Hours, NodeId, Return, Say, Set, Split, SubFlow, Test
from ivr.flow.passing import Plain
from ivr.flow.prompts import clean_text, fill
from ivr.interpreter.walk import Walk

SUBFLOWS_MAX = 8
"""Sub-flows inside one another; the proofs refuse flows that enter themselves."""


def enter_say(walk: Walk, node: Say) -> NodeId:
    """Say it and go on."""
    walk.say(walk.prompt(node.prompt))
    return node.next


def enter_hours(walk: Walk, node: Hours) -> NodeId:
    """Go by the calendar."""
    state = hours_state(walk, node.hours)
    if state == "open":
        return node.open
    return node.holiday if state == "holiday" and node.holiday is not None else node.closed


def hours_state(walk: Walk, name: str) -> str:
    """Say whether an office is open; one without a calendar is, so that somebody answers."""
    calendar = walk.flow.hours.get(name)
    return "open" if calendar is None else calendar.state_at(walk.given.at_ms)


def enter_set(walk: Walk, node: Set) -> NodeId:
    """Remember values."""
    filled = {name: clean_text(fill(text, walk.data)) for name, text in node.values.items()}
    for name, value in filled.items():
        walk.keep(name, value)
    return node.next


def enter_condition(walk: Walk, node: Condition) -> NodeId:
    """Go the way of the first case that holds."""
    for case in node.cases:
        if all(holds(test, fact(walk, name)) for name, test in case.when.items()):
            return case.to
    return node.otherwise


def fact(walk: Walk, name: str) -> str | None:
    """Give what is known under a name; None when nothing is."""
    if name == "language":
        return walk.language
    if name.startswith("hours."):
        return hours_state(walk, name.removeprefix("hours."))
    if name.startswith("queue."):
        queue, _, measure = name.removeprefix("queue.").rpartition(".")
        view = walk.given.queues.get(queue)
        return None if view is None else str(getattr(view, measure, "")) or None
    return walk.told.get(name)


def holds(test: Plain | Test, value: str | None) -> bool:
    """Tell whether a value satisfies a test; an unknown value satisfies only its own absence."""
    if not isinstance(test, Test):
        return value is not None and _same(test, value)
    if test.known is not None and test.known != (value is not None):
        return False
    if value is None:
        return test.known is False
    return (
        (test.equals is None or _same(test.equals, value))
        and (test.not_equals is None or not _same(test.not_equals, value))
        and (test.one_of is None or any(_same(one, value) for one in test.one_of))
        and (test.above is None or _number(value, -float("inf")) > test.above)
        and (test.below is None or _number(value, float("inf")) < test.below)
    )


def _same(wanted: Plain, value: str) -> bool:
    if isinstance(wanted, bool):
        return value.casefold() == str(wanted).casefold()
    if isinstance(wanted, int | float):
        return _number(value, float("nan")) == wanted
    return value == wanted


def _number(value: str, otherwise: float) -> float:
    """Read a number; what is none compares as neither above nor below."""
    try:
        return float(value)
    except ValueError:
        return otherwise


def enter_split(walk: Walk, node: Split) -> NodeId:
    """Send the caller the way their call falls, the same way however often they pass."""
    drawn = share_of(f"{walk.flow.name}/{walk.node}/{walk.call}")
    branch = node.branches[side_of(drawn, [branch.percent for branch in node.branches])]
    walk.data[f"split.{walk.node}"] = branch.name
    return branch.to


def enter_subflow(walk: Walk, node: SubFlow) -> NodeId:
    """Go into a sub-flow and remember where to go on."""
    if len(walk.returns) >= SUBFLOWS_MAX:
        walk.note("went", "to a person: sub-flows too deep")
        return walk.to_person()
    walk.returns.append(node.next)
    return node.enter


def enter_return(walk: Walk, _node: Return) -> NodeId:
    """Go on where the sub-flow was entered; from nowhere to a person."""
    return walk.returns.pop() if walk.returns else walk.to_person()
