"""Text messages: conversations opened and found again, words of consent, sending at most once."""

from datetime import UTC, datetime

import pytest
import requests
from sqlalchemy import create_engine, select
from twilio.base.exceptions import TwilioRestException

from acd.commands import CloseConversation, ConversationEnd
from acd.events import CallQueued, MessagePassed
from acd.ids import CallId, QueueId
from acd.notices import CallClosed, ContactOutcome, Direction
from cordboard.history.schema import text_messages
from cordboard.history.texts import TextHistory
from cordboard.runtime.carrier.effects import GIVE_UP_MS, Done, Try
from cordboard.runtime.carrier.farewells import Farewells
from cordboard.runtime.carrier.texts import TextSender, ToSend
from cordboard.runtime.commit import Writes
from cordboard.runtime.errands import ONLY_MESSAGE, SiteErrands, thread_of
from cordboard.runtime.law import load_rule_book
from cordboard.runtime.numbers import CallableNumbers
from cordboard.runtime.reach import ENOUGH_TODAY, NOT_MOBILE, NOT_PERMITTED, OPTED_OUT, Reach
from cordboard.runtime.sealing import Pseudonyms
from cordboard.runtime.text_caps import DAY_S, DayCap
from cordboard.runtime.text_hours import TextHours
from cordboard.runtime.text_rows import TO_SEND, TextRow
from cordboard.runtime.texting import SiteMessages
from cordboard.runtime.threads import Threads, heed_conversation_end
from dialer.compliance import Purpose
from tests.cordboard.runtime.runtime_doubles import SECRET, HandClock
from webhooks.addresses import Addresses
from webhooks.consent import consent_in, is_answered_by_carrier
from webhooks.ports import Line, TextErrand, TextMessage

CUSTOMER, LINE = "+12025550101", "+442079460100"
NAMES = Pseudonyms(SECRET)
NOON_MS = int(datetime(2026, 11, 2, 17, 0, tzinfo=UTC).timestamp() * 1_000)
"""Noon in Washington, where the customer is."""

NIGHT_MS = NOON_MS + 12 * 3_600_000
WHO = NAMES.by_number(CUSTOMER)


class Facts:
    """A journal that remembers."""

    def __init__(self):
        self.facts = {}

    def append(self, facts):
        for fact in facts:
            self.facts.setdefault(fact.natural_key, fact)

    @property
    def events(self):
        return [fact.event for fact in self.facts.values()]


class FakeCarrier:
    """The `messages` of the carrier's library; refuses or loses the answer when told."""

    def __init__(self):
        self.sent, self.problem = [], None
        self.messages = self

    def create(self, **message):
        if isinstance(self.problem, requests.ReadTimeout):
            self.sent.append(message)
        if self.problem is not None:
            raise self.problem
        self.sent.append(message)

    def list(self, **_asked):
        return []


class World:
    def __init__(self, store, client, sealer):
        self.client, self.keys = client, store.keys
        self.threads = Threads(store, sealer, client)
        self.journal, self.carrier, self.clock = Facts(), FakeCarrier(), HandClock()
        self.reach = Reach(client, store.keys, NAMES, CallableNumbers(["+1", "+44"]))
        self.opt_outs = self.reach.opt_outs
        self.now_ms = NOON_MS
        self.forbidden = set()
        self.messages = SiteMessages(
            store=store,
            threads=self.threads,
            pseudonyms=NAMES,
            reach=self.reach,
            journal=self.journal,
            lines={LINE: Line("main", "main", "texts"), "+442079460109": Line("other", "main")},
            clock=self.clock,
        )
        self.sender = TextSender(
            client=self.carrier,
            addresses=Addresses("https://cc.example.com"),
            threads=self.threads,
            to_send=ToSend(client, store.keys),
            reach=self.reach,
            hours=TextHours(load_rule_book(), Purpose.SERVICE),
            forbid=self.forbidden.update,
            wall_ms=self.clock.wall_ms,
            now_ms=lambda: self.now_ms,
        )
        self.errands = SiteErrands(
            threads=self.threads,
            reach=self.reach,
            cap=DayCap(client, store.keys, NAMES, per_number_day=2),
            pseudonyms=NAMES,
            senders={LINE: LINE},
            clock=self.clock,
        )

    def texts(self, sid, text, to=LINE):
        self.clock.now_ms += 1_000
        consent, is_answered = consent_in(text), is_answered_by_carrier(text)
        self.messages.received(
            TextMessage(sid, CUSTOMER, to, text, consent=consent, is_answered=is_answered)
        )

    def orders(self, call_id="CA1", to=CUSTOMER, text="https://bank.example/dispute"):
        self.errands.send_message(
            TextErrand(
                call_id=CallId(call_id),
                node="link",
                receiver=to,
                line_number=LINE,
                text=text,
                language="en-GB",
            )
        )
        return thread_of(CallId(call_id), "link")

    def replies(self, text, name="r1"):
        self.clock.now_ms += 1_000
        row = TextRow(name=name, at_ms=self.clock.wall_ms(), writer="ana", text=text, state=TO_SEND)
        return self.threads.keep(CallId("SM1"), WHO, row)

    def farewell(self, end):
        self.clock.now_ms += 1_000
        farewells = Farewells(self.threads, "zh-CN", self.clock.wall_ms)
        command = CloseConversation(CallId("SM1"), QueueId("texts"), end)
        assert isinstance(farewells.close(command, Try(key="1-0:0", now_ms=0)), Done)

    def closes(self, call_id):
        writes = Writes()
        outcome = CallClosed(
            0, CallId(call_id), Direction.INBOUND, None, ContactOutcome.CONNECTED, 0
        )
        heed_conversation_end([outcome], self.keys, writes)
        for command, key, arguments in writes.rows:
            self.client.execute_command(command, key, *arguments)

    def said(self, call_id="SM1"):
        return [row.text for row in self.threads.read(CallId(call_id))]

    def row(self, name="r1"):
        return self.threads.message(CallId("SM1"), name)


@pytest.fixture
def world(store, client, sealer):
    return World(store, client, sealer)


def test_first_message_opens_a_conversation_and_the_next_passes_in_it(world):
    world.texts("SM1", "my card is lost")
    world.texts("SM2", "please help me")
    opened, passed = world.journal.events
    assert opened == CallQueued(0, CallId("SM1"), QueueId("texts"), WHO, {})
    assert passed == MessagePassed(0, CallId("SM1"))
    assert world.said() == ["my card is lost", "please help me"]


def test_doubled_webhooks_change_nothing_even_after_the_end(world):
    world.texts("SM1", "hello")
    world.texts("SM2", "again")
    world.closes("SM1")
    world.texts("SM1", "hello")
    world.texts("SM2", "again")
    assert len(world.journal.events) == 2
    assert world.said() == ["hello", "again"]


def test_message_after_the_end_opens_another_conversation(world):
    world.texts("SM1", "hello")
    world.closes("SM1")
    world.texts("SM2", "one more thing")
    assert [event.call_id for event in world.journal.events] == ["SM1", "SM2"]
    assert isinstance(world.journal.events[1], CallQueued)


def test_line_without_a_queue_for_texts_takes_none(world):
    world.texts("SM1", "hello", to="+442079460109")
    assert world.journal.events == []


def test_nothing_personal_lies_open_in_the_store(world, client, store):
    world.texts("SM1", "my name is Ada")
    held = [client.hgetall(key) for key in client.scan_iter(f"*{store.site}*tx:[cm]:*")]
    assert len(held) == 2
    assert not any(word in str(held) for word in ("Ada", "2025550101"))


def test_erased_customer_leaves_nothing_to_read(world, sealer):
    world.texts("SM1", "hello")
    sealer.erase(WHO)
    assert world.said() == []
    assert world.threads.correspondent(CallId("SM1")) is None


# --- consent -----------------------------------------------------------------------------------


def test_stop_ends_texts_and_calls_and_opens_nothing(world):
    world.texts("SM1", "STOP")
    assert world.journal.events == []
    assert world.opt_outs.has(CUSTOMER)
    world.sender.send_waiting()
    assert world.forbidden == {NAMES.number_key(CUSTOMER)}
    assert world.opt_outs.new_stops() == set()


def test_agent_sees_the_stop_and_why_the_reply_was_not_sent(world):
    world.texts("SM1", "hello")
    world.texts("SM2", "退订")
    world.replies("how can I help?")
    world.sender.send_waiting()
    assert world.said() == ["hello", "退订", "how can I help?"]
    assert (world.row().state, world.row().error_code) == ("failed", OPTED_OUT)
    assert "how can I help?" not in [sent["body"] for sent in world.carrier.sent]


def test_start_lets_texts_through_again_but_not_calls(world):
    world.texts("SM1", "stop")
    world.sender.send_waiting()
    world.texts("SM2", "start")
    assert not world.opt_outs.has(CUSTOMER)
    assert world.journal.events == []
    assert world.forbidden == {NAMES.number_key(CUSTOMER)}


@pytest.mark.parametrize("word", ["退订", "TD", "拒收", "退訂", "Stop!!"])
def test_word_of_stopping_that_the_carrier_does_not_know_is_confirmed_once(world, word):
    for sid in ("SM1", "SM1", "SM2"):
        world.texts(sid, word)
        world.sender.send_waiting()
    (sent,) = world.carrier.sent
    assert "不再" in sent["body"] or "no more messages" in sent["body"]
    assert world.opt_outs.has(CUSTOMER)
    assert world.journal.events == []


def test_carriers_own_words_are_not_answered_twice(world):
    for sid, word in (("SM1", "STOP"), ("SM2", "start"), ("SM3", "HELP")):
        world.texts(sid, word)
    world.sender.send_waiting()
    assert world.carrier.sent == []
    assert world.journal.events == []


def test_confirmation_that_comes_too_late_is_not_sent(world):
    world.texts("SM1", "退订")
    world.clock.now_ms += 5 * 60_000
    world.sender.send_waiting()
    assert world.carrier.sent == []


def test_customer_who_stopped_in_chinese_starts_again_in_chinese(world):
    world.texts("SM1", "退订")
    world.texts("SM2", "开始")
    assert not world.opt_outs.has(CUSTOMER)
    world.sender.send_waiting()
    assert [sent["body"][:8] for sent in world.carrier.sent] == [
        "您将不再收到我们",
        "您将重新收到我们",
    ]
    world.texts("SM3", "开始")
    assert world.journal.events == [CallQueued(0, CallId("SM3"), QueueId("texts"), WHO, {})]


def test_help_in_chinese_is_answered_and_opens_nothing(world):
    world.texts("SM1", "帮助")
    world.sender.send_waiting()
    assert "退订" in world.carrier.sent[0]["body"]
    assert world.journal.events == []


def test_yes_is_an_ordinary_answer_of_somebody_who_never_opted_out(world):
    world.texts("SM1", "hello")
    world.texts("SM2", "yes")
    assert world.journal.events[1] == MessagePassed(0, CallId("SM1"))


# --- sending -----------------------------------------------------------------------------------


def test_reply_is_sent_once_however_often_it_is_pressed(world):
    world.texts("SM1", "hello")
    assert world.replies("how can I help?")
    assert not world.replies("how can I help?")
    world.sender.send_waiting()
    assert not world.replies("how can I help?")
    world.sender.send_waiting()
    (sent,) = world.carrier.sent
    assert (sent["to"], sent["from_"], sent["body"]) == (CUSTOMER, LINE, "how can I help?")
    assert world.row().state == "queued"


def test_reply_whose_answer_was_lost_is_never_sent_twice(world):
    world.texts("SM1", "hello")
    world.replies("how can I help?")
    world.carrier.problem = requests.ReadTimeout("no answer")
    world.sender.send_waiting()
    world.carrier.problem = None
    world.clock.now_ms += GIVE_UP_MS
    world.sender.send_waiting()
    assert len(world.carrier.sent) == 1
    assert world.row().state == "unknown"


def test_carriers_refusal_stands_beside_the_reply(world):
    world.texts("SM1", "hello")
    world.replies("how can I help?")
    world.carrier.problem = TwilioRestException(400, "/Messages", "landline", 21614)
    world.sender.send_waiting()
    assert (world.row().state, world.row().error_code) == ("failed", 21614)


def test_busy_carrier_gets_the_reply_later(world):
    world.texts("SM1", "hello")
    world.replies("how can I help?")
    world.carrier.problem = TwilioRestException(429, "/Messages", "busy", 20429)
    world.sender.send_waiting()
    world.carrier.problem = None
    world.sender.send_waiting()
    assert len(world.carrier.sent) == 1


def test_late_good_news_does_not_hide_an_error(world):
    world.texts("SM1", "hello")
    world.replies("how can I help?")
    world.messages.delivery_changed(CallId("SM1"), "r1", "undelivered", 30003)
    world.messages.delivery_changed(CallId("SM1"), "r1", "sent", 0)
    assert (world.row().state, world.row().error_code) == ("undelivered", 30003)


def test_delivery_told_before_the_request_is_answered_is_not_forgotten(world):
    world.texts("SM1", "hello")
    world.replies("how can I help?")
    world.messages.delivery_changed(CallId("SM1"), "r1", "delivered", 0)
    world.threads.change(CallId("SM1"), "r1", "queued")
    assert world.row().state == "delivered"


def test_carriers_word_of_an_opt_out_that_we_missed_counts_as_the_word_itself(world):
    world.texts("SM1", "hello")
    world.replies("how can I help?")
    world.carrier.problem = TwilioRestException(400, "/Messages", "stopped", OPTED_OUT)
    world.sender.send_waiting()
    assert world.opt_outs.has(CUSTOMER)
    world.sender.send_waiting()
    assert world.forbidden == {NAMES.number_key(CUSTOMER)}


def test_refusal_for_good_is_remembered_until_the_number_writes(world):
    world.texts("SM1", "hello")
    world.replies("how can I help?")
    world.sender.send_waiting()
    world.messages.delivery_changed(CallId("SM1"), "r1", "undelivered", 30006)
    assert world.reach.obstacle(CUSTOMER) == 30006
    world.texts("SM2", "but I do get texts")
    assert world.reach.obstacle(CUSTOMER) == 0


# --- ordered by call flows -----------------------------------------------------------------------


def test_link_ordered_by_a_flow_goes_from_the_called_number_once(world):
    for _ in range(2):
        thread = world.orders()
        world.sender.send_waiting()
    (sent,) = world.carrier.sent
    assert (sent["to"], sent["from_"]) == (CUSTOMER, LINE)
    assert sent["body"] == "https://bank.example/dispute"
    assert thread in sent["status_callback"]
    assert world.journal.events == []


def test_agent_of_the_next_conversation_finds_the_link_among_the_earlier_ones(world):
    thread = world.orders()
    world.texts("SM1", "the link does not open")
    assert world.threads.earlier(CallId("SM1")) == [thread]
    assert world.said(thread) == ["https://bank.example/dispute"]
    assert world.threads.earlier(thread) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+442079460123", NOT_MOBILE),
        ("+33199000123", NOT_PERMITTED),
        ("+19002025101", NOT_PERMITTED),
        ("anonymous", NOT_PERMITTED),
        ("", NOT_PERMITTED),
        (CUSTOMER, 0),
    ],
)
def test_what_cannot_arrive_is_known_before_it_is_offered(world, number, code):
    assert world.reach.obstacle(number) == code
    assert world.errands.takes_texts(number) is (code == 0)


def test_errand_for_a_number_that_was_keyed_in_is_kept_with_the_reason_it_was_not_sent(world):
    thread = world.orders(to="+442079460123")
    world.sender.send_waiting()
    row = world.threads.message(thread, ONLY_MESSAGE)
    assert (row.state, row.error_code) == ("failed", NOT_MOBILE)
    assert world.carrier.sent == []


def test_caller_who_opted_out_is_sent_nothing_however_it_is_ordered(world):
    world.texts("SM1", "STOP")
    assert not world.errands.takes_texts(CUSTOMER)
    world.orders()
    world.sender.send_waiting()
    assert world.carrier.sent == []


# --- no more than so many a day -------------------------------------------------------------------


def test_number_that_flows_sent_enough_today_is_offered_and_sent_no_more(world):
    for call_id in ("CA1", "CA2"):
        assert world.errands.takes_texts(CUSTOMER)
        world.orders(call_id)
    assert not world.errands.takes_texts(CUSTOMER)
    thread = world.orders("CA3")
    world.sender.send_waiting()
    row = world.threads.message(thread, ONLY_MESSAGE)
    assert (row.state, row.error_code) == ("failed", ENOUGH_TODAY)
    assert len(world.carrier.sent) == 2


def test_errand_ordered_again_counts_once(world):
    for _ in range(5):
        world.orders("CA1")
    assert world.errands.takes_texts(CUSTOMER)
    world.orders("CA2")
    world.orders("CA2")
    world.sender.send_waiting()
    assert len(world.carrier.sent) == 2


def test_number_is_sent_texts_again_a_day_later_though_more_were_ordered_meanwhile(world):
    for call_id in ("CA1", "CA2"):
        world.orders(call_id)
    for hour in range(1, 25):
        world.clock.now_ms += 3_600_000
        world.orders(f"CA-h{hour}")
    assert not world.errands.takes_texts(CUSTOMER)
    world.clock.now_ms += 1
    assert world.errands.takes_texts(CUSTOMER)


def test_one_number_uses_up_nothing_of_anothers(world):
    for call_id in ("CA1", "CA2"):
        world.orders(call_id)
    assert world.errands.takes_texts("+12025550102")


def test_replies_of_agents_are_not_counted(world):
    world.texts("SM1", "hello")
    for name in ("r1", "r2", "r3"):
        world.replies("good morning", name)
    assert world.errands.takes_texts(CUSTOMER)


def test_what_could_not_be_sent_anyway_is_not_counted(world):
    world.texts("SM1", "STOP")
    for call_id in ("CA1", "CA2", "CA3"):
        world.orders(call_id)
    world.texts("SM2", "START")
    assert world.errands.takes_texts(CUSTOMER)


def test_counts_name_no_number_and_are_forgotten_within_a_day(world):
    world.orders("CA1")
    (key,) = world.client.keys(world.keys.text_day("*"))
    assert CUSTOMER.encode() not in key
    assert 0 < world.client.ttl(key) <= DAY_S


# --- quiet hours -------------------------------------------------------------------------------


def test_answers_go_out_at_night(world):
    world.now_ms = NIGHT_MS
    world.texts("SM1", "my card is lost")
    world.replies("I have blocked it")
    world.orders()
    world.sender.send_waiting()
    assert len(world.carrier.sent) == 2


def test_what_nobody_asked_for_waits_for_the_morning_where_its_receiver_is(world):
    world.now_ms = NIGHT_MS
    world.texts("SM1", "hello")
    world.farewell(ConversationEnd.IDLE)
    world.sender.send_waiting()
    assert world.carrier.sent == []
    (_, row) = world.threads.read(CallId("SM1"))
    assert datetime.fromtimestamp(row.due_at_ms / 1_000, UTC).hour == 13  # eight in Washington
    world.now_ms = row.due_at_ms
    world.sender.send_waiting()
    assert len(world.carrier.sent) == 1


def test_answer_that_could_not_be_sent_for_an_hour_is_none_any_more(world):
    world.texts("SM1", "hello")
    world.replies("how can I help?")
    world.clock.now_ms += 3_600_000
    world.now_ms = NIGHT_MS
    world.sender.send_waiting()
    assert world.carrier.sent == []
    world.now_ms = NIGHT_MS + 9 * 3_600_000
    world.sender.send_waiting()
    assert len(world.carrier.sent) == 1


def test_farewell_is_dropped_when_the_customer_wrote_again_overnight(world):
    world.now_ms = NIGHT_MS
    world.texts("SM1", "hello")
    world.farewell(ConversationEnd.IDLE)
    world.sender.send_waiting()
    world.closes("SM1")
    world.texts("SM2", "good morning")
    world.now_ms = NIGHT_MS + 9 * 3_600_000
    world.sender.send_waiting()
    assert world.carrier.sent == []
    assert [row.state for row in world.threads.read(CallId("SM1"))] == ["received", "canceled"]


def test_goodbye_that_may_have_been_sent_is_looked_for_and_not_called_off(world):
    world.texts("SM1", "hello")
    world.farewell(ConversationEnd.IDLE)
    world.carrier.problem = requests.ReadTimeout("no answer")
    world.sender.send_waiting()
    world.closes("SM1")
    world.texts("SM2", "good morning")
    world.clock.now_ms += GIVE_UP_MS
    world.sender.send_waiting()
    assert [row.state for row in world.threads.read(CallId("SM1"))] == ["received", "unknown"]


def test_message_that_our_own_code_fails_at_does_not_silence_the_others(world):
    world.texts("SM1", "hello")
    world.replies("how can I help?", "r1")
    world.replies("are you there?", "r2")
    world.carrier.problem = KeyError("our own mistake")
    world.sender.send_waiting()
    assert world.client.scard(world.keys.texts_to_send) == 2
    world.carrier.problem = None
    world.clock.now_ms += GIVE_UP_MS
    world.sender.send_waiting()
    assert [world.row(name).state for name in ("r1", "r2")] == ["unknown", "unknown"]


# --- the end -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "count"),
    [(ConversationEnd.IDLE, 1), (ConversationEnd.UNANSWERED, 1), (ConversationEnd.CLOSED, 0)],
)
def test_centre_says_goodbye_once_where_no_agent_did(world, end, count):
    world.texts("SM1", "hello")
    for _ in range(2):
        world.farewell(end)
    world.sender.send_waiting()
    assert len(world.carrier.sent) == count


# --- history -----------------------------------------------------------------------------------


def test_history_is_told_of_every_message_and_of_no_word(world, client, store, tmp_path):
    world.texts("SM1", "my name is Ada")
    world.replies("hello Ada")
    world.sender.send_waiting()
    world.messages.delivery_changed(CallId("SM1"), "r1", "delivered", 0)
    told = str(client.xrange(store.keys.text_records))
    assert "Ada" not in told
    assert CUSTOMER not in told
    url = f"sqlite:///{tmp_path / 'history.db'}"
    history = TextHistory(url, store, client)
    history.keep()
    history.close()
    engine = create_engine(url)
    with engine.connect() as connection:
        states = select(text_messages.c.name, text_messages.c.state)
        assert dict(connection.execute(states).all()) == {"SM1": "received", "r1": "delivered"}
    engine.dispose()


def test_link_ordered_again_after_an_opt_out_stays_delivered_in_history(
    world, client, store, tmp_path
):
    thread = world.orders()
    world.sender.send_waiting()
    world.messages.delivery_changed(thread, ONLY_MESSAGE, "delivered", 0)
    world.texts("SM1", "STOP")
    world.orders()  # the same request of the carrier's, made again
    history = TextHistory(f"sqlite:///{tmp_path / 'history.sqlite'}", store, client)
    history.keep()
    history.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'history.sqlite'}")
    with engine.connect() as connection:
        kept = connection.execute(select(text_messages.c.state, text_messages.c.error_code)).all()
    engine.dispose()
    assert kept == [("delivered", 0)]
