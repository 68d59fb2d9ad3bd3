"""Recorded logs of the distributor: what was commanded once is commanded again, byte for byte.

A log holds the settings, then one line per event with the commands it led to (null when it was
refused), then the figures of the whole. When routing changes on purpose, bump `ROUTING_VERSION`,
run `python tests/golden/test_acd_golden.py` and say in the commit which calls now go elsewhere.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from acd.codec import COMMANDS, EVENTS, Codec  # noqa: E402  (found beside this file when run alone)
from acd.config import AcdConfig  # noqa: E402
from acd.engine import Engine  # noqa: E402
from acd.measures import Measures  # noqa: E402
from acd.messages import EventError  # noqa: E402

FIGURES = ("offered", "answered", "abandoned", "answered_wait_ms", "handled", "talk_ms")
LOGS = sorted(HERE.glob("acd_*.jsonl"))
EVENT_CODEC, COMMAND_CODEC, SETTINGS_CODEC = Codec(EVENTS), Codec(COMMANDS), Codec([AcdConfig])


def told(engine, name, facts, at_ms):
    """Return the log line of an event: when, what, and what it led to."""
    event = EVENT_CODEC.decode(name, facts, at_ms)
    try:
        led_to = [COMMAND_CODEC.encode(command) for command in engine.handle(event)]
    except EventError:
        led_to = None
    return json.dumps([at_ms, name, facts, led_to], sort_keys=True)


def play(engine, facts_told):
    """Return the log lines of plain events, and of the figures they came to in the end."""
    measures = Measures(engine.config.queues)
    for name, facts, at_ms in facts_told:
        yield told(engine, name, facts, at_ms)
        measures.feed(engine.notices)
        engine.notices = []
    total = measures.total()
    yield json.dumps({name: getattr(total, name) for name in FIGURES})


def replayed(log):
    """Return the lines that today's code makes of a recorded log's settings and events."""
    settings, *rows, _ = [json.loads(line) for line in log.read_text().splitlines()]
    engine = Engine(SETTINGS_CODEC.decode("AcdConfig", settings, 0))
    facts_told = ((name, facts, at_ms) for at_ms, name, facts, _ in rows)
    return [json.dumps(settings, sort_keys=True), *play(engine, facts_told)]


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_recorded_log_is_commanded_again(log):
    recorded = log.read_text().splitlines()
    for number, (now, then) in enumerate(zip(replayed(log), recorded, strict=True), 1):
        assert now == then, f"{log.name}, line {number}"


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_log_does_not_depend_on_the_hash_seed(hash_seed):
    code = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(HERE)!r}]\n"
        "import test_acd_golden as golden\n"
        "print('\\n'.join(golden.replayed(golden.LOGS[0])))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    made = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert made.stdout == LOGS[0].read_text()


def record(seed, event_count=400):
    """Write the log of a new walk."""
    path = ROOT / "tests" / "properties" / "acd_walk.py"
    spec = importlib.util.spec_from_file_location("acd_walk", path)
    acd_walk = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(acd_walk)
    walk = acd_walk.Walk(seed)
    walk.steps = [step for step in walk.steps if step[1] != walk.settings_change]
    walk.run(event_count, is_checked=False)
    engine = Engine(walk.first_config)
    _, settings = SETTINGS_CODEC.encode(walk.first_config)
    lines = [json.dumps(settings, sort_keys=True)]
    lines += play(engine, ((*EVENT_CODEC.encode(event), event.at_ms) for event, _ in walk.diary))
    (HERE / f"acd_walk_{seed}.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    for chosen in (30, 66, 72, 197, 369):
        record(chosen)
