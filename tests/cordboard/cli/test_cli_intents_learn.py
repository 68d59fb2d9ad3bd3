"""`cordboard intents learn`: past calls become a list, and what a person approved becomes text."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import create_engine, insert
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError
from cordboard.history.schema import contacts, flow_calls, flow_walks, metadata
from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import at_hand
from cordboard.runtime.sealing import Sealer
from cordboard.runtime.sessions import wishes_label
from ivr.session import TrailEntry

BANK = Path(__file__).parents[3] / "examples/retail-bank"
FLOW = BANK / "flows/main.yaml"
HEAD = "approve\tintent\ttext\n"
CALLS = """text\trouted\thappened\tmeant
somebody nicked it\taccount_details\ttransferred\tlost_card
they said no to my plastic\tlost_card\trefused
will it snow\t\tunserved\tout_of_scope
my card is lost\tlost_card\tfine
my number is 4111 1111 1111 1111\tlost_card\tconfirmed
"""


def run(*words):
    return CliRunner().invoke(app, ["intents", "learn", *map(str, words)])


@pytest.fixture
def flow(tmp_path):
    return Path(shutil.copy(FLOW, tmp_path / "main.yaml"))


def file_of(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_table_of_calls_becomes_a_list_and_the_approved_lines_become_examples(flow, tmp_path):
    listed = tmp_path / "list.tsv"
    outcome = run(flow, file_of(tmp_path, "calls.tsv", CALLS), "--out", listed)
    assert outcome.exit_code == 0
    lines = listed.read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == [
        *("approve", "intent", "text", "calls", "reason", "taken for", "sure", "gain"),
    ]
    rows = {line.split("\t")[2]: line.split("\t") for line in lines[1:]}
    assert rows["somebody nicked it"][1:5:3] == ["lost_card", "transferred"]
    assert rows["they said no to my plastic"][1] != "lost_card"
    assert "4111" not in listed.read_text(encoding="utf-8")
    chosen = [lines[0]] + [f"yes{line}" if "nicked" in line else line for line in lines[1:]]
    listed.write_text("\n".join(chosen), encoding="utf-8")
    assert run(flow, "--approve", listed).exit_code == 0
    before = FLOW.read_text(encoding="utf-8").splitlines()
    after = flow.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == ['      - "somebody nicked it"']
    assert [line for line in after if "nicked" not in line] == before
    assert not list(tmp_path.glob(".*"))


def test_history_says_which_calls_an_agent_passed_on(flow, tmp_path):
    trail = [
        {"at_ms": 0, "node": "in_your_words", "kind": "said", "text": "somebody nicked it"},
        {"at_ms": 0, "node": "in_your_words", "kind": "intent", "text": "account_details"},
    ]
    lines = [json.dumps({"call": call, "trail": trail}) for call in ("CA1", "CA2")]
    walks = file_of(tmp_path, "walks.jsonl", "\n".join(lines))
    url = f"sqlite:///{tmp_path / 'history.db'}"
    engine = create_engine(url)
    metadata.create_all(engine)
    row = {"direction": "inbound", "customer_id": "cu", "opened_at_ms": 0, "transfer_count": 1}
    with engine.begin() as connection:
        for call, last in (("CA1", "cards"), ("CA2", "general"), ("CA3", "cards")):
            moved = {"call_id": call, "first_queue_id": "general", "queue_id": last}
            connection.execute(insert(contacts).values(**row, **moved))
    engine.dispose()
    assert json.loads(run(flow, walks, "--json").stdout) == []
    [found] = json.loads(run(flow, walks, "--json", "--history", url).stdout)
    assert (found["intent"], found["reason"], found["calls"]) == ("lost_card", "transferred", "1")


def test_calls_come_out_of_the_history_of_a_centre(flow, tmp_path, monkeypatch):
    data, secret = tmp_path / "data", "a secret of thirty-two characters"
    monkeypatch.setenv("CORDBOARD_SECRET", secret)
    monkeypatch.delenv("REDIS_URL", raising=False)
    url = f"sqlite:///{tmp_path / 'history.db'}"
    asked = ("--history", url, "--centre", BANK, "--data", data)
    engine = create_engine(url)
    metadata.create_all(engine)
    assert "no call in which somebody told" in str(run(flow, *asked).exception)

    trail = [
        TrailEntry(0, "in_your_words", "said", "somebody nicked it"),
        TrailEntry(1, "people", "went", ""),
    ]
    with at_hand(data / "redis") as redis_url:
        store = Store(redis_url, "bank")
        sealer, label = Sealer(store, secret), wishes_label("CA1")
        sealed = sealer.seal("cu", label, {"trail": msgspec.json.encode(trail).decode()})
        with engine.begin() as connection:
            row = {"call_id": "CA1", "customer_id": "cu", "flow": "retail-bank", "version": 1}
            row |= {"at_ms": 0, "language": "en-GB", "intent": "", "outcome": "queued", "turns": 1}
            connection.execute(insert(flow_calls).values(**row, unanswered=0, sealed=""))
            connection.execute(
                insert(flow_walks).values(
                    call_id="CA1", way='["opening", "in_your_words"]', sealed=sealed
                )
            )
    engine.dispose()
    [found] = json.loads(run(flow, *asked, "--json").stdout)
    assert (found["text"], found["reason"]) == ("somebody nicked it", "gave up")
    assert "--history needs --centre" in str(run(flow, "--history", url).exception)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give either past calls"),
        (["no.jsonl"], "cannot read no.jsonl"),
        ([("a.jsonl", "{}\nnonsense")], "line 2: "),
        ([("a.tsv", "hi\tlost_card\tvanished\n")], "'vanished' is nothing that happens"),
        ([("a.tsv", "hi\tlost_kard\trefused\n")], "no intent 'lost_kard'"),
        ([("a.tsv", "only text\n")], "line 1: expected text, routed"),
        ([("a.tsv", "hi\tlost_card\trefused\n"), "--history", "sqlite://"], "is a table"),
        ([("a.jsonl", "{}"), "--history", "sqlite:///no/history.db"], "no history"),
        (["--approve", ("l.tsv", "a\tb\n")], "is no list of proposals"),
        (["--approve", ("l.tsv", f"{HEAD}\tlost_card\thi\n")], "nothing was changed"),
        (["--approve", ("l.tsv", f"{HEAD}yes\tlost\thi\n")], "intents.lost.examples"),
        (
            ["--approve", ("l.tsv", f"{HEAD}x\tlost_card\thi\nx\tpay\thi\n")],
            "approved twice",
        ),
        (["--approve", ("l.tsv", f'{HEAD}x\tlost_card\t"' + "y" * 200_000)], "field"),
    ],
)  # fmt: skip
def test_mistake_says_what_is_right_and_changes_nothing(flow, tmp_path, words, said):
    given = [word if isinstance(word, str) else file_of(tmp_path, *word) for word in words]
    outcome = run(flow, *given)
    assert isinstance(outcome.exception, UserError), outcome.stdout
    assert said in str(outcome.exception)
    assert flow.read_bytes() == FLOW.read_bytes()
