"""Quantiles of a stream in little memory, with a stated error, that can be merged.

Values fall into buckets whose bounds grow by a constant factor, so a quantile is known to a
relative error of `ERROR` however many values there were, and sketches of intervals, queues or sites
are merged by adding their counts. A day of waits from a millisecond to a day takes under a thousand
buckets.

Source: C. Masson, J. Rim and H. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with
relative-error guarantees", Proceedings of the VLDB Endowment 12(12), 2019.
"""

from math import ceil, log

ERROR = 0.01
"""Relative error of every quantile: half of it could be above, half below."""

_GROWTH = (1 + ERROR) / (1 - ERROR)
_LOG_GROWTH = log(_GROWTH)


class Sketch:
    """Counts of values by size.

    Example:
        >>> sketch = Sketch()
        >>> for wait_ms in range(1, 1_001):
        ...     sketch.add(wait_ms)
        >>> round(sketch.quantile(0.5), -1)
        500.0
    """

    __slots__ = ("buckets", "count", "zeros")

    def __init__(self) -> None:
        self.count = 0
        self.zeros = 0
        self.buckets: dict[int, int] = {}  #: number of the bucket -> how many values

    def add(self, value: int) -> None:
        """Count a value; what is not above 0 counts as 0."""
        self.count += 1
        if value <= 0:
            self.zeros += 1
        else:
            index = ceil(log(value) / _LOG_GROWTH)
            self.buckets[index] = self.buckets.get(index, 0) + 1

    def merge(self, other: "Sketch") -> None:
        """Add all values of another sketch."""
        self.count += other.count
        self.zeros += other.zeros
        for index, count in other.buckets.items():
            self.buckets[index] = self.buckets.get(index, 0) + count

    def quantile(self, share: float) -> float | None:
        """Return the value that `share` of all values do not exceed, None when there are none.

        Cost: O(buckets log buckets).
        """
        if not self.count:
            return None
        rank = max(ceil(share * self.count), 1)
        seen = self.zeros
        if rank <= seen:
            return 0.0
        for index in sorted(self.buckets):
            seen += self.buckets[index]
            if rank <= seen:
                return 2 * _GROWTH**index / (_GROWTH + 1)
        raise AssertionError("the buckets hold every value that was counted")
