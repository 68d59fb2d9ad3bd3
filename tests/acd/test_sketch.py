import random

import pytest

from acd.sketch import ERROR, Sketch


def exact(values, share):
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * round(share * 1000) // 1000), 1) - 1]


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9, 0.99, 1.0])
def test_quantile_is_right_to_the_stated_error(share):
    draw = random.Random(3)
    values = [int(draw.expovariate(1 / 40_000)) + 1 for _ in range(5_000)]
    sketch = Sketch()
    for value in values:
        sketch.add(value)

    assert sketch.quantile(share) == pytest.approx(exact(values, share), rel=ERROR)


def test_merged_sketches_are_the_sketch_of_all_values():
    parts, whole = [Sketch(), Sketch()], Sketch()
    for number in range(1_000):
        parts[number % 2].add(number)
        whole.add(number)
    parts[0].merge(parts[1])

    assert (parts[0].count, parts[0].zeros) == (whole.count, whole.zeros)
    assert parts[0].buckets == whole.buckets


def test_nothing_measured_has_no_quantile():
    assert Sketch().quantile(0.5) is None


def test_values_not_above_zero_count_as_zero():
    sketch = Sketch()
    for value in (0, -5, 10):
        sketch.add(value)

    assert sketch.quantile(0.5) == 0.0
    assert sketch.quantile(1.0) == pytest.approx(10, rel=ERROR)


def test_a_day_of_milliseconds_needs_few_buckets():
    sketch = Sketch()
    for power in range(27):
        for step in range(64):
            sketch.add((1 << power) * (64 + step) // 64)

    assert len(sketch.buckets) < 1_000
