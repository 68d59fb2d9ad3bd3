"""Answer odds learnt from attempts: traits, a number's own record, and what is calibrated."""

import numpy as np
import pytest

from dialer.pacing.odds import MEMORY, RATE_USUAL, AnswerOdds, Evidence, Record

HOURS = {f"hour {hour}": 0.6 + 0.05 * hour for hour in range(8, 20)}
KINDS = {"mobile": 1.2, "fixed": 0.7}


def shift_of_attempts(count: int, seed: int = 5):
    """Yield traits, the true chance and whether a person answered."""
    rng = np.random.default_rng(seed)
    hours, kinds = list(HOURS), list(KINDS)
    for _ in range(count):
        hour = hours[rng.integers(len(hours))]
        # Mobiles are called late: whoever credits the hour with what the kind explains is wrong.
        late = int(hour.split()[1]) >= 14
        kind = kinds[0 if rng.random() < (0.8 if late else 0.2) else 1]
        chance = 0.25 * HOURS[hour] * KINDS[kind]
        yield (hour, kind), chance, bool(rng.random() < chance)


def taught(count: int) -> AnswerOdds:
    odds = AnswerOdds()
    for traits, _, is_answered in shift_of_attempts(count):
        odds.learn(traits, is_answered=is_answered)
    return odds


def test_before_anything_is_known_the_usual_rate_is_told():
    assert AnswerOdds().odds(("mobile", "hour 9")) == RATE_USUAL
    assert AnswerOdds().permille(()) == 300


def test_traits_are_told_apart_although_they_come_together():
    odds = taught(40_000)
    mistakes = [
        odds.odds((hour, kind)) - 0.25 * HOURS[hour] * KINDS[kind]
        for hour in HOURS
        for kind in KINDS
    ]
    assert np.sqrt(np.mean(np.square(mistakes))) < 0.03


def test_what_is_foretold_comes_true_on_average():
    odds = taught(10_000)
    fresh = list(shift_of_attempts(10_000, seed=6))
    foretold = np.mean([odds.odds(traits) for traits, _, _ in fresh])
    assert foretold == pytest.approx(np.mean([answered for _, _, answered in fresh]), rel=0.06)


def test_a_numbers_own_record_draws_the_figure_towards_it():
    odds = AnswerOdds()
    assert odds.odds((), Record(8, 8)) > 0.6 > odds.odds((), Record(8, 4)) > RATE_USUAL
    assert odds.odds((), Record(8, 0)) < 0.2


def test_seventy_five_dials_know_a_number_within_five_points():
    """Numbers as in the pacing floors: Beta with mean .30 and standard deviation .15."""
    rng = np.random.default_rng(3)
    strength = 0.30 * 0.70 / 0.15**2 - 1.0
    chances = rng.beta(0.30 * strength, 0.70 * strength, size=4_000)
    odds = AnswerOdds()
    told = [odds.odds((), Record(75, int(rng.binomial(75, chance)))) for chance in chances]
    assert np.sqrt(np.mean(np.square(told - chances))) == pytest.approx(0.05, abs=0.005)


def test_a_habit_that_changes_is_followed():
    odds = AnswerOdds()
    for index in range(30_000):
        odds.learn(("mobile",), is_answered=index % 2 == 0)
    for index in range(30_000):
        odds.learn(("mobile",), is_answered=index % 10 == 0)
    assert odds.odds(("mobile",)) == pytest.approx(0.10, abs=0.02)


def test_evidence_is_bounded_and_goes_on_after_a_restart():
    odds = taught(20_000)
    names = odds.learn(("mobile",), is_answered=True)
    assert names == ["", "mobile"]
    kept = odds.evidence(names)
    assert all(seen.expected <= MEMORY for _, seen in kept)
    again = AnswerOdds({name: Evidence(seen.answered, seen.expected) for name, seen in kept})
    assert again.odds(("mobile",)) == odds.odds(("mobile",))


def test_no_record_makes_an_answer_certain_or_impossible():
    odds = AnswerOdds({"": Evidence(1_000.0, 1.0)})
    assert odds.odds((), Record(100, 100)) == 0.95
    assert AnswerOdds().odds((), Record(10_000, 0)) == 0.01
