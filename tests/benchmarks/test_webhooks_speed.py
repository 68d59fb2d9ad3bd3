"""How much slower than a minimal Flask application ours is, on the same two webhooks.

In process, without a server or a store, so that nothing but Python is compared. Rounds of both are
interleaved, timed by the processor and the best round of each is taken: what is left is the work
itself. Ratios are rates
of ours over the minimal one's; see `docs/webhooks.md` for the last figures.
"""

import sys
import time

import pytest

from tests.benchmarks.webhook_rivals import call, environ, library_check, minimal_app, own_check
from tests.webhooks import carrier

ROUNDS, CALLS = 15, 300


def _round_s(app, template, before):
    started = time.process_time()
    for _ in range(CALLS):
        before()
        call(app, template)
    return time.process_time() - started


def _ratio(world, template, rival, before=lambda: None):
    """Return our rate over the rival's, both at their best, interleaved."""
    assert call(world.app, template)[0] == "2" == call(rival, template)[0]
    ours = theirs = float("inf")
    for _ in range(ROUNDS):
        theirs = min(theirs, _round_s(rival, template, before))
        ours = min(ours, _round_s(world.app, template, before))
        world.journal.facts.clear()
    return theirs / ours


def _report(capsys, what, ratio):
    with capsys.disabled():
        sys.stdout.write(f"\n{what}: {ratio:.2f} x the minimal application's rate\n")


@pytest.mark.bench
@pytest.mark.parametrize("check", [own_check, library_check])
def test_status_callback_against_a_minimal_application(check, capsys):
    world = carrier.world()
    template = environ("/voice/agent/status?leg_id=7.1", CallStatus="ringing", SequenceNumber="1")
    ratio = _ratio(world, template, minimal_app(check))
    _report(capsys, f"status callback, {check.__name__}", ratio)
    assert ratio >= 0.8


@pytest.mark.bench
@pytest.mark.parametrize("check", [own_check, library_check])
def test_voice_step_against_a_minimal_application(check, capsys):
    world = carrier.world()
    action = world.begin().action
    place = world.sessions.kept[carrier.CALL]
    template = environ(action, Digits="9")

    def put_back():
        world.sessions.kept[carrier.CALL] = place

    ratio = _ratio(world, template, minimal_app(check), put_back)
    _report(capsys, f"voice step, {check.__name__}", ratio)
    assert ratio >= 0.6
