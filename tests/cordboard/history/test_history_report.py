"""Reports: SQL counts the same as the measures of the running centre, and what people see."""

import csv
import json
from collections import Counter
from dataclasses import asdict

import pytest
from sqlalchemy import create_engine, update
from typer.testing import CliRunner

from acd.measures import QueueCounts
from acd.replay import Fold
from cordboard.cli.main import app
from cordboard.cli.output import UserError
from cordboard.history.counts import (
    HistoryUnreadable,
    Period,
    count_agents,
    count_dials,
    count_queues,
    reach_ms,
    reading,
)
from cordboard.history.projector import Projector
from cordboard.history.schema import progress, queues
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from simulator.replay import INTERVAL_MS, NOTHING
from tests.cordboard.history.conftest import projected

UNCOUNTED = {
    "longest_wait_ms",
    "hold_ms",
    "missed_offers",
    "transfers",
    "callbacks_kept",
    "callbacks_given_up",
}
"""What no report shows."""

WHOLE_DAY = Period(0, 86_400_000, INTERVAL_MS)


def shown(counts: QueueCounts) -> dict[str, int]:
    return {name: count for name, count in asdict(counts).items() if name not in UNCOUNTED}


def test_every_interval_has_the_counts_of_the_account(day, day_url):
    with reading(day_url) as connection:
        counted = count_queues(connection, WHOLE_DAY)
    lived = day.account.queues["q"].intervals
    assert {start: shown(counts) for start, counts in counted["q"].items()} == {
        start: shown(counts) for start, counts in lived.items()
    }
    assert sum(counts.abandoned for counts in lived.values()) > 0


def test_agents_spend_their_time_as_in_the_account(day, day_url):
    with reading(day_url) as connection:
        spent = count_agents(connection, WHOLE_DAY, reach_ms(connection)[1]).values()
    lived = day.account.agents.values()
    for name in ("busy_ms", "ready_ms", "not_ready_ms"):
        assert sum(getattr(one, name) for one in spent) == sum(getattr(one, name) for one in lived)


def test_dials_end_as_in_the_account(day, day_url):
    with reading(day_url) as connection:
        campaigns = count_dials(connection, WHOLE_DAY)
    [intervals] = campaigns.values()
    outbound = day.account.outbound
    assert sum(counts.placed for counts in intervals.values()) == outbound.dials
    assert sum(counts.live_answers for counts in intervals.values()) == outbound.live_answers
    assert sum(counts.abandoned for counts in intervals.values()) == outbound.abandoned
    outcomes = sum((counts.outcomes for counts in intervals.values()), start=Counter())
    assert outcomes == outbound.outcomes


def run(*words, **environment):
    return CliRunner().invoke(app, [str(word) for word in words], env=environment)


def figures(url, *words):
    outcome = run("report", "--history", url, "--json", *words)
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.stdout)


def test_report_for_programs_has_the_figures_of_the_account(day, day_url):
    made, lived = figures(day_url), day.account.figures()
    whole = made["queues"][-1]
    assert (whole["begins_at"], whole["queue"]) == ("", "")
    for name in ("offered", "answered", "service_level", "asa_s", "aht_s", "abandonment"):
        assert whole[name] == lived[name]
    assert made["team"][-1]["occupancy"] == lived["occupancy"]
    assert made["dials"][-1]["abandonment"] == lived["outbound_abandonment"]
    assert made["dials"][-1]["dials"] == 60


def test_period_and_interval_are_as_asked_for(day_url):
    words = ("--from", "1970-01-01T09:10+01:00", "--until", "1970-01-01T08:40")
    made = figures(day_url, *words, "--interval-minutes", "10", "--queue", "q")
    starts = [row["begins_at"] for row in made["queues"]]
    assert starts == [f"1970-01-01T08:{minute}:00Z" for minute in (10, 20, 30)] + [""]
    assert (made["begins_at"], made["ends_at"]) == ("1970-01-01T08:10:00Z", "1970-01-01T08:40:00Z")
    offered = [row["offered"] for row in made["queues"]]
    assert sum(offered[:-1]) == offered[-1] > 0


def test_report_for_people_names_queue_and_campaign(day_url, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    outcome = run("report", CORDBOARD_HISTORY=day_url)
    assert outcome.exit_code == 0
    for word in ("whole", "01-01 08:00", "service level", "sales", "no answer"):
        assert word in outcome.stdout


def test_csv_has_one_row_for_each_interval_and_queue(day_url, tmp_path):
    path = tmp_path / "queues.csv"
    assert run("report", "--history", day_url, "--csv", path).exit_code == 0
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    whole = figures(day_url)["queues"]
    assert len(rows) == len([row for row in whole if row["begins_at"]])
    assert sum(int(row["offered"]) for row in rows) == whole[-1]["offered"]


def test_thresholds_are_those_that_history_keeps(day, tmp_path):
    url = projected(day.entries, tmp_path / "strict.db", site="small")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(update(queues).values(service_level_ms=-1))
    engine.dispose()
    assert figures(url)["queues"][-1]["service_level"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "yesterday"), "write e.g. 2026-11-23T10:00"),
        (("--interval-minutes", "0"), "must be 1 or more"),
        (("--queue", "nobody"), "history knows q"),
        (("--from", "2026-11-23T10:00"), "is empty"),
        (("--from", "1970-01-01", "--until", "2026-01-01"), "are more than"),
        (("--csv", "/nowhere/queues.csv"), "cannot write"),
    ],
)
def test_wrong_use_is_one_sentence(day_url, words, said):
    outcome = run("report", "--history", day_url, *words)
    assert isinstance(outcome.exception, UserError)
    assert said in str(outcome.exception)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/history.db", "there is no history at"),
        ("history.db", "is no database URL"),
        ("nosuch://localhost/history", "no driver for"),
        ("sqlite://", "cannot be read"),
    ],
)
def test_history_that_cannot_be_read_is_one_sentence(url, said):
    outcome = run("report", "--history", url)
    assert isinstance(outcome.exception, UserError)
    assert said in str(outcome.exception)
    with pytest.raises(HistoryUnreadable), reading(url) as connection:
        connection.execute(progress.select())


def test_history_without_entries_says_so(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    Projector(url, "small", Fold(Centre(NOTHING), EVENT_CODEC)).close()
    outcome = run("report", "--history", url)
    assert "nothing has happened" in str(outcome.exception)
