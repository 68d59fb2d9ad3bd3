"""`advance`: one input, one caller, one answer.

Each kind of node has a function that *enters* it and, if it waits for something, one that takes the
*answer*. Both either name the node to go to next or put the step that ends this answer. The loop
here carries a caller from node to node until that happens. It is total: a node that is not there,
a circle of nodes that never ask, an input nobody expected: each still leads to a person or, where
even that is impossible, to an apology and the end of the call.
"""

from collections.abc import Callable
from typing import Any

from ivr.flow import nodes
from ivr.flow.ready import Flow
from ivr.inputs import HungUp, Input, Started
from ivr.interpreter import (
    answering,
    choosing,
    collecting,
    errands,
    leaving,
    offering,
    passing,
    wanting,
)
from ivr.interpreter.walk import ENDED, Walk
from ivr.session import Session
from ivr.steps import HangUp, Steps

Enter = Callable[[Walk, Any], nodes.NodeId | None]
Answer = Callable[[Walk, Any, Input], nodes.NodeId | None]

ENTER: dict[type, Enter] = {
    nodes.Answer: answering.enter_answer,
    nodes.Ask: collecting.enter_ask,
    nodes.Callback: offering.enter_callback,
    nodes.Condition: passing.enter_condition,
    nodes.Data: errands.enter_data,
    nodes.HangUp: leaving.enter_hang_up,
    nodes.Hours: passing.enter_hours,
    nodes.Intent: wanting.enter_intent,
    nodes.Language: choosing.enter_language,
    nodes.Menu: choosing.enter_menu,
    nodes.Message: errands.enter_message,
    nodes.Pay: errands.enter_pay,
    nodes.Queue: leaving.enter_queue,
    nodes.Refuse: leaving.enter_refuse,
    nodes.Return: passing.enter_return,
    nodes.Say: passing.enter_say,
    nodes.Set: passing.enter_set,
    nodes.Split: passing.enter_split,
    nodes.SubFlow: passing.enter_subflow,
    nodes.Survey: offering.enter_survey,
    nodes.Transfer: leaving.enter_transfer,
    nodes.Voicemail: leaving.enter_voicemail,
}
"""Every kind of node, with what happens on arrival."""
ANSWER: dict[type, Answer] = {
    nodes.Answer: answering.answer_answer,
    nodes.Ask: collecting.answer_ask,
    nodes.Callback: offering.answer_callback,
    nodes.Data: errands.answer_data,
    nodes.Intent: wanting.answer_intent,
    nodes.Language: choosing.answer_language,
    nodes.Menu: choosing.answer_menu,
    nodes.Pay: errands.answer_pay,
    nodes.Queue: leaving.answer_queue,
    nodes.Survey: offering.answer_survey,
    nodes.Transfer: leaving.answer_transfer,
    nodes.Voicemail: leaving.answer_voicemail,
}
"""The kinds of node a caller can rest at, with what happens when something comes back."""
HOPS_MAX = 50
"""Nodes passed within one answer; proofs refuse flows that could need more."""


def advance(flow: Flow, session: Session, given: Input) -> tuple[Session, Steps]:
    """Take one input and say what the caller hears or is asked next.

    Args:
        flow: The version of the flow the session was begun with.
        session: Where the caller is; not changed.
        given: What happened.

    Returns:
        The session to keep, and steps that end in exactly one step that asks or ends.

    Cost:
        One pass over the nodes gone through; copies the session's data and trail.
    """
    walk = Walk.of(flow, session, given)
    if isinstance(given, HungUp) or session.stage == ENDED:
        walk.end(HangUp(session.outcome or session.settled or "abandoned"))
        return walk.folded(session)
    target = _begin(walk) if not session.node else _respond(walk)
    _go(walk, target)
    return walk.folded(session)


def _begin(walk: Walk) -> nodes.NodeId:
    walk.data |= walk.flow.document.defaults
    if isinstance(walk.given, Started):
        walk.data |= {f"caller.{name}": value for name, value in walk.given.caller.items()}
    return walk.flow.document.start


def _respond(walk: Walk) -> nodes.NodeId | None:
    node = walk.flow.nodes.get(walk.node)
    answer = ANSWER.get(type(node))
    if node is None or answer is None:
        return walk.to_person()
    return answer(walk, node, walk.given)


def _go(walk: Walk, target: nodes.NodeId | None) -> None:
    """Carry the caller on until a step asks or ends."""
    for _ in range(HOPS_MAX):
        if target is None:
            return
        node = walk.flow.nodes.get(target)
        if node is None:
            walk.note("went", f"to a person: there is no node {target}")
            target = walk.to_person()
            continue
        walk.arrive(target)
        target = ENTER[type(node)](walk, node)
    if target is not None:
        walk.note("went", "nowhere: the flow turned in a circle")
        walk.end_call("refused")
