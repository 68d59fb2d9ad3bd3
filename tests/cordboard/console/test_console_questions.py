"""The agent's view of what was told, and the supervisor's page on what callers ask."""

import json
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, insert

from cordboard.console.accounts import Role
from cordboard.console.agent.story import story_view
from cordboard.console.knowledge.desk import KnowledgeDesk
from cordboard.console.knowledge.layout import knowledge_view, proposal_form, wording_of
from cordboard.console.knowledge.page import decision
from cordboard.history.schema import flow_calls, metadata, progress
from cordboard.history.topics import DAY_MS, HOUR_MS
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.proposals import Proposals
from cordboard.runtime.releases import Author, Releases
from cordboard.runtime.sealing import Sealer
from cordboard.runtime.sessions import unanswered_label
from ivr.session import TrailEntry
from tests.cordboard.console.console_doubles import accounts_of, console_of
from tests.cordboard.runtime.test_runtime_proposals import ANSWERS, BANK, NAMES
from webhooks.attestation import MEANINGS
from webhooks.told import Story

OURS = {"Sec-Fetch-Site": "same-origin"}
SECRET = "a secret of thirty-two characters"
NOW_MS = 1_795_600_800_000  # a Wednesday, 10:00 in London


def words(component):
    return json.dumps(
        component.to_plotly_json(), default=lambda part: part.to_plotly_json(), ensure_ascii=False
    )


# --- the story -------------------------------------------------------------------------------


def story(**data):
    trail = (
        TrailEntry(NOW_MS, "wish", "said", "my card is gone"),
        TrailEntry(NOW_MS, "pin", "keyed", "••••"),
        TrailEntry(NOW_MS, "wish", "intent", "lost_card"),
    )
    return Story("bank", 2, "en-GB", trail, {"intent": "lost_card", **data})


def test_agent_reads_wish_values_and_way():
    shown = words(story_view(story(account="12345674", reason="my card is gone")))
    for told in ("Wants: lost card", "12345674", "my card is gone", "keyed ••••", "10:00:00"):
        assert told in shown


@pytest.mark.parametrize(("grade", "meaning"), MEANINGS.items())
def test_agent_reads_who_vouches_for_the_number_and_what_it_means(grade, meaning):
    told = {"caller.number": "+12125550142", "caller.attestation": grade}
    shown = words(story_view(story(**told)))
    assert f"Number: {grade}" in shown
    assert meaning in shown
    assert "does not say who is speaking" in shown


def test_nothing_is_said_of_a_number_that_was_not_told():
    assert "Number:" not in words(story_view(story(**{"caller.attestation": "none"})))
    assert "Number:" not in words(story_view(story(**{"caller.number": "+12125550142"})))


def test_bookkeeping_of_the_flow_is_not_shown():
    shown = words(story_view(story(**{"split.side": "zebra", "answer.hours": "helped"})))
    assert "zebra" not in shown
    assert "hours" not in shown


def test_call_without_a_story_shows_nothing():
    assert story_view(None) is None


# --- what callers ask ------------------------------------------------------------------------


def keep(connection, sealer, *, intent, ago_ms, index, said=""):
    call_id = f"CA{ago_ms}.{intent}.{index}"
    sealed = sealer.seal("cu-1", unanswered_label(call_id), {"0": said}) if said else ""
    row = {"call_id": call_id, "customer_id": "cu-1", "flow": "retail-bank", "version": 1}
    row |= {"at_ms": NOW_MS - ago_ms, "language": "en-GB", "intent": intent, "outcome": "queued"}
    connection.execute(
        insert(flow_calls).values(row | {"turns": 2, "unanswered": 0, "sealed": sealed})
    )


@pytest.fixture
def desk(store, tmp_path):
    sealer, releases = Sealer(store, SECRET), Releases(store)
    releases.publish(BANK.read_bytes(), Author("sue", "", 0))
    releases.roll_out("retail-bank", 1, 100, Author("sue", "", 0))
    url = f"sqlite:///{tmp_path / 'history.db'}"
    engine = create_engine(url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        for day in range(1, 8):
            keep(
                connection, sealer, intent="lost_card", ago_ms=day * DAY_MS + HOUR_MS // 2, index=0
            )
        for index in range(20):
            keep(connection, sealer, intent="lost_card", ago_ms=HOUR_MS // 2, index=index)
        for index in range(2):
            said = "Do you sell pizza? My number is 12345674."
            keep(connection, sealer, intent="", ago_ms=index, index=index, said=said)
        connection.execute(insert(progress).values(site="x", cursor="0-0", at_ms=0, state=b""))
    engine.dispose()
    return KnowledgeDesk(
        history_url=url,
        releases=releases,
        proposals=Proposals(store, releases),
        sealer=sealer,
        zone=ZoneInfo("Europe/London"),
        clock=LiveClock(),
    )


def propose(desk):
    return desk.proposals.propose(
        flow="retail-bank",
        question="How do I pay with my telephone?",
        answers={"en-GB": "Use the wallet."},
        agent_id="ana",
        call_id="CA1",
        at_ms=NOW_MS,
    )


def test_surge_is_shown_with_a_message_for_the_front_in_each_language(desk):
    shown = words(knowledge_view(desk.flows()))
    assert "Surge: lost card" in shown
    assert "20 callers in the last hour, 1.0 are usual" in shown
    assert "calling about a lost or stolen card just now" in shown
    assert "银行卡挂失" in shown


def test_questions_nobody_could_answer_are_listed_without_their_numbers(desk):
    (known,) = desk.flows()
    assert [(one.text, one.count) for one in known.unanswered] == [
        ("do you sell pizza my number is •••", 2)
    ]


def test_questions_of_an_erased_caller_are_gone(desk):
    desk.sealer.erase("cu-1")
    assert desk.flows()[0].unanswered == ()


def test_answers_that_help_least_come_first(desk):
    (known,) = desk.flows()
    assert len(known.answers) == 5
    assert "branch hours" in words(knowledge_view([known]))


def test_nothing_known_is_said_in_words():
    assert "gone through a published flow" in words(knowledge_view([]))


def test_form_offers_every_language_and_a_name(desk):
    one = propose(desk)
    (known,) = desk.flows(is_fresh=True)
    shown = words(proposal_form(known, one))
    for told in ("pay_with_telephone", "Use the wallet.", "Answer in zh-CN", "Proposed by ana"):
        assert told in shown


def fields(**changes):
    plain = {"entry": "pay_by_phone", "question": "How do I pay with my telephone?"}
    plain |= {f"name {language}": text for language, text in NAMES.items()}
    return plain | {f"answer {language}": text for language, text in ANSWERS.items()} | changes


def test_form_is_read_by_language():
    wording = wording_of(fields())
    assert (wording.names, wording.answers) == (NAMES, ANSWERS)


def test_supervisor_approves_and_is_told_the_version(desk):
    said = decision(desk, "approve", propose(desk).proposal_id, fields(), "sue")
    assert said == "Approved: callers hear it with version 2 of retail-bank."
    assert desk.releases.log()[-1].author.by == "sue"


def test_supervisor_is_told_what_has_to_be_mended(desk):
    one = propose(desk)
    said = decision(desk, "approve", one.proposal_id, fields(**{"answer zh-CN": ""}), "sue")
    assert said.startswith("Not approved: ")
    assert "is not written in zh-CN" in said
    assert desk.proposals.waiting() == [one]


def test_supervisor_refuses(desk):
    assert decision(desk, "refuse", propose(desk).proposal_id, {}, "sue") == "Refused."
    assert desk.proposals.waiting() == []


@pytest.mark.parametrize(
    ("name", "role", "status"), [("sue", Role.SUPERVISOR, 200), ("ana", Role.AGENT, 403)]
)
def test_page_is_for_supervisors(desk, name, role, status):
    accounts = accounts_of("correct horse", role, name)
    client = console_of(accounts, knowledge=desk).test_client()
    client.post("/sign-in", data={"name": name, "password": "correct horse"}, headers=OURS)
    assert client.get("/knowledge/").status_code == status
