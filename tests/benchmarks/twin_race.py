"""Simulated days beside other models of the same days, measured in turn in one process.

    python tests/benchmarks/twin_race.py one_queue 5

Prints, as JSON, how long each model took per call: the best of so many rounds. Run with another
`PYTHONPATH` it measures the compiled twin. All models get the same callers, drawn before; each
tells how many were answered and how long these waited, and they must agree to the millisecond
(where several skills tie, to a few calls).

The twin drives the unchanged centre with its measures by interval; the others keep nothing but the
waits. Ciw is used when it is installed.

    python tests/benchmarks/twin_race.py growth 3

Prints what a call costs the twin alone, by the number of agents. In every size the work is the
same: half of the callers wait, nobody gives up, and agents sign in and out outside the time taken.
"""

import gc
import json
import sys
from importlib.util import find_spec
from time import process_time

import numpy as np

from acd.config import AcdConfig, AgentConfig, QueueConfig, RelaxStep
from acd.engine import front
from dialer.config import CentreConfig
from simulator.callers import draw_callers
from simulator.day import Day
from simulator.distributions import Exponential
from simulator.erlang import erlang_c
from simulator.kernel import RoutingTables
from simulator.scenario import CallType, Scenario, Shift, Worker
from simulator.streams import Streams
from tests.benchmarks.planning_peers import skill_day, textbook_day
from tests.simulator.small_centre import AT_ONCE, scenario

TALK, PATIENCE = Exponential(300.0), Exponential(180.0)
WORKER = Worker(shifts=(Shift(start="07:59", until="20:00"),))
TEAMS = {"a": 28, "b": 28, "c": 26, "abc": 18}
"""Agents who serve these call types: three teams of specialists, one of all-rounders."""

NEVER, LATE_MS, POINT_MS = np.inf, 30_000, 60_000
PRIORITIES = {"a": 2, "b": 1, "c": 0}
"""In points: a call of type a goes before one of type c that came up to two minutes earlier."""

SKILLS = RoutingTables(
    call_types=tuple(PRIORITIES),
    groups=tuple(TEAMS),
    reach_s=np.array([[0, NEVER, NEVER, 0], [NEVER, 0, NEVER, 0], [LATE_MS, NEVER, 0, 0]]),
    rank=np.array([[0, 9, 9, 1], [9, 0, 9, 1], [0, 9, 0, 1]]),
    priority=np.array([[points * POINT_MS] * 4 for points in PRIORITIES.values()]),
)
"""What `skill_centre` says, in milliseconds: type c may go to team a after half a minute."""


def one_queue(agents=100, *, half_hours=20):
    """20 calls a minute for each 100 agents, ten hours: M/M/c+M."""
    return scenario(
        agents=agents,
        per_interval=(6.0 * agents,) * half_hours,
        talk_s=TALK,
        patience_s=PATIENCE,
        worker=WORKER,
    )


def three_skills():
    """Three call types of 200 an hour's half each, four groups, 100 agents, ten hours."""
    names = {f"{team}{index}": team for team, size in TEAMS.items() for index in range(size)}
    return Scenario(
        name="three skills",
        opens_at="08:00",
        calls={
            name: CallType(queue=name, per_interval=(200.0,) * 20, talk_s=TALK, patience_s=PATIENCE)
            for name in PRIORITIES
        },
        agents=dict.fromkeys(names, WORKER),
        carrier=AT_ONCE,
        centre=skill_centre(names),
    )


def skill_centre(names):
    queues = [
        QueueConfig(
            queue_id=name,
            skills={name: 1},
            agent_choice="least_skilled",
            priority=points,
            wrap_up_ms=0,
            wait_ms_max=86_400_000,
            relaxation=(RelaxStep(after_ms=LATE_MS, levels={"c": 0}, share_with=("a",)),)
            if name == "c"
            else (),
        )
        for name, points in PRIORITIES.items()
    ]
    agents = [
        AgentConfig(agent_id=name, skills=dict.fromkeys(team, 1), queues=tuple(team), standing=True)
        for name, team in names.items()
    ]
    return CentreConfig(acd=AcdConfig(queues=tuple(queues), agents=tuple(agents)))


def calls_of(world):
    """Return the callers as the other models take them: arrival, type, talk and patience in ms."""
    types = list(world.calls)
    return [
        (caller.at_ms, types.index(caller.line), person.talk_ms, person.patience_ms)
        for caller in draw_callers(world, Streams(1))
        for person in (caller.customer,)
    ]


def twin(world):
    day = Day(world, Streams(1))

    def play():
        total = day.run().account.total
        return total.answered, total.answered_wait_ms

    return play


def of_waits(play):
    """Make a model that returns waits by call return what `twin` does."""

    def played():
        waits = play()
        return len(waits), sum(waits.values())

    return played


def ciw_day(calls, agents):
    """The single queue as Ciw's guide writes it: one node whose customers renege."""
    import ciw

    class Drawn(ciw.dists.Distribution):
        def __init__(self, values):
            self.values = values

        def sample(self, t=None, ind=None):
            return self.values[ind.id_number - 1]

    arrivals_ms, _, talks_ms, patience_ms = zip(*calls, strict=True)
    gaps_ms = [*np.diff(arrivals_ms, prepend=0).tolist(), float("inf")]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential(gaps_ms)],
        service_distributions=[Drawn(talks_ms)],
        reneging_time_distributions=[Drawn(patience_ms)],
        number_of_servers=[agents],
    )
    model = ciw.Simulation(network)

    def play():
        model.simulate_until_max_time(86_400_000 * 2)
        records = model.get_all_records(only=["service"])
        return len(records), sum(record.waiting_time for record in records)

    return play


def models_of(case):
    """Return the makers of models to be measured, the twin first, and how many calls there are."""
    world = {"one_queue": one_queue, "three_skills": three_skills}[case]()
    calls = calls_of(world)
    makers = {"twin": lambda: twin(world)}
    if case == "one_queue":
        makers["textbook SimPy"] = lambda: of_waits(lambda: textbook_day(calls, 100))
        if find_spec("ciw"):
            makers["Ciw"] = lambda: ciw_day(calls, 100)
    else:
        agents = list(TEAMS.values())
        makers["generator SimPy"] = lambda: of_waits(lambda: skill_day(calls, SKILLS, agents))
    return makers, len(calls)


SIZES = {10: 24, 100: 24, 1_000: 6, 5_000: 4}
"""Agents, and half hours: small centres work longer, so that there are calls to count."""

GATHERING_MS = 30 * 60_000
"""In six times the mean talk an empty centre has become as busy as it stays."""

ENDLESS = Exponential(1e6)
"""The patience of people who all stay."""


def growing_centre(agents):
    """One queue in which half of the callers wait, and nobody gives up, whatever its size."""
    low_per_s, high_per_s = 0.0, agents / TALK.mean
    for _ in range(40):
        per_s = (low_per_s + high_per_s) / 2
        p_wait = erlang_c(arrivals_per_s=per_s, handle_s=TALK.mean, agents=agents).p_wait
        low_per_s, high_per_s = (per_s, high_per_s) if p_wait < 0.5 else (low_per_s, per_s)
    return scenario(
        agents=agents,
        per_interval=(1_800 * low_per_s,) * SIZES[agents],
        talk_s=TALK,
        patience_s=ENDLESS,
        worker=Worker(shifts=(Shift(start="07:59", until="23:59"),)),
    )


def steady_part(world):
    """Play the time in which calls come and everybody is there; return what a call took."""
    day = Day(world, Streams(1))
    twin, opens_ms = day.world, world.opens_at_s * 1_000
    twin.begin()
    twin.run_until(opens_ms + GATHERING_MS)
    before = twin.measures.total()
    ends_ms = opens_ms + len(world.calls["calls"].per_interval) * 1_800_000
    taken_s, _ = seconds_and_result(lambda: twin.run_until(ends_ms))
    after, sketch = twin.measures.total(), twin.measures.waits["q"]
    return {
        "calls": after.offered - before.offered,
        "microseconds": taken_s / (after.offered - before.offered) * 1e6,
        "waited": 1 - sketch.zeros / sketch.count,
        "gave up": after.abandoned / after.offered,
    }


def growth(rounds):
    """Return what a call costs by the number of agents: the best of several rounds."""
    found = {agents: [] for agents in SIZES}
    for _ in range(rounds):
        for agents in SIZES:
            found[agents].append(steady_part(growing_centre(agents)))
    return {
        "compiled": not front.__file__.endswith(".py"),
        "sizes": {
            agents: min(parts, key=lambda part: part["microseconds"])
            for agents, parts in found.items()
        },
    }


def seconds_and_result(play):
    gc.collect()
    start = process_time()
    result = play()
    return process_time() - start, result


def race(case, rounds):
    """Play every model in turn, so many times; return what each took and what came of it."""
    makers, count = models_of(case)
    times, results = {name: [] for name in makers}, {}
    for _ in range(rounds):
        for name, make in makers.items():
            taken_s, results[name] = seconds_and_result(make())
            times[name].append(taken_s)
    return {
        "calls": count,
        "compiled": not front.__file__.endswith(".py"),
        "microseconds": {name: min(taken) / count * 1e6 for name, taken in times.items()},
        "answered, waited": results,
    }


if __name__ == "__main__":
    case, rounds = sys.argv[1], int(sys.argv[2])
    print(json.dumps(growth(rounds) if case == "growth" else race(case, rounds)))
