"""A seeded crowd of calls through the whole product while everything that can go wrong does.

Webhooks, store, worker process, gateway and stand-in are the real ones. The seed decides who calls
when, how long each waits and talks, who is dialled and how they take it, and which faults strike.
How threads and processes interleave it cannot decide, so what is asked at the end holds for every
order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from simulator.carrier.faults import all_faults
from simulator.carrier.people.manners import Callee, Caller, Manner
from tests.cordboard.runtime.live_site import OUR_NUMBER, LiveSite

FAULT_SHARE = 0.1
SPEED = 10
STANDING_AGENTS = ("dee", "eve")
FIRST = ("ana", "ben", "cat")


@dataclass(frozen=True)
class Crowd:
    """How many of each."""

    callers: int
    leads: int
    sellers: int
    gap_s: float  #: mean time between callers

    @property
    def names(self):
        return tuple(f"s{n:02}" for n in range(self.sellers))


def callers(crowd: Crowd, draw: Random) -> list[tuple[float, Caller]]:
    """Return who calls and when."""
    at_s, found = 1.0, []
    for n in range(crowd.callers):
        at_s += draw.expovariate(1 / crowd.gap_s)
        manner = Manner(
            patience_s=draw.choice([draw.uniform(0.2, 6.0), draw.uniform(20.0, 120.0)]),
            talk_s=draw.uniform(0.3, 20.0),
            lingers_s=draw.uniform(0.1, 5.0),
            stays_s=draw.choice([None, None, draw.uniform(0.1, 30.0)]),
        )
        found.append((at_s, Caller(f"+44161496{n:04}", OUR_NUMBER, manner=manner)))
    return found


def called(crowd: Crowd, draw: Random) -> dict[str, Callee]:
    """Return how each lead takes a dial."""
    kinds = [
        lambda: Callee(
            ring_s=draw.uniform(1, 8), manner=Manner(talk_s=draw.uniform(1, 20), stays_s=90.0)
        ),
        lambda: Callee(ring_s=2.0, detection_s=None, manner=Manner(stays_s=20.0)),
        lambda: Callee(ring_s=2.0, manner=Manner(stays_s=draw.uniform(0.1, 6.0))),
        lambda: Callee(kind="machine", detection_s=draw.uniform(1, 5), manner=Manner(stays_s=60.0)),
        lambda: Callee(pick_up=draw.choice(["busy", "no-answer", "unreachable", "invalid"])),
    ]
    return {f"+44207946{200 + n:04}": draw.choice(kinds)() for n in range(crowd.leads)}


def run_chaos(store, folder, crowd: Crowd, seed: int, within_s: float) -> None:
    """Let the crowd call, then ask what must hold whatever happened."""
    draw = Random(seed)
    people = called(crowd, draw)
    live = LiveSite(
        store,
        folder,
        speed=SPEED,
        leads=crowd.leads,
        callees=people,
        faults=all_faults(FAULT_SHARE),
        seed=seed,
        sellers=crowd.names,
    )
    with live:
        live.start_ready_worker()
        live.sign_in(*FIRST, *crowd.names, *STANDING_AGENTS)
        timeline = live.carrier.timeline
        with timeline.held():
            for at_s, caller in callers(crowd, draw):
                timeline.later(at_s, incoming(live, caller))
        live.wait_until(lambda: has_ended(live, crowd), within_s=within_s)
        live.sign_out(*FIRST, *crowd.names, *STANDING_AGENTS)
        live.wait_until(lambda: no_leg_lives(live), within_s=120)
        live.wait_until(live.outbox_is_empty, within_s=60)
        check(live, people)
        live.stop_workers()
        live.check_replay()


def incoming(live: LiveSite, caller: Caller) -> Callable[[], object]:
    return lambda: live.carrier.exchange.incoming(caller)


def has_ended(live: LiveSite, crowd: Crowd) -> bool:
    """Tell whether everybody who calls has an outcome, and every lead was tried."""
    books = live.books()
    dials = sum(books.get("dials_closed", {}).values())
    return sum(live.closed().values()) == crowd.callers and dials >= crowd.leads


def no_leg_lives(live: LiveSite) -> bool:
    with live.carrier.timeline.held():
        return not live.carrier.ledger.live_legs()


def check(live: LiveSite, people: dict[str, Callee]) -> None:
    """One outcome for each call, no agent in two talks, no attempt dialled twice."""
    live.check_books()
    with live.carrier.timeline.held():
        ledger = live.carrier.ledger
        inbound = [leg for leg in ledger.legs.values() if leg.direction == "inbound"]
        dialled = [leg for leg in ledger.legs.values() if leg.pii_to in people]
        doubles = ledger.double_talks(lambda address: address.startswith("client:"))
    books = live.books()
    assert books["opened"]["inbound"] == len(inbound) == sum(live.closed().values())
    assert len(dialled) <= books["dials_placed"]
    assert doubles == []
