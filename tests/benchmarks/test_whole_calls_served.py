"""Whole inbound calls a second through everything on this machine's processors.

A call comes in, hears the flow, waits, an agent is rung, both meet in a room, the caller hangs up,
the agent's leg is ended: a dozen webhooks, three REST requests, two legs, through web processes,
journal and leader and back. As soon as one ends the next one rings, so that always as many are on
the line; more of them until there is nothing more to gain. All must end `connected`, in the books
of the centre and in the carrier's own. The stand-in and its people run on the same processors; how
much of the time is theirs is told.
"""

import sys
import time

import pytest

from tests.benchmarks.whole_site import WholeSite

AT_ONCE = (10, 20, 40)
SECONDS, SPEED = 10.0, 4


def _ended(site):
    return sum(site.outcomes().values())


def _keep_ringing(site, at_once, is_enough):
    """Keep so many on the line until it is enough; return how many calls ended in a second."""
    started, before = time.monotonic(), _ended(site)
    while not is_enough(_ended(site) - before, time.monotonic() - started):
        site.ring(max(0, at_once - site.on_the_line()))
        site.wait_until(lambda: site.on_the_line() < at_once)
    return (_ended(site) - before) / (time.monotonic() - started)


def _measured(site, at_once):
    """Measure once as many calls have ended as began together, so that they are well mixed."""
    _keep_ringing(site, at_once, lambda ended, _: ended >= at_once)
    before = site.busy_s()
    rate = _keep_ringing(site, at_once, lambda _, seconds: seconds >= SECONDS)
    busy = {name: used - before[name] for name, used in site.busy_s().items()}
    site.wait_until(lambda: site.on_the_line() == 0)
    return rate, busy


def _check(site):
    ledger = site.carrier.ledger
    inbound = [leg for leg in ledger.legs.values() if leg.direction == "inbound"]
    site.wait_until(lambda: sum(site.outcomes().values()) == len(inbound))
    assert site.outcomes() == {"connected": len(inbound)}
    assert {leg.status for leg in inbound} == {"completed"}
    assert ledger.double_talks(lambda address: address.startswith("client:")) == []
    assert [alert.text for alert in ledger.alerts] == []


@pytest.mark.bench
def test_whole_calls_a_second(tmp_path, capsys):
    with WholeSite(tmp_path, agents=2 * max(AT_ONCE), speed=SPEED) as site:
        found = {at_once: _measured(site, at_once) for at_once in AT_ONCE}
        _check(site)
        calls = sum(site.outcomes().values())
    best = max(found, key=lambda at_once: found[at_once][0])
    rate, busy = found[best]
    shares = ", ".join(f"{name} {used / sum(busy.values()):.0%}" for name, used in busy.items())
    with capsys.disabled():
        rates = ", ".join(f"{each[0]:.1f}/s with {n}" for n, each in found.items())
        each_ms = 1000 * sum(busy.values()) / (rate * SECONDS)
        sys.stdout.write(
            f"\nwhole inbound calls, all {calls} connected: {rates} on the line;"
            f" at the best, {each_ms:.0f} ms of a processor a call: {shares}\n"
        )
