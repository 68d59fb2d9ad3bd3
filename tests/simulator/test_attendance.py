"""Rosters and what becomes of them: no-shows, lateness, long breaks, adherence."""

from collections import Counter

import pytest

from acd.notices import AgentChanged
from simulator.attendance import AWAY, is_as_planned, presences
from simulator.day import Day, simulate_day
from simulator.distributions import Constant, Exponential
from simulator.scenario import Break, Shift, Worker
from simulator.streams import Streams
from tests.simulator.small_centre import scenario

HOUR_MS = 3_600_000
SHIFT = Shift(start="08:00", until="12:00", breaks=(Break(at="10:00", minutes=15),))


def worked(worker, seed=1):
    return presences(worker, Streams(seed).stream("attendance", "ana"))


def test_an_agent_who_does_as_planned_has_the_planned_day():
    worker = Worker(shifts=(SHIFT,))
    assert is_as_planned(worker)
    (day,) = presences(worker, None)
    assert (day.from_ms, day.until_ms) == (8 * HOUR_MS, 12 * HOUR_MS)
    (pause,) = day.absences
    assert (pause.from_ms, pause.until_ms) == (10 * HOUR_MS, 10.25 * HOUR_MS)


def test_lateness_and_overrun_move_the_beginning_and_the_end_of_breaks():
    (day,) = worked(Worker(shifts=(SHIFT,), late_s=Constant(600.0), overrun_s=Constant(120.0)))
    assert day.from_ms == 8 * HOUR_MS + 600_000
    assert day.until_ms == 12 * HOUR_MS
    assert day.absences[0].until_ms == 10.25 * HOUR_MS + 120_000


def test_who_comes_after_a_break_or_after_the_shift_has_less_of_both():
    late = Worker(shifts=(SHIFT,), late_s=Constant(3 * 3_600.0))
    (day,) = worked(late)
    assert day.absences == ()
    assert worked(Worker(shifts=(SHIFT,), late_s=Constant(5 * 3_600.0))) == []


def test_a_share_of_days_is_not_worked():
    sick = Worker(shifts=(SHIFT,), no_show_share=0.25)
    absent = sum(not worked(sick, seed) for seed in range(400))
    assert 70 <= absent <= 130
    already = presences(sick, Streams(1).stream("a"), is_there=True)
    assert already, "who is at work has come"


def test_adherence_is_the_share_of_the_time_on_the_telephone():
    away = Worker(shifts=(Shift(start="00:00", until="24:00"),), adherence=0.9)
    lost_ms = 0
    for seed in range(60):
        (day,) = worked(away, seed)
        lost_ms += sum(min(one.until_ms, day.until_ms) - one.from_ms for one in day.absences)
    assert lost_ms / (60 * 24 * HOUR_MS) == pytest.approx(0.1, abs=0.01)


def test_absences_do_not_lie_within_one_another():
    restless = Worker(shifts=(SHIFT,), adherence=0.5, overrun_s=Exponential(300.0))
    for seed in range(30):
        (day,) = worked(restless, seed)
        assert {one.reason for one in day.absences} <= {AWAY, "break"}
        ends = [one.until_ms for one in day.absences]
        begins = [one.from_ms for one in day.absences]
        assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))


def test_the_twin_plays_what_was_drawn_and_the_books_balance():
    worker = Worker(
        shifts=(Shift(start="07:59", until="12:00", breaks=(Break(at="09:00", minutes=10),)),),
        no_show_share=0.2,
        late_s=Exponential(300.0),
        overrun_s=Exponential(120.0),
        adherence=0.85,
        missed_share=0.05,
    )
    day = Day(scenario(agents=8, worker=worker, standing=False), Streams(2))
    reasons = Counter()
    day.world.listen(AgentChanged, lambda notice: reasons.update([notice.reason]))
    result = day.run()
    assert result.problems == ()
    assert reasons[AWAY] > 8
    planned = simulate_day(scenario(agents=8, standing=False), 2).account
    assert result.account.figures()["occupancy"] > planned.figures()["occupancy"]


def test_one_agents_absence_changes_nothing_for_the_others():
    away = Worker(shifts=(SHIFT,), adherence=0.8)
    one = presences(away, Streams(4).stream("attendance", "bo"))
    assert one == presences(away, Streams(4).stream("attendance", "bo"))
    assert one != presences(away, Streams(4).stream("attendance", "ana"))
