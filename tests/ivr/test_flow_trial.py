"""Trying a flow by typing: lines become input, steps become lines."""

import pytest

from ivr import steps
from ivr.inputs import (
    DataFailed,
    DataFetched,
    Digits,
    HungUp,
    NoInput,
    PaymentDone,
    PaymentFailed,
    QueueLeft,
    RecordingDone,
    Speech,
    TransferFailed,
)
from ivr.trial import shown, typed

ASK = steps.Ask(language="en-GB", prompts=(steps.Say("Press 1", "en-GB"),))
DIP = steps.FetchData("GET", "https://crm.example/x")
PAY = steps.TakePayment(language="en-US", charge_cents=1250)


@pytest.mark.parametrize(
    ("line", "after", "given"),
    [
        ("5", ASK, Digits(at_ms=7, digits="5")),
        ("1234#", ASK, Digits(at_ms=7, digits="1234")),
        ("#", ASK, Digits(at_ms=7, digits="#")),
        ("I lost my card", ASK, Speech(at_ms=7, text="I lost my card")),
        ("  ", ASK, NoInput(at_ms=7)),
        ("[Hang up]", ASK, HungUp(at_ms=7)),
        ("[fail]", DIP, DataFailed(at_ms=7, reason="typed")),
        ("tier=gold x", DIP, DataFetched(at_ms=7, values={"tier": "gold"})),
        ("hello there", steps.Voicemail("q"), RecordingDone(at_ms=7, duration_ms=1100)),
        ("", PAY, PaymentDone(at_ms=7, token="typed")),
        ("[fail]", PAY, PaymentFailed(at_ms=7, reason="typed")),
        ("[full]", steps.Enqueue("q", "en-GB"), QueueLeft(at_ms=7, reason="full")),
        ("", steps.Enqueue("q", "en-GB"), QueueLeft(at_ms=7, reason="served")),
        ("x", steps.Transfer("+14155550100"), TransferFailed(at_ms=7, reason="typed")),
    ],
)
def test_typed_line_stands_for_an_input(line, after, given):
    assert typed(line, after=after, at_ms=7) == given


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (steps.Voicemail("cards"), "[records a message for cards]"),
        (DIP, "[asks GET https://crm.example/x; type name=value pairs or [fail]]"),
        (PAY, "[takes a card payment of 12.50]"),
        (steps.Enqueue("cards", "en-GB"), "[waits in the queue cards]"),
        (steps.Transfer("+14155550100"), "[is transferred to +14155550100]"),
        (steps.HangUp("self_served"), "[the call ends: self served]"),
        (steps.Reject("busy"), "[the call is refused: busy]"),
    ],
)
def test_last_step_is_shown(step, line):
    assert shown((step,)) == [line]


def test_everything_heard_is_shown_in_order():
    everything = (
        steps.Say("Hello", "en-GB"),
        steps.Play("https://audio.example/a.mp3"),
        steps.Pause(1500),
        steps.SendMessage("+14155550100", "See you", "node"),
        steps.BookCallback("cards", "+14155550100", "en-GB"),
        ASK,
    )
    assert shown(everything) == [
        "Hello",
        "[plays https://audio.example/a.mp3]",
        "[is silent for 1.5 s]",
        "[sends a message: See you]",
        "[books a callback from cards]",
        "Press 1",
        "[listens for digits]",
    ]
