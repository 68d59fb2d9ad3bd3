"""A caller is told and asked before they are recorded, end to end: yes, no, and no answer."""

import pytest

from simulator.carrier.people.manners import Callee, Reaction
from tests.cordboard.cli.test_cli_announced import FLOW
from tests.webhooks.stage import AGENT
from tests.webhooks.test_webhooks_whole_centre import PATIENT, came_out_right
from tests.webhooks.whole import whole

ASKED = FLOW.replace("cards", "service")


@pytest.mark.parametrize(("key", "is_recorded"), [("1", True), ("2", False)])
@pytest.mark.parametrize("policy", ["with_consent", "always"])
def test_answer_in_the_flow_decides_whether_the_talk_is_recorded(policy, key, is_recorded):
    with whole(recording=policy, flow=ASKED) as centre:
        centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=PATIENT))
        centre.sign_in()
        centre.scene.call_in(Reaction(when="record this call", key=key), stays_s=40.0)
        centre.run(25)
        assert centre.connections == 1
        recordings = centre.scene.carrier.exchange.recordings.all()
        assert [one.is_running for one in recordings] == [True] * is_recorded
        centre.run(40)
        assert not any(one.is_running for one in recordings)
        came_out_right(centre, connected=1)


def test_caller_who_does_not_answer_is_not_recorded_where_consent_is_needed():
    with whole(recording="with_consent", flow=ASKED) as centre:
        centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=PATIENT))
        centre.sign_in()
        centre.scene.call_in(stays_s=90.0)
        centre.run(120)
        assert centre.connections == 1
        assert centre.scene.carrier.exchange.recordings.all() == []
