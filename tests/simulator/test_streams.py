"""Random streams: reproducible, independent of order, unrelated to one another."""

import subprocess
import sys

import numpy as np
import pytest

from simulator.streams import Streams


def test_same_names_give_the_same_numbers():
    one = Streams(1, day=3).stream("handle", "billing").random(5)
    other = Streams(1).on_day(3).stream("handle", "billing").random(5)
    assert one.tolist() == other.tolist()


def test_numbers_do_not_depend_on_what_was_drawn_before():
    streams = Streams(1)
    alone = streams.stream("patience").random(3)
    streams.stream("arrivals").random(1000)
    assert streams.stream("patience").random(3).tolist() == alone.tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Streams(1).stream("a"), Streams(2).stream("a")),
        (Streams(1, 0).stream("a"), Streams(1, 1).stream("a")),
        (Streams(1).stream("a"), Streams(1).stream("b")),
        (Streams(1).stream("a", "b"), Streams(1).stream("a,b")),
        (Streams(1).stream("a", "b"), Streams(1).stream("a', 'b")),
        (Streams(11, 0).stream("a"), Streams(1, 10).stream("a")),
    ],
)
def test_any_other_name_gives_an_unrelated_stream(one, other):
    n = 20_000
    correlation = np.corrcoef(one.random(n), other.random(n))[0, 1]
    assert abs(correlation) < 4 / np.sqrt(n)


def test_numbers_do_not_depend_on_the_hash_seed_of_the_process():
    program = "from simulator.streams import Streams; print(Streams(5).stream('x').random())"
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(printed) == 1
