"""What callers do of themselves: balk, ask to be rung back, call again."""

import msgspec
import pytest

from simulator.day import simulate_day
from simulator.distributions import Constant, Exponential
from simulator.scenario import Manners
from tests.simulator.small_centre import scenario


def world(manners, *, agents=3, patience_s=120.0, standing=True, **queue):
    small = scenario(
        agents=agents,
        standing=standing,
        per_interval=(60.0, 60.0),
        patience_s=Exponential(patience_s),
        queue=queue or None,
    )
    kind = msgspec.structs.replace(small.calls["calls"], manners=manners)
    return msgspec.structs.replace(small, calls={"calls": kind})


def day(manners, seed=1, **options):
    result = simulate_day(world(manners, **options), seed)
    assert result.problems == ()
    return result.account


def test_manners_that_do_nothing_change_nothing():
    assert day(Manners()).figures() == day(None).figures()


def test_those_who_balk_leave_at_once_and_only_when_they_would_have_to_wait():
    account = day(Manners(balk_share=1.0))
    assert account.total.short_abandons == account.total.abandoned > 0
    assert account.total.longest_wait_ms == 0
    assert account.total.answered > 0
    plenty = day(Manners(balk_share=1.0), agents=40)
    assert plenty.total.abandoned == 0


def test_those_who_call_again_are_offered_again():
    once, again = day(None), day(Manners(redial_share=0.9, redial_after_s=Constant(120.0)))
    assert again.total.offered > once.total.offered
    assert sum(again.calls.values()) == again.total.offered, "a redial is a call of its own"


@pytest.mark.parametrize("standing", [True, False])
@pytest.mark.parametrize("answer_share", [0.0, 1.0])
def test_callbacks_are_kept_by_those_who_answer(answer_share, standing):
    """Whether the agent is in the room already, or rung first."""
    manners = Manners(callback_share=1.0, callback_after_s=20.0, callback_answer_share=answer_share)
    retries = {"callback_retry_ms": 60_000, "callback_attempts_max": 2}
    account = day(manners, patience_s=600.0, standing=standing, **retries)
    asked = account.calls["callback"]
    kept = sum(counts.callbacks_kept for counts in account.queues["q"].intervals.values())
    given_up = sum(counts.callbacks_given_up for counts in account.queues["q"].intervals.values())
    assert asked > 5
    assert kept + given_up == asked
    if answer_share:
        # One who lets it ring for 25 s is not reached; hardly anybody does.
        assert kept >= 0.95 * asked
    else:
        assert given_up == asked


def test_who_reacts_how_does_not_depend_on_the_staffing():
    """More agents leave fewer to react; those who still must wait react as before."""
    manners = Manners(balk_share=0.3)
    few, more = day(manners, agents=3), day(manners, agents=4)
    assert more.total.abandoned < few.total.abandoned
    assert few.total.offered == more.total.offered
