"""The caller hangs up in every window of bridging: those that no other test sweeps.

The windows are listed in docs/webhooks.md, each with the test that sweeps it. A window is walked
through in steps of a second, since the carrier's own steps (a status, a document, a room's event)
are shorter than that only where `test_webhooks_whole_centre.py` goes in halves already.
"""

import re
from pathlib import Path

import pytest

from acd.events import AgentTransferredCall, Supervision, SupervisionAsked, TakeoverAsked
from simulator.carrier.people.manners import Callee, Manner
from tests.webhooks.stage import AGENT, COLLEAGUE, SUPERVISOR
from tests.webhooks.test_webhooks_in_call import COLLEAGUE_THERE, STAYS
from tests.webhooks.test_webhooks_whole_centre import PATIENT, TO_PEOPLE, came_out_right
from tests.webhooks.whole import QUEUE, whole

PAGE = Path(__file__).parents[2] / "docs" / "webhooks.md"

every_second = pytest.mark.parametrize("after_s", [0.25, 1.0, 2.0, 3.0, 4.0, 6.0])
"""Of hanging up, from the beginning of the window."""

BEGINS_S = 12.0
"""From the call to a talk that is well under way."""


def talking(centre, after_s):
    centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=PATIENT))
    centre.sign_in()
    centre.scene.call_in(TO_PEOPLE, stays_s=BEGINS_S + after_s)
    centre.run(BEGINS_S)
    assert centre.connections == 1


@pytest.mark.parametrize("stays_s", [2.0, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 8.0])
def test_on_the_way_to_a_standing_leg(variants, stays_s):
    with whole(variants=variants, standing=True) as centre:
        centre.scene.directory.add(AGENT, STAYS)
        centre.sign_in()
        centre.run(3)
        centre.scene.call_in(TO_PEOPLE, stays_s=stays_s)
        centre.run(30)
        assert sum(centre.outcomes.values()) == 1
        assert [leg.pii_to for leg in centre.scene.carrier.ledger.live_legs()] == [AGENT]
        assert centre.agent.reservation_id is None
        assert centre.is_settled
        assert centre.quarantined == []


@every_second
def test_on_the_way_to_the_next_agent_after_one_missed_the_call(variants, after_s):
    with whole(variants=variants) as centre:
        centre.scene.directory.add(AGENT, Callee(pick_up="no-answer"))
        centre.scene.directory.add(COLLEAGUE, COLLEAGUE_THERE)
        centre.sign_in()
        centre.scene.call_in(TO_PEOPLE, stays_s=19.0 + after_s)
        centre.run(5)
        centre.sign_in("ben")
        centre.run(60)
        came_out_right(centre, **{"connected" if centre.connections else "abandoned": 1})


@every_second
def test_while_being_passed_on_to_a_colleague(variants, after_s):
    with whole(variants=variants) as centre:
        centre.scene.directory.add(COLLEAGUE, Callee(ring_s=1.0, manner=Manner(talk_s=9.0)))
        talking(centre, after_s)
        centre.sign_in("ben")
        centre.tell(AgentTransferredCall(0, "ana", QUEUE, {}, "ben"))
        centre.run(40)
        came_out_right(centre, connected=1)


@every_second
def test_while_being_passed_on_to_a_line_where_nobody_is(variants, after_s):
    with whole(variants=variants) as centre:
        talking(centre, after_s)
        centre.tell(AgentTransferredCall(0, "ana", QUEUE, {}, "ben"))
        centre.run(40)
        came_out_right(centre, connected=1)


@every_second
def test_while_a_supervisor_takes_over(variants, after_s):
    with whole(variants=variants) as centre:
        centre.scene.directory.add(SUPERVISOR, Callee(ring_s=1.0, manner=PATIENT))
        talking(centre, 3.0 + after_s)
        centre.tell(SupervisionAsked(0, "sam", "ana", Supervision.LISTEN))
        centre.run(3)
        centre.tell(TakeoverAsked(0, "sam", "ana"))
        centre.run(40)
        came_out_right(centre, connected=1)


def test_every_window_of_the_page_names_a_test_that_exists():
    page = PAGE.read_text().partition("| window |")[2].partition("\n\n")[0]
    named = re.findall(r"`(test_[a-z_]+)`", page)
    sources = [path.read_text() for path in Path(__file__).parent.glob("test_webhooks_*.py")]
    defined = {name for text in sources for name in re.findall(r"def (test_[a-z_]+)\(", text)}
    assert len(named) >= 15
    assert set(named) <= defined
