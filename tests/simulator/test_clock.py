"""Timers beside SimPy's own events, in one order of time."""

from simulator.timers import Clock, Timer, Timers


def test_timers_and_processes_take_turns_by_the_clock():
    told = []
    timers = Timers()
    clock = Clock(1_000, timers, lambda timer: timer.action(timer))

    def process():
        for _ in range(2):
            yield clock.timeout(100)
            told.append(("process", clock.now))

    clock.process(process())
    for at_ms in (1_150, 1_050):
        timers.add(Timer(at_ms, lambda timer: told.append((timer.value, clock.now)), at_ms))
    assert clock.peek() == 1_000  # the process begins
    clock.run()
    assert clock.peek() == float("inf")
    assert told == [(1_050, 1_050), ("process", 1_100), (1_150, 1_150), ("process", 1_200)]


def test_timers_of_one_instant_run_out_in_the_order_in_which_they_were_set():
    told = []
    timers = Timers()
    clock = Clock(0, timers, lambda timer: told.append(timer.value))
    for name in "abc":
        timers.add(Timer(5_000, print, name))
    timers.add(Timer(20_000, print, "later"))
    assert clock.peek() == 5_000
    timers.add(Timer(5_000, print, "d"))
    timers.add(Timer(4_000, print, "sooner"))
    clock.run(until=5_001)
    assert told == ["sooner", "a", "b", "c", "d"]


def test_time_stops_before_the_timers_of_the_instant_until_which_it_goes_on():
    told = []
    timers = Timers()
    clock = Clock(0, timers, lambda timer: told.append(timer.value))
    timers.add(Timer(500, print, "due"))
    clock.run(until=500)
    assert not told
    clock.run(until=501)
    assert told == ["due"]
