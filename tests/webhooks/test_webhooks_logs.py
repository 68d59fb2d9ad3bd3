"""Logs name calls and checks, never people: canaries are planted everywhere and looked for."""

import pytest
import structlog

from tests.webhooks import carrier
from tests.webhooks.carrier import CALL, CALLER
from webhooks.addresses import Addresses

ADDRESSES = Addresses("https://cc.example.com")
CANARIES = {
    "From": CALLER,
    "CallerName": "Canary Robin",
    "SpeechResult": "my canary word",
    "Digits": "49298765",
    "Caller": CALLER,
    "ErrorUrl": "https://canary.example/secret",
}
PLANTED = [CALLER.removeprefix("+1"), "anary", "49298765"]


def _everything(world, capsys, caplog):
    captured = capsys.readouterr()
    return captured.out + captured.err + caplog.text + str(world)


def _exercise(world):
    begun = world.begin(**CANARIES)
    for url, params in (
        (begun.next, {}),
        ("/voice/inbound", {"token": "wrong"}),
        ("/voice/inbound", {"AccountSid": "ACother"}),
        ("/voice/inbound", {"To": "+12125550199"}),
        ("/voice/fallback", {"ErrorCode": "11200"}),
        (ADDRESSES.agent_status("7.1"), {"CallStatus": "busy"}),
        ("/voice/agent/status?leg_id=canary|word", {"CallStatus": "busy"}),
        (ADDRESSES.dial_answered("7.1", "nonesuch"), {}),
        (ADDRESSES.wait(CALL), {"QueueSid": "QU1"}),
    ):
        world.post(url, **(CANARIES | params))


@pytest.mark.parametrize("is_down", [False, True])
def test_no_canary_gets_into_a_log_line(capsys, caplog, is_down):
    world = carrier.world()
    with structlog.testing.capture_logs() as lines:
        _exercise(world)
        world.journal.is_down = is_down
        _exercise(world)
    assert lines
    text = repr(lines) + _everything(world.app, capsys, caplog)
    assert [canary for canary in PLANTED if canary in text] == []


def test_fault_that_quotes_the_caller_is_logged_without_the_quote(capsys, caplog):
    world = carrier.world()

    def broken(*args, **kwargs):
        raise RuntimeError(f"cannot store {CANARIES}")

    world.sessions.advance = broken
    world.journal.append = broken
    with structlog.testing.capture_logs() as lines:
        _exercise(world)
    text = repr(lines) + _everything(world.app, capsys, caplog)
    assert [canary for canary in PLANTED if canary in text] == []
    fault = next(line for line in lines if line["event"] == "webhook failed")
    assert fault["kind"] == "RuntimeError"
    assert fault["sid"] == CALL


def test_no_canary_gets_into_an_address():
    world = carrier.world(leave_key="*")
    pages = [world.post("/voice/inbound", **CANARIES).text]
    urls = (
        ADDRESSES.wait(CALL),
        ADDRESSES.room(CALL, CALL, "7.1"),
        ADDRESSES.safe_harbour("7.1", "survey"),
    )
    pages += [world.post(url, QueueTime="9", **CANARIES).text for url in urls]
    text = "".join(pages)
    assert [canary for canary in PLANTED if canary in text] == []


def test_facts_show_people_only_in_their_private_part():
    world = carrier.world()
    action = world.begin(**CANARIES).action
    second = world.document(action, Digits="3").action
    world.document(second, Digits="49298765")
    events = repr(world.journal.events) + repr([f.natural_key for f in world.journal.facts])
    assert [canary for canary in PLANTED if canary in events] == []
    queued = world.journal.facts[-1]
    assert queued.subject == world.journal.events[0].customer_id
    assert "49298765" in queued.private["data"]
