"""The agent's page: what can be done now, and which fact it becomes."""

import pytest

from acd.events import (
    AgentSignedIn,
    AgentTransferredCall,
    AgentTransferredOut,
    AgentWentNotReady,
    CaseResolved,
    ConsultAsked,
    OfferAccepted,
)
from cordboard.console.accounts import Role
from cordboard.console.agent.actions import WITH_TARGET, Action, fact, fact_about, possible
from cordboard.console.agent.layout import case_text, company, headline, reminder
from cordboard.console.agent.targets import Target
from cordboard.runtime.board import AgentLine, Board, CaseLine
from tests.cordboard.console.console_doubles import accounts_of, console_of
from webhooks.ports import JournalDown

OURS = {"Sec-Fetch-Site": "same-origin"}


CASE = CaseLine(
    case_id="CS1", category="voicemail", due_at_ms=3_600_000, is_overdue=True, origin_id="CA1"
)


def line(presence="ready", state="idle", reason="", reservation_id="", queue_id="", **company):
    return AgentLine(
        agent_id="ana",
        presence=presence,
        reason=reason,
        state=state,
        since_ms=5_000,
        queue_id=queue_id,
        handled=3,
        occupancy=None,
        reservation_id=reservation_id,
        **company,
    )


@pytest.mark.parametrize(
    ("at", "now"),
    [
        (line("signed_out"), {Action.SIGN_IN}),
        (line("not_ready", reason="lunch"), {Action.READY, Action.BREAK, Action.TRAINING}),
        (line("ready"), {Action.BREAK, Action.LUNCH, Action.TRAINING}),
        (line(state="reserved", reservation_id="1.1"), {Action.ACCEPT, Action.REJECT}),
        (line(state="talking"), {Action.HANG_UP, Action.HOLD, Action.CONSULT, Action.TRANSFER}),
        (line(state="talking", is_on_hold=True), {Action.HANG_UP, Action.RESUME}),
        (line(state="talking", case=CASE, is_task=True), {Action.SETTLE, Action.PUT_BACK}),
        (line(state="talking", is_task=True), {Action.PUT_BACK}),
        (line(state="talking", consult="ben"), {Action.HOLD, Action.END_CONSULT}),
        (
            line(state="talking", consult="ben", is_consulting=True, is_on_hold=True),
            {Action.COMPLETE, Action.MERGE, Action.END_CONSULT},
        ),
        (
            line(state="talking", consult="ben", is_consulting=True),
            {Action.COMPLETE, Action.HOLD, Action.END_CONSULT},
        ),
        (line(state="talking", asked_by="ben"), {Action.HANG_UP}),
        (line(state="wrap_up"), {Action.FINISH_WRAP_UP}),
    ],
)
def test_buttons_fit_what_is_going_on(at, now):
    assert now <= set(possible(at))


def test_offer_without_a_button_cannot_be_accepted_by_one():
    assert Action.ACCEPT not in possible(line(state="reserved"))


def test_stranger_can_do_nothing():
    assert possible(None) == ()


def test_who_is_consulted_can_only_leave():
    assert Action.TRANSFER not in possible(line(state="talking", asked_by="ben"))


@pytest.mark.parametrize("action", [one for one in Action if one not in WITH_TARGET])
def test_every_button_is_one_fact_of_this_agent(action):
    event = fact(action, "ana", "1.1", CASE)
    whose = {getattr(event, name, None) for name in ("agent_id", "reservation_id", "case_id")}
    assert whose & {"ana", "1.1", "CS1"}


def test_reason_travels_with_the_fact():
    assert fact(Action.LUNCH, "ana", "", None) == AgentWentNotReady(0, "ana", "lunch")


def test_headline_says_what_is_going_on():
    assert headline(line(state="talking", queue_id="cards")) == "Talking on cards"
    assert headline(line("not_ready", reason="lunch")) == "Not ready: lunch"


def test_company_says_who_hears_what():
    asking = line(state="talking", consult="legal", is_on_hold=True)
    assert company(asking) == "You wait for legal; the customer hears music"
    together = line(state="talking", consult="ben", is_consulting=True)
    assert company(together) == "You speak with ben; the customer hears you"
    assert company(line(state="talking", is_on_hold=True)) == "The customer hears music"
    assert "sam whispers to you" in company(line(state="talking", supervised_by={"sam": "whisper"}))
    assert headline(line(state="reserved", asked_by="ben")) == "ben would ask you"


@pytest.mark.parametrize(
    ("target", "consult", "transfer"),
    [
        (
            "queue:legal",
            ConsultAsked(0, "ana", queue_id="legal"),
            AgentTransferredCall(0, "ana", "legal", {}),
        ),
        (
            "agent:ben",
            ConsultAsked(0, "ana", to_agent_id="ben"),
            AgentTransferredCall(0, "ana", "cards", {}, "ben"),
        ),
        (
            "number:bank",
            ConsultAsked(0, "ana", number_name="bank"),
            AgentTransferredOut(0, "ana", "bank"),
        ),
    ],
)
def test_chosen_party_is_consulted_or_given_the_customer(target, consult, transfer):
    at, party = line(state="talking", queue_id="cards"), Target.of(target)
    assert fact_about(Action.CONSULT, "ana", party, at) == consult
    assert fact_about(Action.TRANSFER, "ana", party, at) == transfer


@pytest.mark.parametrize("text", [None, "", "ben", "agent:", "person:ben"])
def test_text_that_is_no_party_is_none(text):
    assert Target.of(text) is None


class Recorder:
    def __init__(self, is_down=False):
        self.events, self.is_down = [], is_down

    def append(self, facts):
        if self.is_down:
            raise JournalDown
        self.events += [one.event for one in facts]


def signed_in(at, journal, **agents):
    """Sign in as ana, of whom the board says this."""
    board = Board(
        at_ms=0,
        scale=1,
        calls_in_flow=0,
        self_served=0,
        voicemails=0,
        refused=0,
        queues=(),
        agents=(at,),
        campaigns=(),
    )
    accounts = accounts_of("battery staple", Role.AGENT, "ana")
    client = console_of(accounts, board=lambda: board, journal=journal, agents=agents).test_client()
    client.post("/sign-in", data={"name": "ana", "password": "battery staple"}, headers=OURS)
    client.get("/agent/_dash-dependencies")
    return client


def press(action, at, journal, reservation_id="", target=None, **agents):
    """Press a button of the page as a browser would, return the answer."""
    client = signed_in(at, journal, **agents)
    clicked = [
        {"id": {"action": one.value}, "property": "n_clicks", "value": int(one is action)}
        for one in Action
    ]
    return client.post(
        "/agent/_dash-update-component",
        json={
            "output": "said.children",
            "outputs": {"id": "said", "property": "children"},
            "inputs": [clicked],
            "state": [
                {"id": "reservation", "property": "data", "value": reservation_id},
                {"id": "target", "property": "value", "value": target},
            ],
            "changedPropIds": [f'{{"action":"{action.value}"}}.n_clicks'],
        },
        headers=OURS,
    )


def test_pressing_start_appends_the_fact_for_the_signed_in_agent():
    journal = Recorder()
    assert press(Action.SIGN_IN, line("signed_out"), journal).status_code == 200
    assert journal.events == [AgentSignedIn(0, "ana")]


def test_accepting_names_the_offer_that_was_on_the_page():
    journal = Recorder()
    press(Action.ACCEPT, line(state="reserved", reservation_id="1.7"), journal, "1.7")
    assert journal.events == [OfferAccepted(0, "1.7")]


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.REJECT])
def test_nobody_answers_an_offer_to_somebody_else(action):
    journal = Recorder()
    answer = press(action, line(state="reserved", reservation_id="1.7"), journal, "1.8")
    assert journal.events == []
    assert b"not possible any more" in answer.data


@pytest.mark.parametrize(("is_task", "taken"), [(False, 0), (True, 1)])
def test_call_to_a_telephone_that_asks_for_a_key_is_taken_by_the_key_alone(is_task, taken):
    journal, at = Recorder(), line(state="reserved", reservation_id="1.7", is_task=is_task)
    assert (Action.ACCEPT in possible(at, is_confirming=True)) is is_task
    assert Action.REJECT in possible(at, is_confirming=True)
    press(Action.ACCEPT, at, journal, "1.7", confirming={"ana"})
    assert len(journal.events) == taken


def test_button_that_does_not_fit_any_more_changes_nothing():
    journal = Recorder()
    answer = press(Action.ACCEPT, line("ready"), journal, "1.7")
    assert journal.events == []
    assert b"not possible any more" in answer.data


def test_journal_that_is_down_is_told_to_the_agent():
    answer = press(Action.SIGN_IN, line("signed_out"), Recorder(is_down=True))
    assert b"Nothing has changed" in answer.data


def test_passing_on_names_the_party_that_was_chosen():
    journal = Recorder()
    at = line(state="talking", queue_id="cards")
    press(Action.TRANSFER, at, journal, target="agent:ben")
    assert journal.events == [AgentTransferredCall(0, "ana", "cards", {}, "ben")]


def test_passing_on_without_a_party_asks_for_one():
    journal = Recorder()
    answer = press(Action.CONSULT, line(state="talking", queue_id="cards"), journal)
    assert journal.events == []
    assert b"Choose first" in answer.data


def test_task_is_shown_with_what_the_customer_was_told():
    task = line(state="talking", queue_id="desk", case=CASE, is_task=True, overdue=2)

    assert headline(task) == "At work on desk"
    assert case_text(task) == "Case: voicemail, due by 01:00:00 UTC, overdue"
    assert reminder(task) == "2 cases you promised are overdue"
    assert fact(Action.SETTLE, "ana", "", CASE) == CaseResolved(0, "CS1")


def test_most_contacts_have_no_case_and_most_agents_owe_nothing():
    assert (case_text(line()), reminder(line())) == ("", "")
    assert reminder(line(overdue=1)) == "1 case you promised is overdue"
