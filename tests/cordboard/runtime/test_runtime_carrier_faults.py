"""What each answer of the carrier means, and what people are told about it."""

import json
import socket

import pytest
import requests
import structlog
import urllib3
from twilio.base.exceptions import TwilioRestException

from acd.commands import EndCall
from acd.events import CallEnded
from acd.ids import CallId, Sid
from cordboard.runtime.carrier.calls import CustomerCalls
from cordboard.runtime.carrier.effects import Done, Doubtful, NotNow
from cordboard.runtime.carrier.faults import (
    CARRIER_ERRORS,
    OF_THE_ACCOUNT,
    SENTENCES,
    Meaning,
    explain,
    meaning_of,
    sentence_of,
)
from cordboard.runtime.carrier.transport import carrier_client
from cordboard.runtime.clock import LiveClock, ModelledClock
from cordboard.runtime.executor import THREADS, Executor
from cordboard.runtime.metrics import Metrics
from cordboard.runtime.outbox import Posted, Settlement
from dialer.outcomes import DialReport, Outcome, classify
from tests.cordboard.runtime.test_runtime_carrier import (
    CALL,
    Script,
    client,
    error,
    first_try,
    places,
)

ACCOUNT = "AC" + "1" * 32
NEVER_SENT = requests.ConnectionError(
    urllib3.exceptions.MaxRetryError(None, "/", urllib3.exceptions.NewConnectionError(None, "no"))
)


def refused(status, code=None):
    return TwilioRestException(status, "/x", code=code)


@pytest.mark.parametrize(
    ("raised", "meaning"),
    [
        (refused(400, 20001), Meaning.REFUSED),
        (refused(400, 21205), Meaning.REFUSED),
        (refused(400, 21210), Meaning.REFUSED),
        (refused(400, 21211), Meaning.REFUSED),
        (refused(403, 21215), Meaning.REFUSED),
        (refused(400, 21217), Meaning.REFUSED),
        (refused(400, 21219), Meaning.REFUSED),
        (refused(400, 13247), Meaning.REFUSED),
        (refused(400, 16026), Meaning.REFUSED),
        (refused(400, 21220), Meaning.GONE),
        (refused(404, 20404), Meaning.GONE),
        (refused(404), Meaning.GONE),
        (refused(429, 20429), Meaning.BUSY),
        (refused(429), Meaning.BUSY),
        (refused(401, 20003), Meaning.BUSY),
        (refused(401), Meaning.BUSY),
        *((refused(400, code), Meaning.BUSY) for code in sorted(OF_THE_ACCOUNT)),
        (NEVER_SENT, Meaning.BUSY),
        (requests.ConnectTimeout(), Meaning.BUSY),
        (refused(500, 20500), Meaning.UNKNOWN),
        (refused(502), Meaning.UNKNOWN),
        (refused(503), Meaning.UNKNOWN),
        (refused(504), Meaning.UNKNOWN),
        (requests.ReadTimeout(), Meaning.UNKNOWN),
        (requests.ConnectionError("reset"), Meaning.UNKNOWN),
        (json.JSONDecodeError("no", "", 0), Meaning.UNKNOWN),
    ],
    ids=lambda one: f"{type(one).__name__} {getattr(one, 'status', '')} {getattr(one, 'code', '')}",
)
def test_every_answer_means_one_of_four_things(raised, meaning):
    assert isinstance(raised, CARRIER_ERRORS)
    assert meaning_of(raised) is meaning


@pytest.mark.parametrize(
    "code",
    [
        *(10001, 10004, 11100, 11200, 11205, 11210, 11237, 11750, 12100),
        *(13214, 13223, 13224, 13225, 13227, 13247, 14207, 16020, 16025, 16026),
        *(20001, 20003, 20404, 20429, 20500, 21205, 21206, 21208, 21210, 21211, 21212),
        *(21214, 21215, 21216, 21217, 21219, 21220, 21234, 21262, 22005, 32009),
        *(21610, 21612, 21614, 30003, 30004, 30005, 30006, 30007, 30034),
    ],
)
def test_code_worth_handling_is_a_sentence_for_people(code):
    sentence = sentence_of(code)
    assert sentence == SENTENCES[code]
    assert " " in sentence
    assert str(code) not in sentence


def test_other_code_is_told_with_where_to_read_about_it():
    assert sentence_of(99_999).endswith("https://www.twilio.com/docs/errors/99999")
    assert "does not answer" in explain(requests.ReadTimeout())


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        *((code, Outcome.INVALID) for code in (13223, 13224, 21211, 21214, 21217)),
        *((code, Outcome.FAILED) for code in (21215, 21216, 21210, 21219, 20001)),
    ],
)
def test_refused_dial_has_one_outcome(code, outcome):
    report = DialReport("failed", was_answered=False, error_code=code)
    assert classify(report).outcome is outcome


# --- trouble with the account is trouble with no call ------------------------------------------


def end(script):
    command = EndCall(CallId(CALL), Sid(CALL))
    return CustomerCalls(client(script), places()).end(command, first_try())


@pytest.mark.parametrize(("status", "code"), [(401, 20003), (400, 10001), (400, 10004)])
def test_call_is_not_taken_for_over_because_the_account_is_in_trouble(status, code):
    effect = end(Script(error(status, code)))
    assert isinstance(effect, NotNow)
    assert effect.why == sentence_of(code)


def test_call_that_is_gone_is_told_as_over():
    effect = end(Script(error(404, 20404)))
    assert [type(event) for event, _ in effect.settlement.facts] == [CallEnded]


def test_outcome_nobody_knows_is_doubtful():
    assert isinstance(end(Script(error(503))), Doubtful)


# --- how the worker goes about it --------------------------------------------------------------


class Box:
    """An outbox that holds nothing back and keeps what was settled."""

    def __init__(self):
        self.settled, self.given_back = [], 0

    def settle(self, _posted, settlement):
        self.settled.append(settlement)

    def give_back(self, _posted):
        self.given_back += 1


@pytest.fixture
def executor():
    clock, metrics = LiveClock(), Metrics()
    made = Executor(Box(), None, clock, ModelledClock(clock), metrics)
    made.metrics = metrics
    return made


def conclude(executor, effect, refusals=0):
    from cordboard.runtime.executor import _Task

    task = _Task(Posted("1-0", "5-0:0", EndCall(CallId(CALL), Sid(CALL)), 0))
    task.refusals = refusals
    return executor._conclude(task, effect, first_try())


@pytest.mark.parametrize(
    ("refusals", "least_ms", "most_ms"),
    [(0, 200, 400), (1, 400, 800), (3, 1_600, 3_200), (8, 5_000, 10_000), (60, 5_000, 10_000)],
)
def test_pause_after_429_doubles_up_to_ten_seconds_with_jitter(
    executor, refusals, least_ms, most_ms
):
    pauses = [conclude(executor, NotNow("busy"), refusals) for _ in range(50)]
    assert all(least_ms <= pause <= most_ms for pause in pauses)
    assert len(set(pauses)) > 1


def test_what_we_hold_back_comes_again_at_its_own_time_which_is_modelled():
    clock = LiveClock(scale=30)
    executor = Executor(Box(), None, clock, ModelledClock(clock), Metrics())
    assert [conclude(executor, NotNow(after_ms=ms)) for ms in (1, 30, 1_000)] == [1, 1, 34]
    assert executor._outbox.given_back == 3


def test_refusal_is_counted_by_its_code_and_told_in_a_sentence(executor):
    with structlog.testing.capture_logs() as logs:
        assert conclude(executor, Done(Settlement("failed:21215"))) is None
    told = [line for line in logs if line["event"] == "effect refused"]
    assert told[0]["why"] == sentence_of(21215)
    sample = executor.metrics.registry.get_sample_value
    assert sample("cordboard_carrier_refusals_total", {"code": "21215"}) == 1
    assert sample("cordboard_effects_total", {"kind": "EndCall", "result": "done"}) == 1


def test_what_is_put_off_is_told_and_given_back(executor):
    with structlog.testing.capture_logs() as logs:
        conclude(executor, NotNow(sentence_of(20429)))
    assert logs[0]["why"] == sentence_of(20429)
    assert executor._outbox.given_back == 1


def test_at_most_so_many_requests_are_under_way_at_once(executor):
    assert len([one for one in executor._threads if one.name.startswith("effects-")]) == THREADS


@pytest.fixture
def mute_server():
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_carrier_that_says_nothing_leaves_the_outcome_unknown(mute_server):
    silent = carrier_client(ACCOUNT, "t", mute_server)
    silent.http_client.timeout = (1.0, 0.05)
    with pytest.raises(CARRIER_ERRORS) as raised:
        silent.calls.create(to="+12125550142", from_="+12125550100", url="http://x.example")
    assert meaning_of(raised.value) is Meaning.UNKNOWN
    silent.http_client.session.close()


def test_carrier_that_is_not_there_was_sent_nothing():
    nobody = carrier_client(ACCOUNT, "t", "http://127.0.0.1:1")
    with pytest.raises(CARRIER_ERRORS) as raised:
        nobody.calls(CALL).fetch()
    assert meaning_of(raised.value) is Meaning.BUSY
