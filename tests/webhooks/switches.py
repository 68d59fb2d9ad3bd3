"""Under which answers to the carrier's open questions a scenario runs.

What the carrier's documentation leaves open has a switch in the stand-in (`Variants`). A scenario
that takes `variants` runs as *usual*, with all of them *flipped*, and with each flipped alone: two
wrong guesses may hide each other, one alone cannot. Where a switch changes nothing of what is
exchanged, its run alone is marked `slow` (`make switches` runs them all). Which switch changes
which scenario is kept in `switches.json`; `python -m tests.webhooks.switches` finds out anew.
"""

import json
import re
from collections import defaultdict
from dataclasses import fields
from pathlib import Path

import pytest

from simulator.carrier.server import CarrierStandIn
from simulator.carrier.variants import Variants, flipped

SWITCHES = tuple(each.name for each in fields(Variants))
SETTINGS = {"usual": Variants(), "flipped": flipped()} | {name: flipped(name) for name in SWITCHES}
"""Every setting by its name: a switch's name is that switch flipped alone."""

TABLE = Path(__file__).with_name("switches.json")
TOUCHED = {name: set(scenarios) for name, scenarios in json.loads(TABLE.read_text()).items()}

ANY = " or ".join(SETTINGS)
"""What pytest's -k is given to find them all."""

_IN_NAME = re.compile(rf"-?\b({'|'.join(SETTINGS)})\b-?")


def split_name(node_id):
    """Return the scenario of a test and its setting, "" where it has none.

    >>> split_name("tests/test_x.py::test_rings[2-flipped]"), split_name("test_x.py::test_y[usual]")
    (('test_x::test_rings[2]', 'flipped'), ('test_x::test_y[]', 'usual'))
    """
    path, _, test = node_id.partition("::")
    name = f"{Path(path).stem}::{test}"
    found = _IN_NAME.search(name)
    return (name, "") if found is None else (_IN_NAME.sub("", name, count=1), found[1])


def parametrize(metafunc):
    """Let a test that takes `variants` run under every setting."""
    if "variants" in metafunc.fixturenames:
        metafunc.parametrize("variants", list(SETTINGS.values()), ids=list(SETTINGS))


def mark_untouched(items):
    """Mark the runs of a switch alone that cannot differ from the usual run as slow."""
    for item in items:
        scenario, setting = split_name(item.nodeid)
        is_alone = setting in TOUCHED and "variants" in getattr(item, "fixturenames", ())
        if is_alone and scenario not in TOUCHED[setting]:
            item.add_marker(pytest.mark.slow)


# --- finding what a switch touches ------------------------------------------------------------


class Traces:
    """A plugin that keeps what was exchanged in each run of a scenario."""

    def __init__(self):
        self.by_scenario = defaultdict(dict)
        self._exchanged = []
        stop = CarrierStandIn.stop

        def stop_and_keep(carrier):
            stop(carrier)
            self._keep(carrier.ledger)

        CarrierStandIn.stop = stop_and_keep

    def pytest_runtest_logstart(self):
        self._exchanged = []

    def pytest_runtest_logfinish(self, nodeid):
        scenario, setting = split_name(nodeid)
        # Two requests of one instant may change places; that is nobody's answer to anything.
        self.by_scenario[scenario][setting] = sorted(self._exchanged)

    def _keep(self, ledger):
        for each in ledger.webhooks:
            told = (each.kind, each.url, each.params, each.status, each.answer)
            self._exchanged.append(repr(told))
        for each in ledger.requests:
            self._exchanged.append(repr((each.method, each.path, each.params, each.status)))

    def touched(self):
        """Return, for each switch, the scenarios in which it makes something else be exchanged.

        What happens too under another setting is not this switch's doing: two requests that race
        each other come out one way or the other.
        """
        return {
            name: sorted(
                scenario
                for scenario, runs in self.by_scenario.items()
                if "usual" in runs and differs(runs, name)
            )
            for name in SWITCHES
        }


def differs(runs, name):
    return runs.get(name) not in [run for other, run in runs.items() if other != name]


if __name__ == "__main__":
    traces = Traces()
    folder = str(Path(__file__).parent)
    wanted = " or ".join(("usual", *SWITCHES))
    pytest.main(["-m", "slow or not slow", "-k", wanted, folder], plugins=[traces])
    TABLE.write_text(json.dumps(traces.touched(), indent=1) + "\n", encoding="utf-8")
