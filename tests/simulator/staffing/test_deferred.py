"""Work that can wait: windows, what finds a place, and who is spared for it."""

import msgspec
import numpy as np
import pytest

from simulator.arrivals import Variability
from simulator.distributions import Exponential
from simulator.kernel import RoutingTables
from simulator.staffing import (
    Break,
    Centre,
    DeferredWork,
    Demand,
    Effort,
    Group,
    PlanError,
    ShiftRule,
    Target,
    plan_day,
)
from simulator.staffing.deferred import place, windows_of
from simulator.staffing.duties import duties_of, hand_out
from simulator.staffing.shifts import columns_of, counts_of, cover, possible_shifts

HOUR_S = 3600.0
EFFORT = Effort(search_days=15, proof_days=30, shift_rounds=3, valley_rounds=3, repairs=0)


def two_peaks(**changes):
    """Eight hours with a valley in the middle, one group."""
    calls = np.array([20, 20, 20, 3, 3, 3, 20, 20, 20, 20.0])
    right = {
        "demands": (
            Demand(
                name="cards",
                calls=calls,
                handle_s=np.full(10, 300.0),
                handle=Exponential(300.0),
                patience=Exponential(300.0),
            ),
        ),
        "groups": (Group(name="tellers"),),
        "tables": RoutingTables(
            call_types=("cards",), groups=("tellers",), reach_s=np.zeros((1, 1))
        ),
        "targets": (Target(metric="service_level", limit=0.8, of="cards"),),
        "interval_s": HOUR_S,
        "opens_s": 9 * HOUR_S,
        "variability": Variability(),
    }
    return Centre(**(right | changes))


def work(**changes):
    right = {"name": "letters", "of": "cards", "hours": 4.0, "from_s": 9 * HOUR_S}
    return DeferredWork(**(right | {"until_s": 19 * HOUR_S} | changes))


RULES = (ShiftRule(name="day", length_s=10 * HOUR_S, every_s=HOUR_S),)


def test_a_list_is_there_at_once_and_due_at_its_end():
    windows = windows_of(two_peaks(), (work(from_s=10 * HOUR_S, until_s=12 * HOUR_S),))
    assert windows.ready[0].tolist() == [0, 4, 4, 4, 4, 4, 4, 4, 4, 4]
    assert windows.due[0].tolist() == [0, 0, 4, 4, 4, 4, 4, 4, 4, 4]


def test_promised_work_arises_evenly_and_is_due_after_its_delay():
    windows = windows_of(two_peaks(), (work(until_s=13 * HOUR_S, delay_max_s=2 * HOUR_S),))
    assert windows.ready[0].tolist() == [0, 1, 2, 3, 4, 4, 4, 4, 4, 4]
    assert windows.due[0].tolist() == [0, 0, 1, 2, 3, 4, 4, 4, 4, 4]


def test_work_is_done_within_its_window_and_the_rest_is_left_over_by_amount():
    works = (work(from_s=10 * HOUR_S, until_s=12 * HOUR_S),)
    centre = two_peaks()
    placed = place(centre, works, windows_of(centre, works), np.ones((1, 10), dtype=np.int64))
    assert placed.done_hours[0, 0].tolist() == [0, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert placed.agents[0].tolist() == [0, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert placed.left_hours.tolist() == [2.0]


def test_what_was_left_over_when_due_is_not_done_later():
    works = (work(until_s=13 * HOUR_S, delay_max_s=HOUR_S),)
    centre = two_peaks()
    late = np.array([[0, 0, 0, 0, 0, 9, 9, 9, 9, 9]])
    placed = place(centre, works, windows_of(centre, works), late)
    assert placed.done_hours.sum() == 0
    assert placed.left_hours.tolist() == [4.0]


def test_valleys_are_filled_without_an_hour_more_and_the_targets_stay_met():
    plain = plan_day(two_peaks(), RULES, effort=EFFORT)
    filled = plan_day(two_peaks(), RULES, (work(hours=2.0),), effort=EFFORT)
    assert filled.cost == plain.cost
    assert filled.placement.left_hours.tolist() == pytest.approx([0.0])
    in_valley = filled.placement.done_hours[0, 0, 3:6].sum()
    assert in_valley == pytest.approx(filled.placement.done_hours.sum())
    assert filled.is_proven
    assert (filled.on_calls == filled.team - filled.placement.agents).all()
    assert filled.cost_of_calls == pytest.approx(filled.cost - 2.0)


def test_work_beyond_the_valleys_adds_shifts_only_if_promised():
    plenty = work(hours=30.0)
    filled = plan_day(two_peaks(), RULES, (plenty,), effort=EFFORT)
    assert filled.placement.left_hours[0] > 5
    promised = plan_day(
        two_peaks(), RULES, (msgspec.structs.replace(plenty, is_promised=True),), effort=EFFORT
    )
    assert promised.placement.left_hours[0] == pytest.approx(0.0, abs=0.01)
    assert promised.cost > filled.cost


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"hours": 0.0}, "letters: hours must be above 0, not 0"),
        ({"until_s": 9 * HOUR_S}, "letters: it must end after it begins"),
        ({"delay_max_s": 0.0}, "letters: the longest delay must be above 0"),
    ],
)
def test_impossible_work_is_refused(changes, problem):
    with pytest.raises(ValueError, match=problem):
        work(**changes)


def test_work_of_an_unknown_type_or_name_twice_or_without_shifts_is_refused():
    centre = two_peaks()
    with pytest.raises(PlanError, match="'loans' is not one of cards"):
        windows_of(centre, (work(of="loans"),))
    with pytest.raises(PlanError, match="two works are called 'letters'"):
        windows_of(centre, (work(), work()))
    with pytest.raises(PlanError, match="needs shift rules"):
        plan_day(centre, (), (work(),), effort=EFFORT)


def test_the_variables_of_a_schedule_are_found_again():
    rest = Break(length_s=HOUR_S, earliest_s=HOUR_S, latest_s=3 * HOUR_S)
    rules = (ShiftRule(name="short", length_s=5 * HOUR_S, breaks=(rest,), every_s=HOUR_S),)
    shifts = possible_shifts(rules, interval_s=HOUR_S, opens_s=0.0, intervals=10)
    schedule = cover("tellers", np.full(10, 3), shifts, interval_s=HOUR_S)
    columns = columns_of(shifts, 10, HOUR_S)
    counts = counts_of(columns, schedule)
    assert (columns.duty @ counts == schedule.on_duty).all()
    assert not (columns.links @ counts).any()
    assert schedule.paid_s == columns.paid_s @ counts


def test_deferred_work_is_handed_out_in_long_pieces_and_evenly():
    rules = (ShiftRule(name="day", length_s=6 * HOUR_S, every_s=HOUR_S),)
    shifts = possible_shifts(rules, interval_s=HOUR_S, opens_s=0.0, intervals=10)
    schedule = cover("tellers", np.array([0, 0, 2, 2, 2, 2, 2, 2, 0, 0]), shifts, interval_s=HOUR_S)
    duties = hand_out(duties_of(two_peaks(), schedule), np.array([9, 0, 1, 1, 0, 1, 1, 0, 0, 0]))
    assert [duty.deferred for duty in duties] == [(2, 3), (5, 6)]
    assert duties[0].on_calls.tolist() == [False] * 4 + [True] * 4 + [False] * 2
