"""What is known of customers when they call, and questions asked while they listen."""

import threading

import pytest

from acd.ids import CallId, CustomerId
from acd.notices import CallbackEnded, CallbackPromised, CallOpened, CaseChanged, Direction
from cordboard.runtime.callers import RETURNING_MS, FactError, RedisCallers
from cordboard.runtime.commit import Writes
from cordboard.runtime.connection import Store
from cordboard.runtime.dips import RedisDips
from cordboard.runtime.owed import Owed
from cordboard.runtime.sealing import DayBox
from ivr.steps import FetchData
from tests.cordboard.runtime.runtime_doubles import SECRET
from webhooks.ports import DataUnavailable

SUE = CustomerId("cu-sue")
CALL, TOKEN = CallId("CA1"), "3-9~x"
QUESTION = FetchData("POST", "https://crm.example.com/x", {"pin": "4711"}, 3_000)


@pytest.fixture
def callers(store, client):
    return RedisCallers(store, client)


def test_stranger_is_not_returning_and_nothing_else_is_known(callers):
    assert callers.facts(SUE, 0) == {"returning": "false"}


def test_facts_of_the_record_are_told_and_taken_back(callers):
    callers.tell(SUE, {"segment": "gold", "case.state": "being looked into"})
    assert callers.facts(SUE, 0)["case.state"] == "being looked into"
    callers.tell(SUE, {"case.state": ""})
    assert callers.facts(SUE, 0) == {"segment": "gold", "returning": "false"}


@pytest.mark.parametrize(
    "name", ["verified", "attestation", "number", "Segment", "a b", "", "returning"]
)
def test_name_that_is_ours_or_none_is_refused(callers, name):
    with pytest.raises(FactError, match="cannot name a fact"):
        callers.tell(SUE, {name: "true"})


def test_text_nobody_could_say_is_refused(callers):
    with pytest.raises(FactError, match="500 is the most"):
        callers.tell(SUE, {"note": "x" * 501})


def test_caller_within_the_hour_is_returning(callers, client, store):
    client.hset(store.keys.customer(SUE), "last_at_ms", "1000000")
    soon = callers.facts(SUE, 1_000_000 + 5 * 60_000)
    assert (soon["returning"], soon["returning_minutes"]) == ("true", "5")
    assert "last_at_ms" not in soon
    assert callers.facts(SUE, 1_000_001 + RETURNING_MS)["returning"] == "false"


def test_forgotten_customer_is_a_stranger(callers):
    callers.tell(SUE, {"segment": "gold"})
    callers.forget(SUE)
    assert callers.facts(SUE, 0) == {"returning": "false"}


def test_store_in_trouble_knows_nothing_and_refuses_nobody():
    assert RedisCallers(Store("redis://127.0.0.1:1", "nowhere")).facts(SUE, 0) == {}


# --- callbacks that are owed -----------------------------------------------------------------


def carry_out(client, writes):
    for command, key, arguments in writes.rows:
        client.execute_command(command, key, *arguments)


def promised(call_id="7.1"):
    return [
        CallOpened(1, CallId(call_id), Direction.OUTBOUND, SUE),
        CallbackPromised(1, CallId(call_id), CallId("CA0"), "cards", 0),
    ]


def test_owed_callback_is_known_until_it_is_kept(store, client, callers):
    owed, writes = Owed(store.keys), Writes()
    owed.heed(promised(), writes)
    carry_out(client, writes)
    assert callers.facts(SUE, 0) == {
        "returning": "false",
        "callback": "owed",
        "callback.queue": "cards",
    }
    writes = Writes()
    owed.heed(
        [CallbackEnded(2, CallId("7.1"), "cards", is_kept=True, attempts=1, wait_ms=1)], writes
    )
    carry_out(client, writes)
    assert "callback" not in callers.facts(SUE, 0)


def test_new_term_publishes_what_is_owed_anew(store, client, callers):
    owed = Owed(store.keys)
    owed.heed(promised(), Writes())
    restored, writes = Owed(store.keys), Writes()
    restored.restore(owed.to_plain())
    restored.publish_all(writes)
    carry_out(client, writes)
    assert callers.facts(SUE, 0)["callback"] == "owed"


def test_one_of_two_callbacks_kept_leaves_the_other(store, client, callers):
    owed, writes = Owed(store.keys), Writes()
    owed.heed(promised("7.1"), writes)
    owed.heed(promised("7.2"), writes)
    owed.heed(
        [CallbackEnded(2, CallId("7.2"), "cards", is_kept=True, attempts=1, wait_ms=1)], writes
    )
    carry_out(client, writes)
    assert callers.facts(SUE, 0)["callback"] == "owed"


HOUR_MS = 3_600_000


def case(state, case_id="k1", due_at_ms=10 * HOUR_MS):
    return CaseChanged(
        at_ms=1,
        case_id=case_id,
        customer_id=SUE,
        queue_id="cards",
        category="new card",
        state=state,
        due_at_ms=due_at_ms,
        agent_id=None,
        call_id=None,
        origin_id=None,
        reopened_count=0,
    )


def test_open_case_is_known_with_the_hours_until_it_is_due(store, client, callers):
    owed, writes = Owed(store.keys), Writes()
    owed.heed([case("open"), case("in_work")], writes)
    carry_out(client, writes)
    known = callers.facts(SUE, 7 * HOUR_MS + 1)
    assert known["case.state"] == "in work"
    assert (known["case.category"], known["case.due_hours"]) == ("new card", "3")
    assert callers.facts(SUE, 11 * HOUR_MS)["case.due_hours"] == "0"
    restored, writes = Owed(store.keys), Writes()
    restored.restore(owed.to_plain())
    restored.heed([case("settled")], writes)
    carry_out(client, writes)
    assert "case.state" not in callers.facts(SUE, 0)


# --- questions asked while the caller listens ------------------------------------------------


class Slow:
    """Another system that answers when it is let."""

    def __init__(self, answer=None, problem=""):
        self.answer, self.problem = answer or {}, problem
        self.asked = []
        self.may_answer = threading.Event()

    def fetch(self, question):
        self.asked.append(question)
        self.may_answer.wait(10)
        if self.problem:
            raise DataUnavailable(self.problem)
        return self.answer


def dips(store, data, **options):
    return RedisDips(store, data, DayBox(SECRET, "dips"), store.client(timeout_s=5.0), **options)


def test_question_is_asked_at_once_and_its_answer_collected_by_another_process(store):
    crm = Slow({"case.state": "open", "balance": 12.5})
    dips(store, crm).begin(CALL, TOKEN, QUESTION)
    crm.may_answer.set()
    elsewhere = Slow()
    assert dips(store, elsewhere).collect(CALL, TOKEN, QUESTION) == crm.answer
    assert (len(crm.asked), elsewhere.asked) == (1, [])


def test_same_question_is_asked_once_however_often_it_begins(store):
    crm = Slow({"a": 1})
    ours = dips(store, crm)
    ours.begin(CALL, TOKEN, QUESTION)
    ours.begin(CALL, TOKEN, QUESTION)
    crm.may_answer.set()
    assert ours.collect(CALL, TOKEN, QUESTION) == ours.collect(CALL, TOKEN, QUESTION) == {"a": 1}
    assert len(crm.asked) == 1


def test_failure_is_told_with_its_reason(store):
    crm = Slow(problem="status 500")
    crm.may_answer.set()
    ours = dips(store, crm)
    ours.begin(CALL, TOKEN, QUESTION)
    with pytest.raises(DataUnavailable, match="status 500"):
        ours.collect(CALL, TOKEN, QUESTION)


def test_process_that_died_with_the_question_is_a_timeout(store):
    crm, instants = Slow(), iter([0.0, 1.0, 5.0])
    dips(store, crm).begin(CALL, TOKEN, QUESTION)  # and nobody ever answers
    with pytest.raises(DataUnavailable, match="timeout"):
        dips(store, crm, monotonic_s=lambda: next(instants)).collect(CALL, TOKEN, QUESTION)
    crm.may_answer.set()


def test_answer_in_the_store_is_closed(store, client):
    crm = Slow({"name": "Robin Canary"})
    crm.may_answer.set()
    ours = dips(store, crm)
    ours.begin(CALL, TOKEN, QUESTION)
    ours.collect(CALL, TOKEN, QUESTION)
    assert b"Canary" not in client.get(store.keys.dip(CALL, TOKEN))


def test_question_that_never_began_is_asked_when_it_is_wanted(store):
    crm = Slow({"a": 1})
    crm.may_answer.set()
    assert dips(store, crm).collect(CALL, TOKEN, QUESTION) == {"a": 1}
