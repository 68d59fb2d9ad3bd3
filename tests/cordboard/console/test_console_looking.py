"""Previews on the agent's page: the lead before them, who it is, and Dial or Skip."""

import json

import pytest

from cordboard.console.agent.looking import REASONS, card_view, until_text
from cordboard.runtime.board import PreviewLine
from cordboard.runtime.leads.desk import LeadCard
from dialer.events import PreviewAccepted, PreviewSkipped
from tests.cordboard.console.test_console_agent import OURS, Recorder, line, signed_in

PREVIEW = {"campaign_id": "renewals", "lead_id": "L7", "until_ms": 60_000, "end": "skip"}


def preview(**changes):
    return PreviewLine(**({"skips_left": 3} | PREVIEW | changes))


def words(component):
    return json.dumps(component.to_plotly_json(), default=lambda part: part.to_plotly_json())


def press(button, at, journal, seen=("renewals", "L7"), why=REASONS[0]):
    """Press a button beside the lead as a browser would; return what the page says."""
    answer = signed_in(at, journal).post(
        "/agent/_dash-update-component",
        json={
            "output": "preview_said.children",
            "outputs": {"id": "preview_said", "property": "children"},
            "inputs": [
                {"id": f"{one}_lead", "property": "n_clicks", "value": int(one == button)}
                for one in ("dial", "skip")
            ],
            "state": [
                {"id": "lead", "property": "data", "value": list(seen)},
                {"id": "skip_why", "property": "value", "value": why},
            ],
            "changedPropIds": [f"{button}_lead.n_clicks"],
        },
        headers=OURS,
    )
    assert answer.status_code == 200
    return answer.json["response"]["preview_said"]["children"]


def test_dial_and_skip_are_facts_about_the_lead_on_the_page():
    journal = Recorder()
    assert press("dial", line(preview=preview()), journal) == ""
    assert press("skip", line(preview=preview()), journal, why="called before") == ""
    assert journal.events == [
        PreviewAccepted(0, "renewals", "ana", "L7"),
        PreviewSkipped(0, "renewals", "ana", "L7", "called before"),
    ]


@pytest.mark.parametrize("at", [line(), line(preview=preview(lead_id="L8"))])
@pytest.mark.parametrize("button", ["dial", "skip"])
def test_a_lead_that_is_gone_is_neither_dialled_nor_skipped(button, at):
    journal = Recorder()
    assert press(button, at, journal) == "This lead is no longer before you."
    assert journal.events == []


def test_without_skips_left_a_lead_can_only_be_dialled():
    journal = Recorder()
    at = line(preview=preview(skips_left=0))
    assert "no skips left" in press("skip", at, journal)
    assert press("dial", at, journal) == ""
    assert journal.events == [PreviewAccepted(0, "renewals", "ana", "L7")]


def test_a_reason_that_was_typed_by_no_button_is_not_kept():
    journal = Recorder()
    assert press("skip", line(preview=preview()), journal, why="Ann of Elm Road") != ""
    assert journal.events == []


def test_a_journal_that_is_down_is_told_beside_the_lead():
    assert "Nothing has changed" in press("dial", line(preview=preview()), Recorder(is_down=True))


def test_the_card_names_the_person_and_what_the_list_tells():
    shown = words(card_view(preview(), LeadCard("Ann Other", "en-GB", {"expiry_month": "May"})))
    assert "Next: Ann Other" in shown
    assert "expiry month" in shown
    assert "May" in shown


def test_a_lead_the_lists_do_not_know_is_named_by_its_id():
    assert "Next: Lead L7" in words(card_view(preview(), None))


def test_what_happens_by_itself_is_said():
    assert until_text(preview(end="dial", skips_left=0)) == (
        "Dialled by itself at 00:01:00 UTC. You may skip 0 more leads this hour."
    )
