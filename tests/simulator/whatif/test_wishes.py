"""Changes asked for in words."""

import pytest

from simulator.whatif import Change, ChangeError
from simulator.whatif.wishes import change_of
from tests.simulator.small_centre import centre

CONFIG = centre(3, pacer="predictive")


def test_wishes_build_on_each_other():
    change = change_of(CONFIG, ["more a000 2", "move a000-2 q", "leave a001", "target sales 1.5"])
    assert [agent.agent_id for agent in change.settings.acd.agents][3:] == ["a000-2", "a000-3"]
    assert change.settings.acd.agents[3].queues == ("q",)
    assert change.settings.campaigns[0].abandon_percent_max == 1.5
    assert (change.coming, change.leaving) == (("a000-2", "a000-3"), ("a001",))
    assert change.words.endswith("a001 leaves; sales may abandon 1.5 % of live answers")


def test_no_wish_is_no_change():
    assert change_of(CONFIG, []) == Change()


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ("fire ana", "begins with 'fire'; use more, leave, come, move, target"),
        ("more a000", "must read: more AGENT COUNT"),
        ("more a000 some", "'some' is no number of agents"),
        ("target sales much", "'much' is no percentage"),
        ("target sales 80", "abandon_percent_max"),
        ("move a000 zebra", "no queue 'zebra'"),
    ],
)
def test_a_wish_that_cannot_be_is_answered_with_what_would_be_right(wish, message):
    with pytest.raises(ChangeError, match=message):
        change_of(CONFIG, [wish])
