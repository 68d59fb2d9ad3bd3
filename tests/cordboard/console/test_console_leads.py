"""What holds leads back, on the supervisor's page."""

import pytest

from cordboard.console.accounts import Role
from cordboard.console.supervisor.leads import waterfalls_view
from cordboard.runtime.leads.standing import Standing
from cordboard.runtime.leads.waterfall import BY_STANDING, CALLABLE, fold, of_rule
from tests.cordboard.console.console_doubles import accounts_of, console_of

HOURS = of_rule(None, "gb-hours", "outside the hours", "Ofcom")
FALL = fold([(BY_STANDING[Standing.REACHED], 30), (HOURS, 50), (CALLABLE, 20)])
OURS = {"Sec-Fetch-Site": "same-origin"}


class Found:
    """Looks that found this."""

    def __init__(self, found):
        self._found = found

    def found(self):
        return self._found


def words(component):
    return str(component.to_plotly_json())


def test_every_level_tells_its_reason_its_rule_and_what_is_left():
    shown = words(waterfalls_view({"renewals": FALL}))
    assert "renewals: 20 of 100 leads may be called now" in shown
    for text in ("spoke with an agent", "outside the hours", "Ofcom", "gb-hours", "'70'", "'20'"):
        assert text in shown


def test_where_nothing_could_be_read_it_is_said():
    assert "cannot be read now" in words(waterfalls_view(None))
    assert "0 of 0 leads" in words(waterfalls_view({"renewals": fold([])}))


@pytest.mark.parametrize(("looks", "is_there"), [(Found({"renewals": FALL}), True), (None, False)])
def test_panel_is_where_there_are_campaigns(looks, is_there):
    accounts = accounts_of("correct horse", Role.SUPERVISOR, "sue")
    client = console_of(accounts, supervisors={"leads": looks}).test_client()
    client.post("/sign-in", data={"name": "sue", "password": "correct horse"}, headers=OURS)
    assert ("waterfalls" in client.get("/supervisor/_dash-layout").text) is is_there
    if is_there:
        client.get("/supervisor/_dash-dependencies")
        answer = client.post(
            "/supervisor/_dash-update-component",
            json={
                "output": "waterfalls.children",
                "outputs": {"id": "waterfalls", "property": "children"},
                "inputs": [{"id": "look-leads", "property": "n_intervals", "value": 1}],
                "changedPropIds": ["look-leads.n_intervals"],
            },
            headers=OURS,
        )
        assert "20 of 100 leads may be called now" in answer.text
