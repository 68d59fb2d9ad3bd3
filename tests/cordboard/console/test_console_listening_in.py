"""The supervisor's buttons: what can be done now, and which fact it becomes."""

import pytest

from acd.events import Supervision, SupervisionAsked, SupervisionEnded, TakeoverAsked
from cordboard.console.accounts import Role
from cordboard.console.supervisor.actions import Part, conversations, refusal
from tests.cordboard.console.console_doubles import accounts_of, console_of
from tests.cordboard.console.test_console_agent import OURS, Recorder, line
from tests.cordboard.console.test_console_supervisor import board

TALKING = line(state="talking", queue_id="cards")
HEARD = line(state="talking", queue_id="cards", supervised_by={"sam": "listen"})


def press(part, at, journal, agent_id="ana", telephones=("sam",)):
    """Sign in as sam, press a button of the page as a browser would, return the answer."""
    client = console_of(
        accounts_of("battery staple", Role.SUPERVISOR, "sam"),
        board=lambda: board(agents=[at]),
        journal=journal,
        supervisors={"telephones": telephones},
    ).test_client()
    client.post("/sign-in", data={"name": "sam", "password": "battery staple"}, headers=OURS)
    client.get("/supervisor/_dash-dependencies")
    clicked = [
        {"id": {"part": one.value}, "property": "n_clicks", "value": int(one is part)}
        for one in Part
    ]
    return client.post(
        "/supervisor/_dash-update-component",
        json={
            "output": "said.children",
            "outputs": {"id": "said", "property": "children"},
            "inputs": [clicked],
            "state": [{"id": "conversation", "property": "value", "value": agent_id}],
            "changedPropIds": [f'{{"part":"{part.value}"}}.n_clicks'],
        },
        headers=OURS,
    )


@pytest.mark.parametrize(
    ("part", "at", "event"),
    [
        (Part.LISTEN, TALKING, SupervisionAsked(0, "sam", "ana", Supervision.LISTEN)),
        (Part.WHISPER, HEARD, SupervisionAsked(0, "sam", "ana", Supervision.WHISPER)),
        (Part.BARGE, HEARD, SupervisionAsked(0, "sam", "ana", Supervision.BARGE)),
        (Part.TAKE_OVER, HEARD, TakeoverAsked(0, "sam", "ana")),
        (Part.LEAVE, HEARD, SupervisionEnded(0, "sam", "ana")),
    ],
)
def test_every_button_is_one_fact_of_this_supervisor(part, at, event):
    journal = Recorder()
    assert press(part, at, journal).status_code == 200
    assert journal.events == [event]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda journal: press(Part.TAKE_OVER, TALKING, journal), b"listen in first"),
        (lambda journal: press(Part.LISTEN, line(), journal), b"talks with nobody"),
        (lambda journal: press(Part.LISTEN, TALKING, journal, agent_id=None), b"Choose"),
        (lambda journal: press(Part.LISTEN, TALKING, journal, telephones=()), b"no telephone"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_changes_nothing(answer, said):
    journal = Recorder()
    assert said in answer(journal).data
    assert journal.events == []


def test_journal_that_is_down_is_told():
    assert b"Nothing has changed" in press(Part.LISTEN, TALKING, Recorder(is_down=True)).data


def test_only_conversations_with_customers_can_be_chosen():
    consulted = line(state="talking", asked_by="ben")
    shown = conversations(board(agents=[TALKING, consulted, line()]))
    assert shown == [{"value": "ana", "label": "ana on cards"}]
    assert conversations(None) == []


def test_unknown_agent_talks_with_nobody():
    assert "nobody" in refusal(Part.LISTEN, None, "sam")
