"""Versions of a flow in use: publish, roll out by shares of callers, compare, roll back.

A *release* says which published versions take which share of new callers. Calls in progress are no
concern of it: their session names the version they began with. Which version a new call gets
depends on who calls alone, so a repeated webhook, and the same customer a week later, get the same
answer. The newest version on trial seeds the draw: who has it keeps it while its share grows, and
the next trial draws its callers afresh.

Outcomes are compared version by version: a share with its 95 % interval, and whether two shares
differ by more than chance. Nothing here decides; a supervisor reads it and rolls on or back.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec

from ivr.draws import share_of, side_of

Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One version's part of the new callers."""

    version: int
    percent: Percent


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which versions of a flow new callers get, and which were in use before."""

    flow: str
    ordinal: int
    shares: tuple[Share, ...]
    before: tuple[tuple[Share, ...], ...] = ()
    """The shares of earlier releases, latest last: what a rollback goes back to."""

    def __post_init__(self) -> None:
        """Refuse shares that are not the whole, or name a version twice."""
        total = sum(share.percent for share in self.shares)
        if total != 100:
            raise ValueError(f"the shares of {self.flow} must add up to 100, not {total}")
        versions = [share.version for share in self.shares]
        if len(set(versions)) < len(versions):
            raise ValueError(f"a version of {self.flow} has two shares")


def first_release(flow: str, version: int) -> Release:
    """Give all callers the first version of a flow."""
    return Release(flow=flow, ordinal=1, shares=(Share(version=version, percent=100),))


def roll_out(release: Release, version: int, percent: int) -> Release:
    """Give a version a share of the new callers, the others theirs of the rest, in proportion.

    Raises:
        ValueError: The share is not between 0 and 100, or 0 is asked for the only version.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"a share lies between 0 and 100 percent, not {percent}")
    others = [share for share in release.shares if share.version != version and share.percent]
    if not others and percent < 100:
        raise ValueError(f"version {version} is the only one in use and keeps all callers")
    total = sum(share.percent for share in others)
    kept: list[Share] = []
    left = 100 - percent
    for index, share in enumerate(others):
        is_last = index == len(others) - 1
        part = left if is_last else share.percent * (100 - percent) // total
        left -= part
        kept.append(Share(version=share.version, percent=part))
    shares = (*(share for share in kept if share.percent), Share(version=version, percent=percent))
    return _next(release, tuple(share for share in shares if share.percent))


def roll_back(release: Release) -> Release:
    """Go back to the shares before the last change.

    Raises:
        ValueError: There is no release before this one.
    """
    if not release.before:
        raise ValueError(f"{release.flow} has no release before this one")
    return msgspec.structs.replace(
        release,
        ordinal=release.ordinal + 1,
        shares=release.before[-1],
        before=release.before[:-1],
    )


def _next(release: Release, shares: tuple[Share, ...]) -> Release:
    return msgspec.structs.replace(
        release,
        ordinal=release.ordinal + 1,
        shares=shares,
        before=(*release.before, release.shares),
    )


def version_for(release: Release, who: str) -> int:
    """Say which version a new call gets.

    Args:
        release: The release in force.
        who: Names the customer, or the call of a customer nobody knows. The same one gets the same
            version while the same version is on trial, and keeps it when its share is raised.
    """
    newest = max(share.version for share in release.shares)
    drawn = share_of(f"{release.flow}/{newest}/{who}")
    return release.shares[side_of(drawn, [share.percent for share in release.shares])].version


@dataclass(frozen=True, slots=True)
class CallResult:
    """How one finished call went."""

    variant: str
    """The version, or the side of a split test."""
    outcome: str
    """One of `ivr.steps.Outcome`."""
    abandoned: bool = False
    """Whether the caller hung up waiting."""
    transferred: bool = False
    """Whether the first agent passed the call on."""
    to_agent_ms: int | None = None
    """From the start of the call to an agent; None when there was none."""
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of calls with its 95 % interval."""

    count: int
    total: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """The share itself; None of no calls at all."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Fared:
    """How the callers of one variant fared."""

    variant: str
    calls: int
    contained: Proportion
    """Ended in the flow with what they came for."""
    abandoned: Proportion
    transferred: Proportion
    """Of those who reached an agent."""
    to_agent_ms_mean: float | None
    satisfaction_mean: float | None


CONTAINED = ("self_served",)


def compare(results: Iterable[CallResult]) -> list[Fared]:
    """Sum up how the callers of each variant fared, in order of the variants' names."""
    by_variant: dict[str, list[CallResult]] = {}
    for result in results:
        by_variant.setdefault(result.variant, []).append(result)
    return [_fared(variant, by_variant[variant]) for variant in sorted(by_variant)]


def _fared(variant: str, results: Sequence[CallResult]) -> Fared:
    reached = [result for result in results if result.to_agent_ms is not None]
    ratings = [result.satisfaction for result in results if result.satisfaction is not None]
    waits = [result.to_agent_ms for result in reached if result.to_agent_ms is not None]
    return Fared(
        variant=variant,
        calls=len(results),
        contained=proportion(sum(r.outcome in CONTAINED for r in results), len(results)),
        abandoned=proportion(sum(r.abandoned for r in results), len(results)),
        transferred=proportion(sum(r.transferred for r in reached), len(reached)),
        to_agent_ms_mean=sum(waits) / len(waits) if waits else None,
        satisfaction_mean=sum(ratings) / len(ratings) if ratings else None,
    )


def proportion(count: int, total: int) -> Proportion:
    """Give a share with its 95 % interval; of nothing, anything is possible.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927.

    Example:
        >>> found = proportion(5, 10)
        >>> round(found.low, 3), round(found.high, 3)
        (0.237, 0.763)
    """
    if total == 0:
        return Proportion(0, 0, 0.0, 1.0)
    z = 1.959964
    share = count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    spread /= 1 + z * z / total
    return Proportion(count, total, max(0.0, middle - spread), min(1.0, middle + spread))


def chance_of_difference(one: Proportion, other: Proportion) -> float | None:
    """Say how likely two shares differ as much or more by chance; None without calls on a side.

    Source: the two-proportion z-test with pooled variance.
    """
    if not one.total or not other.total:
        return None
    pooled = (one.count + other.count) / (one.total + other.total)
    variance = pooled * (1 - pooled) * (1 / one.total + 1 / other.total)
    if variance == 0.0:
        return 1.0
    z = abs(one.count / one.total - other.count / other.total) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))
