"""The kinds of node a flow is made of, each a plain record with its `kind` as tag.

A node says what the caller hears or is asked and, by name, which node comes next. What a node
*does* is told in `ivr.interpreter`; what must hold for all of them, in `ivr.proofs`. A new kind is
a record here, a function in the interpreter's table, and its ways out in `ways`.
"""

from collections.abc import Iterator

from ivr.flow.asking import (
    Answer,
    Ask,
    Callback,
    Choice,
    Intent,
    Language,
    Menu,
    Survey,
    Tongue,
)
from ivr.flow.leaving import HangUp, Pay, Queue, Refuse, Transfer, Voicemail
from ivr.flow.names import Count, Key, NodeId, Question
from ivr.flow.passing import (
    Branch,
    Case,
    Condition,
    Data,
    Hours,
    Message,
    Return,
    Say,
    Set,
    Split,
    SubFlow,
    Test,
)

Asking = Menu | Ask | Language | Intent | Answer | Survey | Callback
Passing = Say | Hours | Condition | Data | Set | Message | Split | SubFlow | Return
Leaving = Queue | Voicemail | Transfer | Pay | HangUp | Refuse
Node = Asking | Passing | Leaving

__all__ = [
    "Answer",
    "Ask",
    "Asking",
    "Branch",
    "Callback",
    "Case",
    "Choice",
    "Condition",
    "Count",
    "Data",
    "HangUp",
    "Hours",
    "Intent",
    "Key",
    "Language",
    "Leaving",
    "Menu",
    "Message",
    "Node",
    "NodeId",
    "Passing",
    "Pay",
    "Question",
    "Queue",
    "Refuse",
    "Return",
    "Say",
    "Set",
    "Split",
    "SubFlow",
    "Survey",
    "Test",
    "Tongue",
    "Transfer",
    "Voicemail",
    "give_up",
    "takes_zero",
    "ways",
]


def ways(node: Node) -> Iterator[tuple[str, NodeId]]:
    """Give the ways out of a node that its author wrote, as (field, target), in written order.

    What a flow adds to every question, such as the way to a person, is not among them.
    """
    for field in ("choices", "cases", "branches"):
        for index, part in enumerate(getattr(node, field, ())):
            if hasattr(part, "to"):
                yield f"{field}[{index}].to", part.to
    for intent, route in getattr(node, "routes", {}).items():
        yield f"routes.{intent}", route
    for field in _TARGET_FIELDS:
        target = getattr(node, field, None)
        if target is not None:
            yield field, target


def give_up(node: Question) -> NodeId | None:
    """Give where failed answers lead; None for the flow's person.

    A survey that is not answered goes on, since a rating is never worth a person's time; whoever
    does not answer the offer of a callback waits.
    """
    match node:
        case Survey(give_up=None, next=target) | Callback(give_up=None, refused=target):
            return target
        case _:
            return node.give_up


def takes_zero(node: Question) -> bool:
    """Tell whether 0 is an answer to this very question, instead of the wish for a person."""
    if isinstance(node, Survey):
        return node.minimum == 0
    if isinstance(node, Ask):
        is_number = node.type in ("number", "amount")
        return is_number and node.minimum is not None and node.minimum <= 0
    return any(choice.key == "0" for choice in getattr(node, "choices", ()))


_TARGET_FIELDS = (
    *("enter", "next", "open", "closed", "holiday", "otherwise", "failed", "paid", "answers"),
    *("helped", "not_helped", "refused", "no_number", "left", "served", "give_up"),
)
