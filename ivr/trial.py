"""A flow in the terminal: what an author types becomes input, what a caller hears becomes lines.

Typing `5` presses a key, an empty line says nothing, anything else is spoken. A few words in
brackets stand for what else can happen: `[hang up]`, `[fail]` for a data dip that does not answer,
`[full]` for a queue that lets nobody in. Whatever is typed, the interpreter answers.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ivr.inputs import (
    DataFailed,
    DataFetched,
    Digits,
    HungUp,
    Input,
    NoInput,
    PaymentDone,
    PaymentFailed,
    QueueLeft,
    RecordingDone,
    Scalar,
    Speech,
    TransferFailed,
)
from ivr.steps import (
    Ask,
    BookCallback,
    Ending,
    Enqueue,
    FetchData,
    HangUp,
    Pause,
    Play,
    Reject,
    Say,
    SendMessage,
    Step,
    Steps,
    TakePayment,
    Transfer,
    Voicemail,
)

_KEYS = frozenset("0123456789*#")


def typed(line: str, *, after: Ending, at_ms: int) -> Input:
    """Turn a typed line into the input it stands for.

    Args:
        line: What was typed.
        after: The step that is being answered.
        at_ms: The instant, for opening hours and dates.
    """
    text = line.strip()
    if text.casefold() == "[hang up]":
        return HungUp(at_ms=at_ms)
    return _TYPED[type(after)](text, at_ms)


def _answer(text: str, at_ms: int) -> Input:
    if not text:
        return NoInput(at_ms=at_ms)
    if set(text) <= _KEYS:
        return Digits(at_ms=at_ms, digits=text.rstrip("#") or text)
    return Speech(at_ms=at_ms, text=text)


def _values(text: str) -> Mapping[str, Scalar]:
    """Read `name=value` pairs, such as `tier=gold balance=12.50`."""
    pairs = (word.partition("=") for word in text.split())
    return {name: value for name, equals, value in pairs if equals}


def shown(steps: Steps) -> list[str]:
    """Write what the caller hears and is asked, one line each."""
    lines = [_line(step) for step in steps[:-1]]
    last = steps[-1]
    if isinstance(last, Ask):
        lines += [_line(prompt) for prompt in last.prompts]
    return [*lines, _line(last)]


def _line(step: Step) -> str:
    return _SHOWN[type(step)](step)


def _fetched(text: str, at_ms: int) -> Input:
    if text.casefold() == "[fail]":
        return DataFailed(at_ms=at_ms, reason="typed")
    return DataFetched(at_ms=at_ms, values=_values(text))


def _paid(text: str, at_ms: int) -> Input:
    if text.casefold() == "[fail]":
        return PaymentFailed(at_ms=at_ms, reason="typed")
    return PaymentDone(at_ms=at_ms, token="typed")  # noqa: S106  (no secret: a word for the terminal)


_TYPED: dict[type, Callable[[str, int], Input]] = {
    Ask: _answer,
    HangUp: _answer,
    Reject: _answer,
    FetchData: _fetched,
    TakePayment: _paid,
    Voicemail: lambda text, at_ms: RecordingDone(at_ms=at_ms, duration_ms=len(text) * 100),
    Enqueue: lambda text, at_ms: QueueLeft(at_ms=at_ms, reason=text.strip("[]") or "served"),
    Transfer: lambda _text, at_ms: TransferFailed(at_ms=at_ms, reason="typed"),
}
"""What a line stands for, by the step it answers."""

_SHOWN: dict[type, Callable[[Any], str]] = {
    Say: lambda step: str(step.text),
    Play: lambda step: f"[plays {step.url}]",
    Pause: lambda step: f"[is silent for {step.ms / 1000:g} s]",
    SendMessage: lambda step: f"[sends a message: {step.text}]",
    BookCallback: lambda step: f"[books a callback from {step.queue}]",
    Ask: lambda step: f"[listens for {' and '.join(step.inputs)}]",
    Voicemail: lambda step: f"[records a message for {step.mailbox}]",
    FetchData: lambda step: f"[asks {step.method} {step.url}; type name=value pairs or [fail]]",
    TakePayment: lambda step: f"[takes a card payment of {step.charge_cents / 100:.2f}]",
    Enqueue: lambda step: f"[waits in the queue {step.queue}]",
    Transfer: lambda step: f"[is transferred to {step.to}]",
    HangUp: lambda step: f"[the call ends: {step.outcome.replace('_', ' ')}]",
    Reject: lambda step: f"[the call is refused: {step.reason}]",
}
"""How each step is shown."""
