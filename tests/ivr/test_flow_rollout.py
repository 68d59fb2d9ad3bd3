"""Versions in use: shares of callers, comparison, rollback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.rollout import (
    CallResult,
    Release,
    Share,
    chance_of_difference,
    compare,
    first_release,
    proportion,
    roll_back,
    roll_out,
    version_for,
)


def shares(release: Release) -> dict[int, int]:
    return {share.version: share.percent for share in release.shares}


def test_new_version_takes_its_share_and_gives_it_back():
    release = first_release("bank", 1)
    trial = roll_out(release, 2, 10)
    assert shares(trial) == {1: 90, 2: 10}
    full = roll_out(trial, 2, 100)
    assert shares(full) == {2: 100}
    back = roll_back(full)
    assert shares(back) == {1: 90, 2: 10}
    assert shares(roll_back(back)) == {1: 100}
    assert back.ordinal == 4


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 100)), max_size=8))
def test_shares_are_always_the_whole(changes):
    release = first_release("bank", 1)
    for version, percent in changes:
        try:
            release = roll_out(release, version, percent)
        except ValueError:
            continue
        assert sum(shares(release).values()) == 100
        assert shares(release).get(version, 0) == percent


@pytest.mark.parametrize(("version", "percent"), [(1, 50), (2, 101), (2, -1)])
def test_share_that_cannot_be_is_refused(version, percent):
    with pytest.raises(ValueError, match=r"keeps all callers|between 0 and 100"):
        roll_out(first_release("bank", 1), version, percent)


def test_first_release_cannot_be_rolled_back():
    with pytest.raises(ValueError, match="no release before"):
        roll_back(first_release("bank", 1))


def test_release_must_be_whole_and_name_a_version_once():
    with pytest.raises(ValueError, match="add up to 100, not 60"):
        Release(flow="bank", ordinal=1, shares=(Share(version=1, percent=60),))
    halves = (Share(version=1, percent=50), Share(version=1, percent=50))
    with pytest.raises(ValueError, match="two shares"):
        Release(flow="bank", ordinal=1, shares=halves)


def test_calls_are_shared_out_and_each_keeps_its_version():
    trial = roll_out(first_release("bank", 1), 2, 20)
    versions = [version_for(trial, f"call-{number}") for number in range(1000)]
    assert 160 < versions.count(2) < 240
    assert versions[5] == version_for(trial, "call-5")
    assert version_for(first_release("bank", 7), "any") == 7


def test_variants_are_compared_with_their_uncertainty():
    results = [
        CallResult("v1", "self_served"),
        CallResult("v1", "queued", to_agent_ms=4000, transferred=True, satisfaction=2),
        CallResult("v2", "queued", to_agent_ms=2000, satisfaction=5),
        CallResult("v2", "queued", abandoned=True),
    ]
    one, two = compare(results)
    assert (one.variant, one.calls, one.contained.share) == ("v1", 2, 0.5)
    assert one.transferred.share == 1.0
    assert two.abandoned.share == 0.5
    assert two.to_agent_ms_mean == 2000
    assert two.satisfaction_mean == 5
    assert compare([CallResult("v", "voicemail")])[0].transferred.share is None
    assert compare([CallResult("v", "voicemail")])[0].satisfaction_mean is None


def test_interval_of_a_share():
    assert proportion(0, 0).low == 0.0
    assert proportion(0, 10).low == 0.0
    assert proportion(10, 10).high == pytest.approx(1.0)


def test_difference_by_chance():
    assert chance_of_difference(proportion(50, 100), proportion(50, 100)) == 1.0
    assert chance_of_difference(proportion(80, 100), proportion(50, 100)) < 1e-4
    assert chance_of_difference(proportion(0, 0), proportion(1, 2)) is None
    assert chance_of_difference(proportion(3, 3), proportion(4, 4)) == 1.0
