"""The outbound floor: what it counts, and the pacers on a small one."""

from dataclasses import replace

import numpy as np
import pytest

from dialer.pacing import PredictivePacer, ProgressivePacer, RatioPacer
from simulator.floor import Floor
from simulator.floor_scenarios import SCENARIOS, with_history, with_verdict_delay
from simulator.floor_table import floor_row, table_text
from simulator.network import Network, NetworkSettings


def small(name="s10", hours=1.0, **changes):
    return replace(SCENARIOS[name], hours=hours, **changes)


def test_network_answers_as_often_as_it_should():
    network = Network(NetworkSettings(), np.random.default_rng(7))
    fates = [network.dial(0.30) for _ in range(20_000)]
    people = sum(fate.is_person for fate in fates) / len(fates)
    live = sum(fate.outcome == "human" for fate in fates) / len(fates)
    assert people == pytest.approx(0.30, abs=0.015)
    # 97 % of people pass, and 5 % of the 45 % machines among the rest.
    assert live == pytest.approx(0.30 * 0.97 + 0.70 * 0.45 * 0.05, abs=0.015)


def test_a_person_is_offered_at_the_answer_and_a_machine_after_the_verdict():
    network = Network(NetworkSettings(), np.random.default_rng(7))
    for fate in (network.dial(0.5) for _ in range(2000)):
        if fate.outcome == "human" and fate.is_person:
            assert fate.settled_after_s == fate.answered_after_s < 25.0
        if fate.outcome == "machine" and not fate.is_person:
            assert fate.settled_after_s == 17.0


def test_with_a_verdict_delay_everybody_is_offered_at_the_verdict():
    network = Network(NetworkSettings(verdict_delay_s=4.0), np.random.default_rng(7))
    answered = [fate for fate in (network.dial(0.5) for _ in range(2000)) if fate.answered_after_s]
    delays_s = [fate.settled_after_s - fate.answered_after_s for fate in answered]
    assert min(delays_s) > 0.0
    assert np.mean(delays_s) == pytest.approx(4.0, rel=0.05)


def test_progressive_waits_for_as_many_dead_numbers_as_the_formula_says():
    """2.26 failed calls of 17 s and one live ring of 10.3 s make 48.7 s."""
    tally = Floor(small("s50", hours=2.0), ProgressivePacer(), seed=5).run()
    assert np.mean(tally.idle_waits_s) == pytest.approx(48.7, rel=0.05)
    assert tally.abandons_at_s == []


def test_predictive_beats_progressive_on_a_small_floor():
    scenario = small(hours=2.0)
    ahead = Floor(scenario, PredictivePacer(), seed=5).run()
    one_by_one = Floor(scenario, ProgressivePacer(), seed=5).run()
    assert ahead.utilisation > one_by_one.utilisation + 0.06
    assert ahead.abandonment < 0.04


@pytest.mark.parametrize("pacer", [PredictivePacer, lambda: RatioPacer(1.6)])
def test_the_same_seed_gives_the_same_shift(pacer):
    first, second = (Floor(small(), pacer(), seed=3).run() for _ in range(2))
    assert first.answers_at_s == second.answers_at_s
    assert first.busy_s == second.busy_s


@pytest.mark.parametrize("name", ["s10", "churn50", "burst50", "step10"])
def test_books_balance(name):
    tally = Floor(small(name), RatioPacer(2.0), seed=2).run()
    assert 0.0 < tally.busy_s <= tally.signed_in_s
    assert len(tally.abandons_at_s) <= len(tally.answers_at_s) <= tally.dials
    assert tally.worst_window() >= tally.abandonment


@pytest.mark.parametrize(
    "scenario",
    [
        with_verdict_delay(small()),
        with_history(small(), known=True),
        with_history(small(), known=False),
        small(preview_s=15.0),
    ],
    ids=lambda scenario: scenario.name,
)
def test_variants_of_a_floor_run(scenario):
    tally = Floor(scenario, PredictivePacer(), seed=2).run()
    assert tally.answers_at_s


class Listening(ProgressivePacer):
    """Notes when it is asked, and whether each outcome was dialled for."""

    def __init__(self):
        super().__init__()
        self.asked_at_s, self.open_dials = [], 0

    def propose(self, view):
        self.asked_at_s.append(view.now_s)
        assert self.open_dials == view.in_flight
        return super().propose(view)

    def on_dialled(self, now_s, odds=None):
        super().on_dialled(now_s, odds)
        self.open_dials += 1

    def on_outcome(self, now_s, outcome, age_s):
        self.open_dials -= 1


@pytest.mark.parametrize("name", ["s10", "churn50"])
def test_the_pacer_is_asked_at_most_four_times_and_at_least_once_a_second(name):
    pacer = Listening()
    Floor(small(name, hours=0.5), pacer, seed=4).run()
    gaps_s = np.diff(pacer.asked_at_s)
    assert gaps_s.min() >= 0.25 - 1e-6
    assert gaps_s.max() <= 1.0 + 1e-6


def test_a_row_pools_its_runs():
    row = floor_row(small("s5"), "ratio:2", [1, 2], stopwatch=lambda: 0.0)
    assert row.worst_run >= row.abandonment > 0.0
    assert row.decision_us == 0.0
    assert table_text([row]).splitlines()[-1].startswith("| s5 | ratio:2 | 2 x 1 |")


def test_preview_never_abandons():
    row = floor_row(small("s5"), "preview", [1])
    assert row.abandonment == 0.0
    assert 0.4 < row.utilisation < 0.7
