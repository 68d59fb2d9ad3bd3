"""What is seen while the demo runs, from its first moment on."""

from pathlib import Path

from cordboard.cli.demo.progress import tape
from cordboard.cli.demo.running import Plan
from cordboard.cli.live import Ports
from simulator.books import Books

PLAN = Plan(
    folder=Path("centre"),
    data=Path("data"),
    minutes=1.0,
    speed=20,
    seed=1,
    kill_every_s=0.0,
    ports=Ports(1, 2),
    carrier_port=3,
)


def test_progress_can_be_shown_before_anything_has_happened():
    with tape(PLAN) as shown:
        shown.show(0, Books(), restarts=0)
        shown.show(60_000, Books(calls_opened=1, calls={"connected": 1}), restarts=1)
