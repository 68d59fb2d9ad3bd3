"""What the predictive pacer learns: durations, ring times, the answer rate, the bank,
departures."""

import numpy as np
import pytest

from dialer.pacing.answers import AnswerRate
from dialer.pacing.bank import THRESHOLD_MAX, THRESHOLD_MIN, AbandonBank
from dialer.pacing.flight import Flight
from dialer.pacing.hazards import HazardLaw, LognormalPrior, exposure_by_bin
from dialer.pacing.ring_law import RingLaw
from dialer.pacing.workload import Workload

HORIZONS_S = np.arange(0.0, 41.0, 2.0) + 2.0


def lognormal(rng, mean, cv, count):
    sigma2 = np.log1p(cv * cv)
    return rng.lognormal(np.log(mean) - sigma2 / 2, np.sqrt(sigma2), count)


def test_a_hazard_law_forgets_a_wrong_prior():
    rng = np.random.default_rng(2)
    law = HazardLaw(LognormalPrior(400.0, 1.0))
    talks_s = lognormal(rng, 90.0, 0.8, 3000)
    for talk_s in talks_s:
        law.observe(talk_s)
    at_s = np.array([20.0, 60.0, 120.0, 240.0])
    seen = [(talks_s > at).mean() for at in at_s]
    assert law.survival(at_s, []) == pytest.approx(seen, abs=0.03)


def test_talks_that_still_run_keep_the_law_from_favouring_short_ones():
    """Of twenty talks begun together the five short ones have ended: the rest must count too."""
    law = HazardLaw(LognormalPrior(120.0, 1.0, weight_s=1.0))
    for _ in range(5):
        law.observe(30.0)
    alone = law.survival(np.array([60.0]), [])[0]
    with_running = law.survival(np.array([60.0]), [45.0] * 15)[0]
    assert with_running > alone + 0.2


def test_exposure_is_spent_bin_by_bin():
    spent_s = exposure_by_bin(np.array([4.0, 12.0]))
    assert spent_s.sum() == pytest.approx(16.0)
    assert spent_s[0] == pytest.approx(6.0)


def test_old_contacts_fade():
    """After a thousand long talks the list changes: a law that fades follows within a few
    hundred."""
    law = HazardLaw(LognormalPrior(120.0, 1.0), ends_max=200.0)
    for _ in range(1000):
        law.observe(300.0)
    for _ in range(400):
        law.observe(30.0)
    assert law.survival(np.array([60.0]), [])[0] < 0.3


def test_hazards_survive_a_restart():
    law, other = (HazardLaw(LognormalPrior(120.0, 1.0)) for _ in range(2))
    for talk_s in (5.0, 50.0, 500.0):
        law.observe(talk_s)
    other.restore(law.snapshot())
    at_s = np.array([10.0, 100.0])
    assert other.survival(at_s, []) == pytest.approx(law.survival(at_s, []))


def test_ring_law_follows_what_it_hears():
    law = RingLaw(LognormalPrior(10.0, 0.5), count_max=1500.0)
    for age_s in lognormal(np.random.default_rng(3), 14.0, 0.3, 2000):
        law.observe(age_s)
    law.refresh()
    assert law.cdf(np.array([0.0, 14.0, 40.0])) == pytest.approx([0.0, 0.55, 1.0], abs=0.04)
    assert law.masses().sum() == pytest.approx(1.0, abs=1e-6)


def feed(rate, rng, share, seconds, start_s=0.0, per_s=2):
    """Dial `per_s` numbers a second; those that answer do so ten seconds later."""
    masses = np.zeros(76)
    masses[10] = 1.0
    due = {}
    for second in range(int(seconds)):
        now_s = start_s + second
        for _ in range(due.pop(second, 0)):
            rate.advance(now_s, masses)
            rate.answered()
        for _ in range(per_s):
            rate.launched(now_s, None, masses)
            if rng.random() < share:
                due[second + 10] = due.get(second + 10, 0) + 1
    return rate.share()


def test_the_answer_rate_is_found_whatever_the_prior():
    assert feed(AnswerRate(), np.random.default_rng(1), 0.20, 4000) == pytest.approx(0.20, abs=0.02)


def test_calls_that_still_ring_do_not_lower_the_rate():
    """Ten seconds after the first dial nothing has been answered, and nothing was due."""
    rate = AnswerRate()
    assert feed(rate, np.random.default_rng(1), 0.9, 9, per_s=20) == pytest.approx(0.35, abs=1e-6)


def test_a_list_that_changes_is_followed_within_minutes():
    rate, rng = AnswerRate(), np.random.default_rng(5)
    assert feed(rate, rng, 0.35, 4000) == pytest.approx(0.35, abs=0.03)
    assert feed(rate, rng, 0.15, 400, start_s=4000.0) == pytest.approx(0.15, abs=0.05)


def test_odds_are_scaled_not_replaced():
    rate = AnswerRate()
    feed(rate, np.random.default_rng(1), 0.175, 4000)
    assert rate.share(0.6) == pytest.approx(0.3, abs=0.04)


def test_a_call_is_likeliest_live_when_people_answer_and_hardly_afterwards():
    flight = Flight(LognormalPrior(10.0, 0.4), LognormalPrior(25.0, 0.2))
    young, ripe, old = flight.ringing(np.array([0.0, 8.0, 24.0]), 0.3)[:, 4]
    assert ripe > young > old
    assert old < 0.05


def test_new_calls_answer_by_the_learnt_law():
    flight = Flight(LognormalPrior(10.0, 0.5), LognormalPrior(18.0, 0.5))
    new = flight.new([0.2, 0.4])
    assert new[1] == pytest.approx(2 * new[0])
    assert new[1, -1] == pytest.approx(0.4, abs=0.01)
    assert flight.weights.sum() == pytest.approx(1.0)


def test_people_among_answers_are_learnt():
    flight = Flight(LognormalPrior(10.0, 0.5), LognormalPrior(18.0, 0.5))
    for index in range(2000):
        flight.on_outcome("human" if index % 4 == 0 else "machine", 12.0)
        flight.on_outcome("busy", 4.0)
    assert flight.people_share == pytest.approx(0.25, abs=0.02)


def test_the_verdicts_delay_follows_from_the_calls_in_detection():
    """One answered call a second, each four seconds in detection: four are there at any time."""
    flight = Flight(LognormalPrior(10.0, 0.5), LognormalPrior(18.0, 0.5))
    for second in range(3000):
        flight.advance(float(second), detecting=4)
        flight.on_outcome("human" if second % 2 else "machine", 14.0)
    assert flight.verdict_s == pytest.approx(4.0, rel=0.05)
    odds = flight.detecting(3)
    assert odds.shape[0] == 3
    assert (np.diff(odds[0]) >= 0.0).all()
    assert odds[0, -1] == pytest.approx(flight.people_share)


def test_a_call_that_still_rings_when_answers_must_have_come_is_not_live():
    flight = Flight(LognormalPrior(14.0, 0.05), LognormalPrior(25.0, 0.2))
    at_twelve_s = flight.ringing(np.array([12.0]), 0.3)[0, -1]
    for second in range(3000):
        flight.advance(float(second), detecting=4)
        flight.on_outcome("human" if second % 2 else "machine", 14.0)
    flight.advance(4000.0, detecting=0)
    assert flight.ringing(np.array([12.0]), 0.3)[0, -1] < 0.2 < at_twelve_s


def test_agents_come_free_as_simulated_ones_do():
    """Residual talk, then a whole wrap-up, for agents who have talked for 100 s."""
    rng = np.random.default_rng(9)
    work = Workload(LognormalPrior(120.0, 1.0), LognormalPrior(30.0, 0.6), HORIZONS_S)
    talks_s, wraps_s = lognormal(rng, 120.0, 1.0, 6000), lognormal(rng, 30.0, 0.6, 6000)
    for talk_s, wrap_s in zip(talks_s, wraps_s, strict=True):
        work.on_talk_ended(talk_s)
        work.on_wrap_ended(0.0, wrap_s)
    long_s = (talks_s + wraps_s)[talks_s > 100.0]
    busy, _ = work.busy_at(1000.0, [900.0], [])
    seen = [(long_s > 100.0 + horizon_s).mean() for horizon_s in HORIZONS_S]
    assert busy[0] == pytest.approx(seen, abs=0.03)


def test_agents_who_leave_after_wrap_up_are_not_counted_on():
    work = Workload(LognormalPrior(120.0, 1.0), LognormalPrior(30.0, 0.6), HORIZONS_S)
    for index in range(3400):
        work.on_wrap_ended(100.0 * index, 20.0)
        if index % 4 == 0:
            work.departures.on_signed_out(100.0 * index)
    assert work.departures.after_wrap_share == pytest.approx(0.25, abs=0.02)
    _, wrapping = work.busy_at(350_000.0, [], [349_970.0])
    assert wrapping[0, -1] > 0.2


def test_ready_agents_who_leave_are_a_hazard():
    work = Workload(LognormalPrior(120.0, 1.0), LognormalPrior(30.0, 0.6), HORIZONS_S)
    for _ in range(1000):
        work.departures.on_ready(1000.0)
        work.departures.on_signed_out(50_000.0)
    assert work.departures.ready_hazard_per_s == pytest.approx(0.001, rel=0.02)


def test_the_bank_lands_on_the_target():
    """Abandons follow the threshold; whatever the proportion, the rate settles on the target."""
    for proportion in (0.5, 2.0):
        bank, rng, abandons = AbandonBank(), np.random.default_rng(4), 0
        for _ in range(20_000):
            bank.answered(0.03)
            if rng.random() < proportion * bank.threshold(20, 0.03):
                bank.abandoned()
                abandons += 1
        assert abandons / 20_000 == pytest.approx(0.03, abs=0.001)


def test_the_threshold_stays_between_its_bounds():
    poor, rich = AbandonBank(balance=-1e6), AbandonBank(balance=1e6)
    assert poor.threshold(5, 0.03) == THRESHOLD_MIN
    assert rich.threshold(5, 0.03) == THRESHOLD_MAX
