"""`cordboard twilio`: what is wrong with an account is said, and only what was shown is set."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError
from simulator.carrier.account import Account, PhoneNumber
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.population import Directory
from simulator.carrier.server import CarrierStandIn
from tests.cordboard.runtime.live_site import write_site
from tests.cordboard.runtime.runtime_doubles import SECRET
from webhooks.addresses import Addresses

LINE, CALLER_ID = "+442079460100", "+442079460101"
PUBLIC = "https://cc.example.com"
ADDRESSES = Addresses(PUBLIC)
RIGHT = PhoneNumber(
    LINE,
    voice_url=ADDRESSES.inbound(),
    voice_fallback_url=ADDRESSES.fallback(),
    status_callback=ADDRESSES.inbound_status(),
    sms_url=ADDRESSES.message_received(),
)


@pytest.fixture
def folder(tmp_path):
    return write_site(tmp_path / "site", "twilio")


@pytest.fixture
def account(monkeypatch):
    """Start a stand-in with this account and these numbers; return it."""
    begun = []

    def start(*numbers, **changes):
        options = CarrierOptions(account=replace(Account(), **changes), numbers=numbers)
        carrier = CarrierStandIn(options, Directory()).start()
        begun.append(carrier)
        monkeypatch.setenv("TWILIO_ACCOUNT_SID", carrier.account.sid)
        monkeypatch.setenv("TWILIO_AUTH_TOKEN", carrier.account.token)
        monkeypatch.setenv("CORDBOARD_SECRET", SECRET)
        monkeypatch.setenv("CORDBOARD_PUBLIC_URL", PUBLIC)
        monkeypatch.setenv("CORDBOARD_CARRIER_URL", carrier.base_url)
        return carrier

    yield start
    for carrier in begun:
        carrier.stop()


def ask(*words, **options):
    return CliRunner().invoke(app, ["twilio", *(str(word) for word in words)], **options)


def found(folder):
    answer = ask("check", folder, "--json")
    told = {}
    for one in json.loads(answer.stdout):
        told.setdefault(one["where"], []).append(one["what"])
    return answer.exit_code, {where: "; ".join(what) for where, what in told.items()}


def test_line_whose_number_is_not_ours_cannot_be_set(folder, account):
    account(PhoneNumber(CALLER_ID))
    assert ask("apply", folder, "--yes").exit_code == 0
    code, told = found(folder)
    assert code == 1
    assert "not one of the account's" in told["line main"]


def test_what_apply_sets_is_what_check_asks_for(folder, account):
    account(PhoneNumber(LINE, voice_url="https://old.example"), verified=(CALLER_ID,))
    code, told = found(folder)
    assert code == 1
    assert "apply sets it" in told["line main"]
    applied = ask("apply", folder, "--yes")
    assert applied.exit_code == 0
    assert (
        "voice_url: https://old.example -> https://cc.example.com/voice/inbound" in applied.stdout
    )
    code, told = found(folder)
    assert code == 0
    assert set(told) == {"campaign renewals", "calls_per_s_max"}
    assert "Every line is set" in ask("apply", folder).stdout


@pytest.mark.parametrize(
    ("words", "keys", "says"),
    [(["--dry-run"], "", "voice_url"), ([], "n\n", "Nothing was changed")],
)
def test_nothing_is_set_unless_it_was_agreed_to(folder, account, words, keys, says):
    carrier = account(PhoneNumber(LINE), verified=(CALLER_ID,))
    answer = ask("apply", folder, *words, input=keys)
    assert says in answer.stdout
    assert carrier.exchange.numbers[LINE].voice_url == ""


def test_caller_id_of_somebody_else_is_an_error(folder, account):
    account(RIGHT)
    code, told = found(folder)
    assert code == 1
    assert "21210" in told["campaign renewals"]


def test_every_number_a_campaign_may_show_is_looked_at(folder, account):
    file = folder / "centre.yaml"
    more = 'leads: leads.csv\n    caller_ids: ["+442079460108"]'
    file.write_text(file.read_text().replace("leads: leads.csv", more))
    account(RIGHT, verified=(CALLER_ID,))
    code, told = found(folder)
    assert code == 1
    assert "shows +442079460108, which is neither owned nor verified" in told["campaign renewals"]


def test_country_of_an_agents_telephone_must_be_permitted_too(folder, account):
    file = folder / "centre.yaml"
    file.write_text(file.read_text().replace("client:ana", "+442079460111"))
    account(RIGHT, verified=(CALLER_ID,), countries=("US",))
    code, told = found(folder)
    assert code == 1
    assert "calls to GB are not permitted (21215)" in told["agent ana"]
    assert "agent ben" not in told


def test_country_that_may_not_be_called_is_an_error(folder, account):
    file = folder / "centre.yaml"
    file.write_text(
        file.read_text().replace("leads: leads.csv", "leads: leads.csv\n    region: GB")
    )
    account(RIGHT, verified=(CALLER_ID,), countries=("US",))
    code, told = found(folder)
    assert code == 1
    assert "calls to GB are not permitted" in told["campaign renewals"]


def test_number_that_an_application_takes_is_an_error(folder, account):
    account(replace(RIGHT, voice_application_sid="AP1"), verified=(CALLER_ID,))
    code, told = found(folder)
    assert code == 1
    assert "voice_application_sid is set" in told["line main"]


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [({"status": "suspended"}, 1, "is suspended"), ({"kind": "Trial"}, 0, "is a trial")],
)
def test_state_of_the_account_is_told(folder, account, changes, code, says):
    account(RIGHT, verified=(CALLER_ID,), **changes)
    exit_code, told = found(folder)
    assert exit_code == code
    assert says in told["account"]


def test_wrong_credentials_are_told_in_a_sentence(folder, account, monkeypatch):
    account(RIGHT)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "wrong")
    answer = ask("check", folder)
    assert isinstance(answer.exception, UserError)
    assert "TWILIO_AUTH_TOKEN" in str(answer.exception)


def test_carrier_that_does_not_answer_is_told_in_a_sentence(folder, account):
    account(RIGHT)
    answer = ask("check", folder, "--carrier-url", "http://127.0.0.1:1")
    assert isinstance(answer.exception, UserError)
    assert "does not answer" in str(answer.exception)
