"""Updates written by hand are bad requests: no callback runs, nothing is a fault of ours."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cordboard.console.agent.actions import Action
from tests.cordboard.console.test_console_agent import OURS, Recorder, line, signed_in

UPDATE = "/agent/_dash-update-component"


def pressing(action=Action.READY, reservation_id=""):
    clicked = [
        {"id": {"action": one.value}, "property": "n_clicks", "value": int(one is action)}
        for one in Action
    ]
    return {
        "output": "said.children",
        "outputs": {"id": "said", "property": "children"},
        "inputs": [clicked],
        "state": [
            {"id": "reservation", "property": "data", "value": reservation_id},
            {"id": "target", "property": "value", "value": None},
        ],
        "changedPropIds": [f'{{"action":"{action.value}"}}.n_clicks'],
    }


@pytest.fixture
def journal():
    return Recorder()


@pytest.fixture
def client(journal):
    return signed_in(line("not_ready", reason="lunch"), journal)


def test_what_the_page_sends_is_taken(client, journal):
    assert client.post(UPDATE, json=pressing(), headers=OURS).status_code == 200
    assert len(journal.events) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.clear(),
        lambda body: body.update(output="nothing.children"),
        lambda body: body.update(inputs=[]),
        lambda body: body.update(inputs=[{"id": "said", "property": "children"}]),
        lambda body: body["inputs"][0][0].update(id={"button": "ready"}),
        lambda body: body["inputs"][0][0].update(id="ready"),
        lambda body: body["state"][0].update(property="children"),
        lambda body: body.update(state=[]),
        lambda body: body.update(changedPropIds=["elsewhere.n_clicks"]),
        lambda body: body.update(changedPropIds={"not": "a list"}),
    ],
)
def test_update_no_callback_asks_for_is_a_bad_request(client, journal, change):
    body = copy.deepcopy(pressing())
    change(body)
    assert client.post(UPDATE, json=body, headers=OURS).status_code == 400
    assert journal.events == []


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"null", b"[]", b'"x"'])
def test_body_that_is_no_update_is_a_bad_request(client, data):
    answer = client.post(UPDATE, data=data, content_type="application/json", headers=OURS)
    assert answer.status_code == 400


def test_value_of_another_kind_is_no_fault(client):
    answer = client.post(UPDATE, json=pressing(reservation_id=["1"]), headers=OURS)
    assert answer.status_code == 200


def test_button_that_does_not_exist_does_nothing(client, journal):
    body = pressing()
    body["inputs"][0].append(
        {"id": {"action": "open_the_safe"}, "property": "n_clicks", "value": 1}
    )
    body["changedPropIds"] = ['{"action":"open_the_safe"}.n_clicks']
    assert b"not possible" in client.post(UPDATE, json=body, headers=OURS).data
    assert journal.events == []


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(list(pressing())), value=values)
def test_no_body_at_all_is_a_fault_of_ours(client, name, value):
    answer = client.post(UPDATE, json=pressing() | {name: value}, headers=OURS)
    assert answer.status_code in (200, 400)
