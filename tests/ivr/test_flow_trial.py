"""Trying a flow by typing: lines become input, steps become lines."""

import pytest

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
from ivr.steps import (
    Ask,
    BookCallback,
    Enqueue,
    FetchData,
    HangUp,
    Pause,
    Play,
    Reject,
    Say,
    SendMessage,
    TakePayment,
    Transfer,
    Voicemail,
)
from ivr.trial import shown, typed

ASK = Ask(language="en-GB", prompts=(Say("Press 1", "en-GB"),))
DIP = FetchData("GET", "https://crm.example/x")
PAY = TakePayment(language="en-US", charge_cents=1250)


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
        ("hello there", Voicemail("q"), RecordingDone(at_ms=7, duration_ms=1100)),
        ("", PAY, PaymentDone(at_ms=7, token="typed")),
        ("[fail]", PAY, PaymentFailed(at_ms=7, reason="typed")),
        ("[full]", Enqueue("q", "en-GB"), QueueLeft(at_ms=7, reason="full")),
        ("", Enqueue("q", "en-GB"), QueueLeft(at_ms=7, reason="served")),
        ("x", Transfer("+14155550100"), TransferFailed(at_ms=7, reason="typed")),
    ],
)
def test_typed_line_stands_for_an_input(line, after, given):
    assert typed(line, after=after, at_ms=7) == given


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (Voicemail("cards"), "[records a message for cards]"),
        (DIP, "[asks GET https://crm.example/x; type name=value pairs or [fail]]"),
        (PAY, "[takes a card payment of 12.50]"),
        (Enqueue("cards", "en-GB"), "[waits in the queue cards]"),
        (Transfer("+14155550100"), "[is transferred to +14155550100]"),
        (HangUp("self_served"), "[the call ends: self served]"),
        (Reject("busy"), "[the call is refused: busy]"),
    ],
)
def test_last_step_is_shown(step, line):
    assert shown((step,)) == [line]


def test_everything_heard_is_shown_in_order():
    steps = (
        Say("Hello", "en-GB"),
        Play("https://audio.example/a.mp3"),
        Pause(1500),
        SendMessage("+14155550100", "See you", "node"),
        BookCallback("cards", "+14155550100", "en-GB"),
        ASK,
    )
    assert shown(steps) == [
        "Hello",
        "[plays https://audio.example/a.mp3]",
        "[is silent for 1.5 s]",
        "[sends a message: See you]",
        "[books a callback from cards]",
        "Press 1",
        "[listens for digits]",
    ]
