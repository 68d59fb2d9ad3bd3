"""The example bank's day: the shipped scenario around the shipped settings."""

from pathlib import Path

import pytest

from cordboard.runtime.settings import load_settings
from simulator.day import DayResult, simulate_day
from simulator.scenario_file import read_scenario

BANK = Path(__file__).parents[2] / "examples" / "retail-bank"


@pytest.fixture(scope="module")
def bank_day() -> DayResult:
    world = read_scenario(BANK / "scenario.yaml")
    return simulate_day(world.with_centre(load_settings(BANK).centre), seed=1)


def test_the_books_of_the_example_day_balance(bank_day):
    assert bank_day.problems == ()


def test_every_queue_and_the_campaign_have_a_day_worth_looking_at(bank_day):
    account = bank_day.account
    assert list(account.queues) == ["cards", "payments", "general"]
    assert all(queue.total.answered > 100 for queue in account.queues.values())
    assert account.outbound.dials == 400
    assert account.outbound.live_answers > 80
    assert set(account.calls) >= {"connected", "abandoned", "self_served"}


def test_the_day_peaks_in_the_morning(bank_day):
    offered = {
        start_ms // 3_600_000: counts.offered
        for start_ms, counts in bank_day.account.queues["cards"].intervals.items()
    }
    assert offered[10] > offered[7]
    assert offered[10] > offered[19]
