"""The supervisor's panel for campaigns: each button one fact, with who and why."""

import pytest

from cordboard.cli.check import pacing_orders
from cordboard.console.accounts import Role
from cordboard.runtime.pacing_orders import PacingOrders, PacingWish
from cordboard.runtime.settings import load_settings
from dialer.config import CampaignConfig
from dialer.events import CampaignPaused, CampaignStarted, PacingChanged
from tests.cordboard.cli.test_cli_leads import BANK
from tests.cordboard.console.console_doubles import accounts_of, console_of
from tests.cordboard.console.test_console_agent import OURS, Recorder
from tests.cordboard.console.test_console_supervisor import board

RENEWALS = CampaignConfig(campaign_id="renewals", abandon_percent_max=2.0)
ORDERS = PacingOrders({"renewals": RENEWALS}, lambda _config: [], board)
BUTTONS = ("set-pacing", "start-campaign", "pause-campaign")


def press(button, journal, *, campaign="renewals", pacer=None, target=None, why="a slow day"):
    """Sign in as sam, fill the panel in, press a button; return what the page says."""
    accounts = accounts_of("battery staple", Role.SUPERVISOR, "sam")
    client = console_of(
        accounts, board=board, journal=journal, supervisors={"orders": ORDERS}
    ).test_client()
    client.post("/sign-in", data={"name": "sam", "password": "battery staple"}, headers=OURS)
    client.get("/supervisor/_dash-dependencies")
    fields = {"campaign": campaign, "pacer": pacer, "target": target, "why": why}
    outputs = [
        {"id": "campaign_said", "property": "children"},
        {"id": "why", "property": "value"},
    ]
    answer = client.post(
        "/supervisor/_dash-update-component",
        json={
            "output": "..campaign_said.children...why.value..",
            "outputs": outputs,
            "inputs": [{"id": one, "property": "n_clicks", "value": 1} for one in BUTTONS],
            "state": [
                {"id": name, "property": "value", "value": value} for name, value in fields.items()
            ],
            "changedPropIds": [f"{button}.n_clicks"],
        },
        headers=OURS,
    )
    assert answer.status_code == 200
    return answer.json["response"]["campaign_said"]["children"]


@pytest.mark.parametrize(
    ("button", "event"),
    [
        ("start-campaign", CampaignStarted(0, "renewals", "sam", "a slow day")),
        ("pause-campaign", CampaignPaused(0, "renewals", "sam", "a slow day")),
        ("set-pacing", PacingChanged(0, "renewals", "ratio:1.5", 12_500, "sam", "a slow day")),
    ],
)
def test_every_button_is_one_fact_of_this_supervisor(button, event):
    journal = Recorder()
    assert press(button, journal, pacer=" ratio:1.5 ", target=1.25) == ""
    assert journal.events == [event]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"campaign": None}, "Choose a campaign first."),
        ({"why": " "}, "Say why"),
        ({"pacer": "magic"}, "pacer is 'magic'; use preview"),
        ({"target": 3.5}, "16 CFR 310.4(b)(4)"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_changes_nothing(fields, said):
    journal = Recorder()
    assert said in press("set-pacing", journal, **fields)
    assert journal.events == []


@pytest.mark.parametrize("button", BUTTONS)
def test_nothing_is_done_without_a_reason_or_a_journal(button):
    assert "Say why" in press(button, Recorder(), why=None)
    assert "Nothing has changed" in press(button, Recorder(is_down=True))


def test_the_example_may_dial_ahead_by_hand_within_its_law():
    orders = pacing_orders(load_settings(BANK), board)
    wish = PacingWish(pacer="adaptive:2", abandon_percent_max=1.0, by="sam", why="a slow day")
    assert orders.order("renewals", wish).abandon_ppm_max == 10_000
