"""Timers beside SimPy's own events, in one order of time."""

from simulator.world import Clock, Timer


def test_timers_and_processes_take_turns_by_the_clock():
    told = []
    clock = Clock(1_000, lambda timer: timer.action(timer))

    def process():
        for _ in range(2):
            yield clock.timeout(100)
            told.append(("process", clock.now))

    clock.process(process())
    for at_ms in (1_150, 1_050):
        clock.set(Timer(at_ms, lambda timer: told.append((timer.value, clock.now)), at_ms))
    clock.run()
    assert told == [(1_050, 1_050), ("process", 1_100), (1_150, 1_150), ("process", 1_200)]


def test_timers_of_one_instant_run_out_in_the_order_in_which_they_were_set():
    told = []
    clock = Clock(0, lambda timer: told.append(timer.value))
    for name in "abc":
        clock.set(Timer(500, print, name))
    clock.run(until=501)
    assert told == ["a", "b", "c"]
