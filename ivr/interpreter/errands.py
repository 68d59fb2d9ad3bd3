"""Errands: what the shell does for the caller outside the call.

Another system is asked, a text message sent, a card charged. Each can fail, and what comes back can
be late, wrong or a lie: nothing of it is trusted beyond being a short text.
"""

import re
from decimal import Decimal

from ivr.flow.nodes import Data, Message, NodeId, Pay
from ivr.flow.prompts import clean_text, fill
from ivr.inputs import DataFailed, DataFetched, Input, PaymentDone, PaymentFailed
from ivr.interpreter.walk import Walk
from ivr.steps import FetchData, Say, SendMessage, TakePayment

_NUMBER = re.compile(r"\+?[0-9]{6,15}")
_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]+)?", re.ASCII)
"""An amount a card can be charged with; what another system says may be anything."""


def usable_number(walk: Walk, name: str) -> str | None:
    """Give a value of the call if it can be dialled; callers may hide theirs."""
    number = walk.data.get(name, "")
    return number if _NUMBER.fullmatch(number) else None


def enter_data(walk: Walk, node: Data) -> NodeId | None:
    """Ask the other system, saying something meanwhile."""
    if walk.is_tired:
        return node.failed
    if node.prompt is not None:
        walk.say(walk.prompt(node.prompt))
    walk.end(
        FetchData(
            method=node.method,
            url=fill(node.url, walk.told, into="url"),
            body={name: fill(text, walk.told) for name, text in node.body.items()},
            timeout_ms=int(node.timeout_s * 1000),
        )
    )
    return None


def answer_data(walk: Walk, node: Data, given: Input) -> NodeId | None:
    """Remember what was found; anything missing, or another input, is a failure or late."""
    if isinstance(given, DataFetched):
        found = {name: given.values.get(field) for name, field in node.save.items()}
        if all(value is not None for value in found.values()):
            for name, value in found.items():
                walk.keep(name, clean_text(_text(value)))
                walk.note("data", f"{name}: {walk.data[name]}")
            return node.next
        walk.note("went", "the other system's answer lacks a field")
        return node.failed
    if isinstance(given, DataFailed):
        walk.note("went", f"the other system failed: {given.reason}")
        return node.failed
    return enter_data(walk, node)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_THEIR_NUMBER, _TAKES_TEXTS = "caller.number", "caller.texts"


def enter_message(walk: Walk, node: Message) -> NodeId:
    """Send a message, once a call from each node, unless it is known that it cannot arrive."""
    number = usable_number(walk, node.number_from)
    is_theirs = number == walk.data.get(_THEIR_NUMBER)
    if number is None or (is_theirs and walk.data.get(_TAKES_TEXTS) == "false"):
        walk.note("went", "no message can be sent to this number")
        return node.no_number
    sent = f"sent.{walk.node}"
    if sent not in walk.data:
        walk.data[sent] = "true"
        said = (step.text for step in walk.prompt(node.text) if isinstance(step, Say))
        walk.say((SendMessage(to=number, text=" ".join(said), node=walk.node),))
        walk.note("data", "a message was sent")
    return node.next


def enter_pay(walk: Walk, node: Pay) -> NodeId | None:
    """Let the carrier take the card."""
    if walk.is_tired:
        return node.failed
    cents = 0
    if node.amount_from is not None:
        cents = _cents(walk.data.get(node.amount_from, ""))
        if cents <= 0:
            walk.note("went", "there is no amount to pay")
            return node.failed
    if node.prompt is not None:
        walk.say(walk.prompt(node.prompt))
    walk.end(
        TakePayment(
            language=node.language,
            charge_cents=cents,
            currency=node.currency,
            description=fill(node.description, walk.data),
        )
    )
    return None


def _cents(amount: str) -> int:
    """Read an amount; what is none is 0."""
    return int(Decimal(amount) * 100) if _AMOUNT.fullmatch(amount) else 0


def answer_pay(walk: Walk, node: Pay, given: Input) -> NodeId | None:
    """Remember the token; a card's number never comes here."""
    if isinstance(given, PaymentDone):
        walk.data["payment_token"] = clean_text(given.token)
        walk.note("data", "payment taken")
        return node.paid
    reason = given.reason if isinstance(given, PaymentFailed) else "no result"
    walk.note("went", f"payment failed: {reason}")
    return node.failed
