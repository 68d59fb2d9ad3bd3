"""Text messages through the whole centre: real store, webhooks, worker and carrier stand-in."""

import pytest

from acd.events import ConversationEnded, OfferAccepted
from acd.ids import AgentId, CallId, QueueId
from cordboard.runtime.board import agent_line
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.composition import reach_of, threads_of
from cordboard.runtime.errands import thread_of
from cordboard.runtime.readmodel import read_board
from cordboard.runtime.text_desk import Party, TextDesk, TextRefusedError
from simulator.carrier.people.manners import Caller, Manner, Reaction
from tests.cordboard.runtime.live_site import OUR_NUMBER, LiveSite
from tests.ivr.flow_texts import EXAMPLE

CUSTOMER = "+12025550101"
BRITISH = "+442079460123"
"""Of the time zone of the tests' morning: in Washington it is still night."""

LINK = """
name: main
version: 1
start: link
person: sales
misses: 1
turns_max: 10
languages: {en-GB: {hear: en-GB}}
nodes:
  sales: {kind: queue, queue: sales, prompt: {en-GB: One moment.}}
  link:
    kind: message
    text: {en-GB: "Your form: https://bank.example/form"}
    next: sent
    no_number: no_text
  sent: {kind: hang_up, outcome: self_served, prompt: {en-GB: It is on its way.}}
  no_text: {kind: hang_up, outcome: refused, prompt: {en-GB: We cannot write to you.}}
"""
CALL = Caller(from_number=CUSTOMER, to_number=OUR_NUMBER, manner=Manner(lingers_s=5.0))


class Texter:
    """A customer with a phone, and Ana at her desk."""

    def __init__(self, live, customer=CUSTOMER):
        self.live = live
        self.customer = customer
        self.desk = TextDesk(
            threads_of(live.site),
            reach_of(live.site),
            live.journal,
            LiveClock(),
            queues=["texts"],
            agents=["ana", "ben"],
        )

    def writes(self, text):
        with self.live.carrier.timeline.held():
            return self.live.carrier.exchange.texting.receive(self.customer, OUR_NUMBER, text)

    def got(self):
        with self.live.carrier.timeline.held():
            messages = self.live.carrier.exchange.texting.all()
            return [one.body for one in messages if one.to == self.customer]

    def conversations(self, agent="ana"):
        line = agent_line(read_board(self.live.client, self.live.store.keys), agent)
        return line.conversations if line else ()

    def offered(self, agent="ana"):
        return [one for one in self.conversations(agent) if not one.is_open and one.reservation_id]

    def talking(self, agent="ana"):
        return [one for one in self.conversations(agent) if one.is_open]

    def taken(self, agent="ana"):
        """Let an agent take the conversation they are offered; return its id."""
        self.live.wait_until(lambda: bool(self.offered(agent)))
        self.live.append(OfferAccepted(0, self.offered(agent)[0].reservation_id))
        self.live.wait_until(lambda: bool(self.talking(agent)))
        return CallId(self.talking(agent)[0].call_id)

    def said(self, call_id):
        return [row.text for row in self.desk.read(call_id).rows]

    def state(self, call_id, name):
        return next(row for row in self.desk.read(call_id).rows if row.name == name)


def test_customer_writes_agent_replies_and_closes(store, tmp_path):
    with LiveSite(store, tmp_path, has_texts=True) as live:
        live.start_ready_worker()
        live.sign_in("ana")
        texter = Texter(live)
        texter.writes("my card is lost")
        call_id = texter.taken()
        for _ in range(2):  # a doubled click
            texter.desk.reply(AgentId("ana"), call_id, "r1", "which card?")
        live.wait_until(lambda: texter.state(call_id, "r1").state == "delivered")
        texter.writes("the blue one")
        live.wait_until(lambda: len(texter.desk.read(call_id).rows) == 3)
        assert sorted(texter.said(call_id)) == ["my card is lost", "the blue one", "which card?"]
        live.append(ConversationEnded(0, AgentId("ana"), call_id))
        live.wait_until(lambda: sum(live.closed().values()) == 1)
        live.wait_until(live.outbox_is_empty)
        assert texter.got() == ["which card?"]
        live.stop_workers()
        live.check_replay()


def test_stop_in_the_middle_silences_us_and_idleness_ends_it_without_a_word(store, tmp_path):
    with LiveSite(store, tmp_path, has_texts=True, idle_s=120) as live:
        live.start_ready_worker()
        live.sign_in("ana")
        texter = Texter(live)
        texter.writes("hello")
        call_id = texter.taken()
        texter.writes("STOP")
        live.wait_until(lambda: "STOP" in texter.said(call_id))
        texter.desk.reply(AgentId("ana"), call_id, "r1", "one more offer")
        live.wait_until(lambda: texter.state(call_id, "r1").error_code == 21610)
        live.wait_until(lambda: sum(live.closed().values()) == 1)
        live.wait_until(lambda: live.client.scard(store.keys.texts_to_send) == 0)
        assert texter.got() == []


def test_caller_is_sent_the_link_that_the_flow_promises(store, tmp_path):
    with LiveSite(store, tmp_path, has_texts=True, flow=LINK) as live:
        live.start_ready_worker()
        texter = Texter(live)
        live.call(CALL)
        live.wait_until(lambda: live.closed() == {"self_served": 1})
        live.wait_until(lambda: texter.got() == ["Your form: https://bank.example/form"])
        with live.carrier.timeline.held():
            (message,) = live.carrier.exchange.texting.all()
            (call,) = [one for one in live.carrier.exchange.calls.values() if one.to == OUR_NUMBER]
        assert message.from_ == OUR_NUMBER
        thread = thread_of(CallId(call.sid), "link")
        live.wait_until(lambda: texter.state(thread, "m1").state == "delivered")


DISPUTE = (
    ("for english", "1"),
    ("lost or stolen card", "3"),
    ("dispute a payment press 1", "1"),
    ("that is all", "1"),
    ("as a text message press 1", "1"),
)
"""The way to the form for disputes in the example bank."""


def test_caller_of_the_example_bank_gets_the_form_for_disputes(store, tmp_path):
    with LiveSite(store, tmp_path, has_texts=True, flow=EXAMPLE.read_text()) as live:
        live.start_ready_worker()
        texter = Texter(live)
        keys = tuple(Reaction(when=heard, key=key) for heard, key in DISPUTE)
        manner = Manner(reactions=keys, lingers_s=5.0)
        live.call(Caller(from_number=CUSTOMER, to_number=OUR_NUMBER, manner=manner))
        live.wait_until(lambda: live.closed() == {"self_served": 1})
        live.wait_until(lambda: len(texter.got()) == 1)
        assert "https://bank.example/dispute" in texter.got()[0]


def test_caller_who_wrote_stop_hears_at_once_that_no_link_comes(store, tmp_path):
    with LiveSite(store, tmp_path, has_texts=True, flow=LINK) as live:
        live.start_ready_worker()
        texter = Texter(live)
        texter.writes("STOP")
        live.wait_until(lambda: live.client.hlen(store.keys.text_opt_outs) == 1)
        live.call(CALL)
        live.wait_until(lambda: live.closed() == {"refused": 1})
        assert texter.got() == []


def test_number_that_took_no_text_is_not_promised_one_again(store, tmp_path):
    errors = {CUSTOMER: 21614}
    with LiveSite(store, tmp_path, has_texts=True, flow=LINK, text_errors=errors) as live:
        live.start_ready_worker()
        live.call(CALL)
        live.wait_until(lambda: live.closed() == {"self_served": 1})
        live.wait_until(lambda: live.client.scard(store.keys.texts_to_send) == 0)
        live.call(CALL)
        live.wait_until(lambda: live.closed() == {"self_served": 1, "refused": 1})


def test_colleague_gets_the_conversation_with_everything_that_was_said(store, tmp_path):
    with LiveSite(store, tmp_path, has_texts=True) as live:
        live.start_ready_worker()
        live.sign_in("ana")
        texter = Texter(live)
        texter.writes("my card is lost")
        call_id = texter.taken()
        texter.desk.reply(AgentId("ana"), call_id, "r1", "which card?")
        live.wait_until(lambda: texter.got() == ["which card?"])
        live.sign_in("ben")
        ben = Party(agent_id=AgentId("ben"))
        note = "the blue one was blocked last week"
        texter.desk.pass_on(AgentId("ana"), call_id, ben, queue_id=QueueId("texts"), note=note)
        live.wait_until(lambda: texter.conversations() == ())
        texter.writes("the blue one")
        assert texter.taken("ben") == call_id
        live.wait_until(lambda: len(texter.said(call_id)) == 4)
        assert sorted(texter.said(call_id)) == sorted(
            ["my card is lost", "which card?", note, "the blue one"]
        )
        texter.desk.reply(AgentId("ben"), call_id, "r2", "it is blocked now")
        live.wait_until(lambda: texter.got() == ["which card?", "it is blocked now"])


def test_reply_that_the_carrier_could_not_deliver_says_so_and_is_sent_again(store, tmp_path):
    errors = {CUSTOMER: 30003}
    with LiveSite(store, tmp_path, has_texts=True, text_errors=errors) as live:
        live.start_ready_worker()
        live.sign_in("ana")
        texter = Texter(live)
        texter.writes("hello")
        call_id = texter.taken()
        texter.desk.reply(AgentId("ana"), call_id, "r1", "which card?")
        live.wait_until(lambda: texter.state(call_id, "r1").state == "undelivered")
        assert texter.state(call_id, "r1").error_code == 30003
        with live.carrier.timeline.held():
            live.carrier.exchange.texting.errors = {}
        texter.desk.send_again(AgentId("ana"), call_id, "r1")
        live.wait_until(lambda: texter.state(call_id, "r1-again1").state == "delivered")
        with pytest.raises(TextRefusedError):
            texter.desk.send_again(AgentId("ana"), call_id, "r1")


def test_conversation_goes_idle_while_the_worker_is_dead_and_still_ends_once(store, tmp_path):
    with LiveSite(store, tmp_path, has_texts=True, idle_s=60) as live:
        worker = live.start_ready_worker()
        live.sign_in("ana")
        texter = Texter(live, BRITISH)
        texter.writes("hello")
        texter.taken()
        worker.kill()
        worker.wait()
        live.start_ready_worker()
        live.wait_until(lambda: sum(live.closed().values()) == 1)
        live.wait_until(lambda: len(texter.got()) == 1)
        live.wait_until(live.outbox_is_empty)
        assert texter.conversations() == ()
        texter.writes("are you there?")
        assert len({texter.taken(), *store_threads(live)}) == 2
        assert len(texter.got()) == 1


def store_threads(live):
    """The conversations that the store knows, by their names."""
    prefix = live.store.keys.thread(CallId(""))
    return {key.decode().removeprefix(prefix) for key in live.client.scan_iter(f"{prefix}*")}


def test_idle_conversation_ends_with_a_word(store, tmp_path):
    with LiveSite(store, tmp_path, has_texts=True, idle_s=60) as live:
        live.start_ready_worker()
        live.sign_in("ana")
        texter = Texter(live, BRITISH)
        texter.writes("hello")
        texter.taken()
        live.wait_until(lambda: len(texter.got()) == 1)
        assert "close this conversation" in texter.got()[0]
