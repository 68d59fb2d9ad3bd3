"""Written conversations on the agent's page: buttons, facts, and what is told of a reply."""

import pytest

from acd.channels import Channel
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentSignedIn,
    AgentWentReady,
    CallQueued,
    ConversationEnded,
    OfferAccepted,
    OfferRejected,
)
from cordboard.console.accounts import Role
from cordboard.console.agent.conversations import check_is_there, choices, fact, party_of
from cordboard.console.agent.thread import thread_view, told
from cordboard.runtime.board import ConversationLine, agent_line, decode, encode
from cordboard.runtime.text_desk import Party, TextDesk, TextRefusedError, Thread
from cordboard.runtime.text_rows import NOTE, TO_SEND, TextRow
from cordboard.runtime.wallboard import Wallboard
from dialer.config import CentreConfig
from tests.cordboard.console.console_doubles import accounts_of, console_of

OFFERED = ConversationLine(call_id="SM1", queue_id="texts", is_open=False, reservation_id="1.1")
OPEN = ConversationLine(call_id="SM2", queue_id="texts", is_open=True)


@pytest.mark.parametrize(
    ("button", "line", "event"),
    [
        ("text-accept", OFFERED, OfferAccepted(0, "1.1")),
        ("text-reject", OFFERED, OfferRejected(0, "1.1")),
        ("text-close", OPEN, ConversationEnded(0, "ana", "SM2")),
        ("text-close", OFFERED, None),
        ("text-accept", OPEN, None),
        ("text-send", OPEN, None),
    ],
)
def test_button_is_a_fact_only_where_it_fits(button, line, event):
    assert fact(button, "ana", line) == event


def test_list_tells_offers_from_conversations():
    labels = [choice["label"] for choice in choices([OFFERED, OPEN])]
    assert labels == ["1. texts (offered)", "2. texts"]


def row(**changes):
    return TextRow(**({"name": "r1", "at_ms": 0, "writer": "ana", "text": "hello"} | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"error_code": 21614}, "Not delivered: the number cannot receive messages."),
        ({"state": "unknown"}, "not known whether"),
        ({"state": "delivered"}, "Delivered"),
        ({"state": "queued"}, "With the carrier"),
        ({"state": TO_SEND, "due_at_ms": 9 * 3_600_000}, "Waits until 09:00 UTC"),
        ({"state": NOTE}, ""),
        ({"state": "received", "writer": ""}, ""),
    ],
)
def test_agent_reads_what_became_of_a_message(changes, words):
    assert words in told(row(**changes))


def test_thread_shows_notes_pictures_and_what_came_before():
    shown = str(
        thread_view(
            Thread(
                earlier=[row(writer="flow", text="your link")],
                rows=[row(writer="", text="hi", media_count=2), row(state=NOTE, text="be quick")],
                obstacle=21610,
            ),
            can_write=True,
        )
    )
    for words in ("hi [2 attached]", "Note of ana", "1 earlier message", "Call flow", "no more"):
        assert words in shown


@pytest.mark.parametrize(
    ("code", "can_write", "is_offered"),
    [(30003, True, True), (30003, False, False), (21614, True, False)],
)
def test_button_to_send_again_is_there_only_where_it_can_help(code, can_write, is_offered):
    view = thread_view(Thread(rows=[row(error_code=code)]), can_write=can_write)
    assert ("Send again" in str(view)) is is_offered


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("queue:letters", Party(queue_id="letters")),
        ("agent:ben", Party(agent_id="ben")),
        (None, Party()),
        ("nonsense", Party()),
    ],
)
def test_party_is_read_again_when_it_comes_from_the_browser(text, party):
    assert party_of(text) == party


def test_nobody_passes_a_conversation_on_to_a_colleague_who_is_signed_out():
    config = AcdConfig(
        queues=(QueueConfig(queue_id="texts", channel=Channel.MESSAGE),),
        agents=(AgentConfig(agent_id="ben"), AgentConfig(agent_id="cy")),
    )
    centre, wall = Engine(config), Wallboard(CentreConfig(acd=config, campaigns=()), "UTC", 1)
    centre.handle(AgentSignedIn(1, "cy"))
    wall.heed(1, centre.notices)
    board = decode(encode(wall.board(2)))
    with pytest.raises(TextRefusedError, match="ben is signed out"):
        check_is_there(Party(agent_id="ben"), board)
    for party in (Party(agent_id="cy"), Party(queue_id="letters"), Party()):
        check_is_there(party, board)
    check_is_there(Party(agent_id="ben"), None)


def test_wallboard_shows_an_agents_offers_and_conversations_beside_their_calls():
    config = AcdConfig(
        queues=(QueueConfig(queue_id="texts", channel=Channel.MESSAGE),),
        agents=(AgentConfig(agent_id="ana", messages_max=2),),
    )
    centre, wall = Engine(config), Wallboard(CentreConfig(acd=config, campaigns=()), "UTC", 1)

    def tell(*events):
        for event in events:
            centre.handle(event)
            wall.heed(event.at_ms, centre.notices)
        wall.restore(wall.to_plain())
        return agent_line(decode(encode(wall.board(events[-1].at_ms))), "ana")

    line = tell(
        AgentSignedIn(1, "ana"), AgentWentReady(1, "ana"), CallQueued(2, "SM1", "texts", "k", {})
    )
    (offer,) = line.conversations
    assert (offer.call_id, offer.queue_id, offer.is_open) == ("SM1", "texts", False)
    assert line.reservation_id == ""
    (talk,) = tell(OfferAccepted(3, offer.reservation_id)).conversations
    assert (talk.is_open, talk.reservation_id) == (True, "")
    assert tell(ConversationEnded(4, "ana", "SM1")).conversations == ()


@pytest.mark.parametrize(
    ("texts", "is_there"), [(TextDesk(None, None, None, None), True), (None, False)]
)
def test_page_has_the_panel_only_where_a_line_takes_texts(texts, is_there):
    accounts = accounts_of("battery staple", Role.AGENT, "ana")
    client = console_of(accounts, agents={"texts": texts}).test_client()
    ours = {"Sec-Fetch-Site": "same-origin"}
    client.post("/sign-in", data={"name": "ana", "password": "battery staple"}, headers=ours)
    assert ("text-send" in client.get("/agent/_dash-layout").text) is is_there
