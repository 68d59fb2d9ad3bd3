"""`cordboard flow publish` and its kin, and `cordboard customers`: over a store of their own."""

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError
from cordboard.history.schema import contacts, flow_calls, metadata, progress
from cordboard.runtime.callers import RedisCallers
from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import EmbeddedRedis, at_hand
from cordboard.runtime.sealing import Pseudonyms

BANK = Path(__file__).parents[3] / "examples/retail-bank"
FLOW = BANK / "flows/main.yaml"
SECRET = "a secret of thirty-two characters"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder whose Redis runs, as under a live centre."""
    folder = tmp_path_factory.mktemp("data")
    with EmbeddedRedis(folder / "redis"):
        yield folder


@pytest.fixture(autouse=True)
def environment(monkeypatch, data):
    monkeypatch.setenv("CORDBOARD_DATA", str(data))
    monkeypatch.setenv("CORDBOARD_SECRET", SECRET)
    monkeypatch.delenv("REDIS_URL", raising=False)
    with at_hand(data / "redis") as url, Store(url, "bank").client() as client:
        client.flushall()


def run(*words):
    outcome = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(outcome.exception, UserError):
        raise outcome.exception
    return outcome


def flow(*words):
    return run("flow", *words, "--centre", BANK)


def newer(tmp_path, version=2):
    file = tmp_path / f"v{version}.yaml"
    text = FLOW.read_text(encoding="utf-8")
    file.write_text(text.replace("\nversion: 1", f"\nversion: {version}"), encoding="utf-8")
    return file


def test_version_is_published_rolled_out_and_rolled_back(tmp_path):
    assert "version 1: 100 %" in flow("publish", FLOW, "--share", "100").stdout
    assert "Nobody" not in flow("publish", newer(tmp_path)).stdout
    trial = flow("rollout", "retail-bank", "2", "10", "--why", "try it").stdout
    assert "New callers of retail-bank get version 1: 90 %, version 2: 10 %." in trial
    assert "get version 1: 100 %." in flow("rollback", "retail-bank").stdout


def test_log_says_who_when_and_why():
    flow("publish", FLOW, "--share", "100", "--by", "sue", "--why", "first")
    told = json.loads(flow("releases", "--json").stdout)
    assert [(one["what"], one["author"]["by"], one["author"]["why"]) for one in told["log"]] == [
        ("published", "sue", "first"),
        ("rolled out", "sue", "first"),
    ]
    assert told["versions"] == {"retail-bank": [1]}
    assert "sue" in flow("releases").stdout


def test_flow_with_an_error_is_not_published(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(FLOW.read_text(encoding="utf-8").replace("queue: payments", "queue: garden"))
    outcome = flow("publish", broken)
    assert outcome.exit_code == 1
    assert "[no-such-queue]" in outcome.stderr
    assert json.loads(flow("releases", "--json").stdout)["log"] == []


def test_published_text_is_printed_to_the_letter():
    flow("publish", FLOW)
    assert flow("show", "retail-bank", "1").stdout == FLOW.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("rollout", "retail-bank", "7", "10"), "no version 7; published are: none"),
        (("rollback", "retail-bank"), "has no release; publish one first"),
        (("show", "retail-bank", "1"), "no version 1; published are: none"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(words, problem):
    with pytest.raises(UserError, match=problem):
        flow(*words)


def test_centre_that_does_not_run_has_its_store_started_for_the_moment(tmp_path, monkeypatch):
    monkeypatch.setenv("CORDBOARD_DATA", str(tmp_path / "data"))
    flow("publish", FLOW, "--share", "100")
    assert "version 1: 100 %" in flow("releases").stdout


# --- comparing -------------------------------------------------------------------------------


@pytest.fixture
def history(tmp_path):
    url = f"sqlite:///{tmp_path / 'history.db'}"
    engine = create_engine(url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(progress).values(site="bank", cursor="0-0", at_ms=10, state=b""))
        for index in range(80):
            version, contained = (1, index % 8 == 0) if index % 2 else (2, index % 4 == 0)
            connection.execute(
                insert(flow_calls).values(
                    call_id=f"CA{index}",
                    customer_id="cu-1",
                    flow="retail-bank",
                    version=version,
                    at_ms=5,
                    language="en-GB",
                    intent="",
                    outcome="queued",
                    turns=1,
                    rating=3 + version,
                    unanswered=0,
                    sealed="",
                )
            )
            connection.execute(
                insert(contacts).values(
                    call_id=f"CA{index}",
                    direction="inbound",
                    customer_id="cu-1",
                    opened_at_ms=1,
                    ended_at_ms=9,
                    transfer_count=0,
                    outcome="self_served" if contained else "abandoned",
                )
            )
    engine.dispose()
    return url


def test_versions_are_compared_with_intervals_and_chance(history):
    shown = run("flow", "compare", "retail-bank", "--history", history).stdout
    assert "0.0 % (0-9)" in shown
    assert "50.0 % (35-65)" in shown
    assert "contained: version 1 0.0 %, version 2 50.0 %; by chance alone once in" in shown


def test_comparison_is_there_for_programs(history):
    one, two = json.loads(
        run("flow", "compare", "retail-bank", "--history", history, "--json").stdout
    )
    assert (one["variant"], one["satisfaction_mean"]) == ("version 1", 4.0)
    assert (two["calls"], two["satisfaction_mean"]) == (40, 5.0)


@pytest.mark.parametrize(
    ("words", "problem"),
    [(("garden",), "knows: retail-bank"), (("retail-bank", "--split", "x"), "they passed: none")],
)
def test_comparison_of_what_is_not_there_names_what_is(history, words, problem):
    with pytest.raises(UserError, match=problem):
        run("flow", "compare", *words, "--history", history)


# --- customers -------------------------------------------------------------------------------


def told(tmp_path, text):
    file = tmp_path / "customers.csv"
    file.write_text(text, encoding="utf-8")
    return run("customers", file, "--centre", BANK)


def test_facts_of_records_reach_the_flows(tmp_path, data):
    outcome = told(
        tmp_path, "number,segment,case.state\n+442079460142,gold,\n+442079460143,,open\n"
    )
    assert "2 customers are known" in outcome.stdout
    with at_hand(data / "redis") as url:
        callers = RedisCallers(Store(url, "bank"))
        known = callers.facts(Pseudonyms(SECRET).by_number("+442079460142"), 0)
    assert known == {"segment": "gold", "returning": "false"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name,segment\nx,gold\n", "first column must be 'number'"),
        ("number,segment\n020 7946,gold\n", "customers.csv:2: needs a number"),
        ("number,segment\n+442079460142,gold,x\n", "no more fields"),
        ("number,verified\n+442079460142,true\n", "'verified' cannot name a fact"),
    ],
)
def test_wrong_row_is_named_with_its_line(tmp_path, text, problem):
    with pytest.raises(UserError, match=problem):
        told(tmp_path, text)
