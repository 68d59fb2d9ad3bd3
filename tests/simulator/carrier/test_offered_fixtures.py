"""What other projects use: the fixtures, the page, the recorder, webhooks without a network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import urllib3
from werkzeug.wrappers import Response

from simulator.carrier.account import PhoneNumber
from simulator.carrier.clock import StepClock, WallClock
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Caller
from simulator.carrier.people.population import Directory
from simulator.carrier.server import CarrierStandIn
from simulator.carrier.wsgi import WsgiTransport
from tests.simulator.carrier.harness import CUSTOMER, MONDAY, OUR_NUMBER, twiml

ELSEWHERE = """
import pytest
from simulator.carrier.account import PhoneNumber
from simulator.carrier.options import CarrierOptions

@pytest.fixture
def carrier_options():
    return CarrierOptions(numbers=(PhoneNumber("+15550100100"),))

def test_somebody_elses_application(carrier, carrier_client):
    call = carrier_client.calls.create(
        to="client:ana", from_="+15550100100", twiml="<Response><Hangup/></Response>"
    )
    carrier.timeline.advance(60)
    assert carrier_client.calls(call.sid).fetch().status == "completed"
"""


def test_fixtures_work_in_another_project(tmp_path):
    (tmp_path / "test_elsewhere.py").write_text(ELSEWHERE, encoding="utf-8")
    plugin = ["-p", "simulator.carrier.pytest_plugin"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugin, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        timeout=240,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.fixture
def number():
    return PhoneNumber(OUR_NUMBER, voice_url="http://app.example/voice")


@pytest.mark.off_contract
def test_page_shows_calls_webhooks_and_alerts(world, application):
    application.pages["/voice"] = '<Whisper/><Enqueue waitUrl="/wait">help &amp; more</Enqueue>'
    application.pages["/wait"] = '<Pause length="10"/>'
    sid = world.call_in()
    world.pass_(5)
    browser = world.carrier.app.test_client()
    page = browser.get("/").get_data(as_text=True)
    assert sid in page
    assert "help &amp; more" in page
    assert "12200" in page
    picture = browser.get("/picture.json").get_json()
    assert picture["queues"] == [{"name": "help & more", "waiting": [sid]}]
    assert picture["webhooks"][0]["kind"] == "voice"


@pytest.mark.off_contract
def test_recorder_writes_what_happened_line_by_line(tmp_path, number):
    path = tmp_path / "run.jsonl"
    options = CarrierOptions(numbers=(number,), record_to=path, epoch=MONDAY)
    people = Directory(callers=[Caller(CUSTOMER, OUR_NUMBER, at_s=2.0)])

    def application(environ, start_response):
        return twiml("<Say>Hello</Say><Unknown/>")(environ, start_response)

    with CarrierStandIn(
        options, people, clock=StepClock(), transport=WsgiTransport(application)
    ) as carrier:
        carrier.timeline.advance(20)
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [entry["entry"] for entry in entries] == ["webhook", "alert", "leg"]
    assert entries[2]["status"] == "completed"


def test_two_runs_with_one_seed_are_the_same_to_the_letter(number):
    def run():
        def application(environ, start_response):
            return twiml("<Enqueue>help</Enqueue>")(environ, start_response)

        people = Directory(callers=[Caller(CUSTOMER, OUR_NUMBER, at_s=n * 3.0) for n in range(5)])
        options = CarrierOptions(numbers=(number,), epoch=MONDAY, seed=3)
        transport = WsgiTransport(application)
        with CarrierStandIn(options, people, clock=StepClock(), transport=transport) as carrier:
            carrier.timeline.advance(60)
            return [(w.at_s, w.call_sid, w.params) for w in carrier.ledger.webhooks]

    assert run() == run()


def test_failing_application_is_a_500_in_process_too():
    def application(_environ, _start_response):
        raise RuntimeError("broken")

    options = CarrierOptions(numbers=(PhoneNumber(OUR_NUMBER, "http://app.example/v"),))
    people = Directory(callers=[Caller(CUSTOMER, OUR_NUMBER)])
    transport = WsgiTransport(application)
    with CarrierStandIn(options, people, clock=StepClock(), transport=transport) as carrier:
        carrier.timeline.advance(20)
        assert [alert.code for alert in carrier.ledger.alerts] == [11200]
        assert carrier.ledger.live_legs() == []


def test_time_runs_by_itself_at_speed(application, number):
    number.voice_url = application.url("/voice")
    application.pages["/voice"] = '<Pause length="30"/>'
    options = CarrierOptions(numbers=(number,), speed=200.0)
    people = Directory(callers=[Caller(CUSTOMER, OUR_NUMBER, at_s=5.0)])
    with CarrierStandIn(options, people) as carrier:
        assert carrier.wait_until(lambda: carrier.ledger.totals() == {"inbound completed": 1})
    (leg,) = carrier.ledger.legs.values()
    assert leg.ended_at_s - leg.created_at_s >= 30.0


def test_idle_exchange_has_nothing_due(world, application):
    application.pages["/voice"] = "<Hangup/>"
    world.call_in()
    world.pass_(3600 * 5)
    assert world.carrier.timeline.environment.peek() == float("inf")


def test_program_of_any_language_moves_a_clock_that_is_turned_by_hand(world, application):
    application.pages["/voice"] = "<Pause/><Say>Hello.</Say>"
    world.call_in(stays_s=60.0)
    address = f"{world.carrier.base_url}/advance"
    picture = urllib3.request("POST", address, fields={"seconds": "30"}, retries=False).json()
    assert picture["totals"] == {"inbound completed": 1}
    assert [webhook["kind"] for webhook in picture["webhooks"]] == ["status", "voice"]
    for wrong in ("", "-1", "inf", "nan", "soon"):
        answer = urllib3.request("POST", address, fields={"seconds": wrong}, retries=False)
        assert answer.status == 400


def test_clock_that_runs_by_itself_is_not_turned(number):
    with CarrierStandIn(CarrierOptions(numbers=(number,))) as carrier:
        answer = urllib3.request("POST", f"{carrier.base_url}/advance?seconds=5", retries=False)
        assert (answer.status, answer.json()["status"]) == (409, 409)


def test_speed_must_be_positive():
    with pytest.raises(ValueError, match="speed is 0"):
        WallClock(0)


def test_answer_may_be_any_response(world, application):
    application.pages["/voice"] = Response("Good morning", mimetype="text/plain")
    sid = world.call_in()
    world.pass_(10)
    assert world.status(sid) == "completed"
    assert world.alerts() == []
