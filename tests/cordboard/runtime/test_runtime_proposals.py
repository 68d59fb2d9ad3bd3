"""Answers that agents propose: kept, decided, put into the flow under a new version."""

from pathlib import Path

import pytest

from cordboard.runtime.proposals import ProposalError, Proposals, Wording, with_entry
from cordboard.runtime.releases import Author, Releases
from ivr.flow import read_flow
from ivr.inputs import Digits, Speech, Started
from ivr.intents import understanding_of
from ivr.interpreter import advance
from ivr.rollout import roll_back
from ivr.session import new_session

BANK = Path(__file__).parents[3] / "examples/retail-bank/flows/main.yaml"
SUE = Author("sue", "", 1_000)
QUESTION = "can I pay with my telephone"
ANSWERS = {
    "en-GB": 'Yes: add your card in the "wallet" of your telephone.',
    "zh-CN": "可以用手机付款。",
}


@pytest.fixture
def releases(store, client):
    made = Releases(store, client)
    made.publish(BANK.read_bytes(), SUE)
    made.roll_out("retail-bank", 1, 100, SUE)
    return made


@pytest.fixture
def proposals(store, releases, client):
    return Proposals(store, releases, client)


NAMES = {"en-GB": "paying by telephone", "zh-CN": "手机付款"}


def proposed(proposals, question=QUESTION, answers=None):
    return proposals.propose(
        flow="retail-bank",
        question=question,
        answers=answers or {"en-GB": ANSWERS["en-GB"]},
        agent_id="ana",
        call_id="CA1",
        at_ms=5,
    )


def approved(proposals, proposal, by="sue", **changes):
    plain = {"entry": "pay_by_phone", "question": proposal.question, "names": NAMES}
    wording = Wording(**(plain | {"answers": ANSWERS} | changes))
    return proposals.approve(proposal.proposal_id, wording, Author(by, "asked for", 2_000))


def test_proposal_waits_until_a_supervisor_decides(proposals):
    one = proposed(proposals)
    assert proposals.waiting() == [one]
    assert (one.agent_id, one.call_id, one.state) == ("ana", "CA1", "open")
    proposals.refuse(one.proposal_id, "sue")
    assert proposals.waiting() == []


def test_approved_answer_is_served_to_new_callers(proposals, releases):
    flow = approved(proposals, proposed(proposals))
    assert flow.version == 2
    assert [share.version for share in releases.all()["retail-bank"].shares] == [2]
    served = understanding_of(read_flow(releases.text("retail-bank", 2), file="bank"))
    session = new_session(call="CA2", flow=served.name, version=2, language="en-GB")
    for given in (
        Started(at_ms=0),
        Digits(at_ms=0, digits="1"),
        Digits(at_ms=0, digits="5"),
        Speech(at_ms=0, text="Can I pay with my telephone?"),
    ):
        session, steps = advance(served, session, given)
    assert session.data["answer"] == "pay_by_phone"
    assert "wallet" in steps[-1].prompts[0].text


def test_author_of_an_answer_stands_in_the_log_and_rollback_takes_it_away(proposals, releases):
    approved(proposals, proposed(proposals), by="tom")
    assert releases.log()[-1].author.by == "tom"
    back = releases.change("retail-bank", roll_back, "rolled back", 0, SUE)
    assert [share.version for share in back.shares] == [1]


def test_trial_goes_on_while_an_answer_is_added(proposals, releases):
    text = BANK.read_bytes().replace(b"\nversion: 1", b"\nversion: 2")
    releases.publish(text, SUE)
    releases.roll_out("retail-bank", 2, 30, SUE)
    approved(proposals, proposed(proposals))
    shares = {one.version: one.percent for one in releases.all()["retail-bank"].shares}
    assert shares == {3: 70, 2: 30}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"entry": "branch_hours"}, "there is an answer 'branch_hours' already"),
        ({"entry": "Pay!"}, "is no name"),
        ({"answers": {"en-GB": "Yes."}}, "missing-language"),
        ({"answers": {"en-GB": "Yes {account_balance}.", "zh-CN": "是"}}, "unknown-value"),
    ],
)
def test_answer_that_would_spoil_the_flow_is_refused_and_nothing_changes(
    proposals, releases, changes, problem
):
    one = proposed(proposals)
    with pytest.raises(ProposalError, match=problem):
        approved(proposals, one, **changes)
    assert proposals.waiting() == [one]
    assert releases.versions("retail-bank") == [1]


def test_decision_is_made_once(proposals):
    one = proposed(proposals)
    approved(proposals, one)
    with pytest.raises(ProposalError, match="decided about this proposal already"):
        proposals.refuse(one.proposal_id, "tom")


@pytest.mark.parametrize(
    ("question", "answers", "problem"),
    [
        ("  ", {"en-GB": "Yes."}, "write the question"),
        (QUESTION, {"en-GB": " "}, "write the question"),
        (QUESTION, {"en-GB": "x" * 1_001}, "1000 characters"),
    ],
)
def test_proposal_that_says_nothing_or_too_much_is_refused(proposals, question, answers, problem):
    with pytest.raises(ProposalError, match=problem):
        proposed(proposals, question, answers)


@pytest.mark.parametrize(
    "said", ['a "quoted" word: yes', "line\nbreak", "{}", "# no comment", "a'b\\"]
)
def test_hostile_text_stays_text(said):
    told = {"en-GB": said, "zh-CN": said}
    wording = Wording(entry="new", question=said, names=told, answers=told)
    after = read_flow(with_entry(BANK.read_bytes(), 2, wording), file="f")
    assert after.document.answers["new"].answer == {name: said.strip() for name in told}
    assert after.document.answers["new"].questions == [said]
    assert (
        len(after.document.answers)
        == len(read_flow(BANK.read_bytes(), file="f").document.answers) + 1
    )
