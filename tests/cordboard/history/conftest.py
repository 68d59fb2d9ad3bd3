"""A short day of the twin, its journal and its history, for all tests of history."""

from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine, select

from acd.replay import Fold, JournalEntry
from cordboard.history.projector import Projector
from cordboard.history.schema import metadata, progress
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from simulator.day import Day
from simulator.distributions import Exponential
from simulator.replay import NOTHING, journal_of, replay
from simulator.results import Account
from simulator.scenario import CalledPeople
from simulator.streams import Streams
from tests.simulator.small_centre import scenario


@dataclass(frozen=True)
class RecordedDay:
    """A simulated day as a journal, and its account."""

    entries: list[JournalEntry]
    account: Account


@pytest.fixture(scope="session")
def day():
    people = CalledPeople(leads=60, answer_share=0.4, talk_s=Exponential(60.0), opens_at="08:00")
    simulated = Day(
        scenario(people=people, calls_per_s_max=1.0, queue={"wrap_up_ms": 20_000}), Streams(2)
    )
    simulated.world.recorded = []
    simulated.run()
    entries = list(journal_of(simulated.world.recorded, simulated.world.centre.config))
    return RecordedDay(entries, replay(entries).account)


@pytest.fixture(scope="session")
def day_url(day, tmp_path_factory):
    """The history of the day, which nobody may change."""
    return projected(day.entries, tmp_path_factory.mktemp("history") / "day.db", site="small")


def projected(entries, path, site):
    """Write a history in one go and return its URL."""
    url = f"sqlite:///{path}"
    centre = Centre(NOTHING)
    projector = Projector(url, site, Fold(centre, EVENT_CODEC), lambda: centre.config.acd.queues)
    projector.project(entries)
    projector.close()
    return url


def kept_rows(url):
    """Return everything in a history but the name of its site."""
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
            if table is not progress
        }
        reached = connection.execute(select(progress.c.cursor, progress.c.at_ms, progress.c.state))
        tables["progress"] = [tuple(row) for row in reached]
    engine.dispose()
    return tables
