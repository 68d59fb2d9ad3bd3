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
from cordboard.console.agent.conversations import choices, fact, thread_view, told
from cordboard.runtime.board import ConversationLine, agent_line, decode, encode
from cordboard.runtime.threads import TextRow
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


def test_agent_reads_why_a_reply_did_not_arrive():
    assert told(row(error_code=21614)) == "Not delivered: the number cannot receive messages"
    assert "not known" in told(row(state="unknown"))
    assert told(row(state="delivered")) == ""
    assert "Customer: hi [2 attached]" in str(
        thread_view([row(writer="", text="hi", media_count=2)])
    )


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


class NoTexts:
    def read(self, call_id):
        return []


@pytest.mark.parametrize(("texts", "is_there"), [(NoTexts(), True), (None, False)])
def test_page_has_the_panel_only_where_a_line_takes_texts(texts, is_there):
    accounts = accounts_of("battery staple", Role.AGENT, "ana")
    client = console_of(accounts, agents={"texts": texts}).test_client()
    ours = {"Sec-Fetch-Site": "same-origin"}
    client.post("/sign-in", data={"name": "ana", "password": "battery staple"}, headers=ours)
    assert ("text-send" in client.get("/agent/_dash-layout").text) is is_there
