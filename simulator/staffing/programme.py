"""The integer programme of one round: the cheapest schedule near a tried one, without its excess.

Columns, in this order, for G groups, I intervals and W works that can wait:

| columns | count | meaning |
| --- | --- | --- |
| shifts and breaks | G times those of `columns_of` | whole agents |
| more, fewer | 2 G I | agents on calls, against the schedule that was tried |
| spared | G I | whole agents taken off calls for work that can wait |
| done | W G I | agent intervals of each work done |
| left | W I | agent intervals of each work that found no place |
| remaining | one each target (and interval) | predicted excess that nothing removes |

Slopes (`simulator.staffing.effects`) hold only near where they were measured, so a programme may
change a limited number of agents in all: its reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from simulator.distributions import Floats
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre
from simulator.staffing.deferred import Windows, placement_rules
from simulator.staffing.search import ADDITION_WEIGHT, SHORTFALL_PRICE
from simulator.staffing.shifts import Columns

_CHANGE_MAX = 3
"""Agents by which a round may change one group in one interval."""
_GAP = 0.035
"""How near the bound a solution must be. The next round's simulation gains more than proof does:
at a third of this, the example days cost the same and took twice the processor time."""
_GAP_FIXED = 1e-4
"""Where shifts stay as they are: quickly solved, and work may outweigh what has a place."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """The schedule around which a programme is made, as the solver sees it."""

    on_calls: Floats
    """Agents scheduled for calls, work that can wait taken off, before shrinkage: (G, I)."""
    pressure: Floats
    """Excess of every target (and interval): (n_pressures,)."""
    slopes: Floats
    """What each agent scheduled more, then fewer, does to it: (n_pressures, 2 * G * I)."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a programme minimises and what it may change."""

    columns: Columns
    windows: Windows
    """Of the works that can wait."""
    left_price: Floats
    """Price of one agent interval left over of each work: (W,)."""
    reach: float
    """Agents by which the team may change in all."""
    counts: Integers | None = None
    """Shifts and breaks that must stay as they are: (G, n_columns); None to choose them."""


@dataclass(frozen=True)
class Proposal:
    """What a programme came to."""

    counts: Integers
    """How many agents work each shift, and rest in each interval of it: (G, n_columns)."""
    spared: Integers
    """Agents taken off calls: (G, I)."""


def solve(centre: Centre, tried: Tried, wanted: Wanted) -> Proposal | None:
    """Return the cheapest schedule near the tried one; None if there is none this near."""
    sizes = _sizes(centre, tried, wanted)
    found = optimize.milp(
        _prices(centre, wanted, sizes),
        constraints=[
            *_duty(centre, tried, wanted, sizes),
            _no_excess(tried, sizes),
            *_work(wanted, sizes),
            _row(sizes, {"changed": np.ones(sizes["changed"])}, upper=wanted.reach),
        ],
        bounds=_bounds(centre, tried, wanted, sizes),
        integrality=np.repeat([1, 0, 1, 0, 0, 0], list(sizes.values())),
        options={"mip_rel_gap": _GAP if wanted.counts is None else _GAP_FIXED, "node_limit": 1},
    )
    if found.x is None:
        return None
    whole = np.rint(np.asarray(found.x)).astype(np.int64)
    spared = np.split(whole, np.cumsum(list(sizes.values())))[2]
    groups = len(centre.groups)
    return Proposal(
        counts=whole[: sizes["shifts"]].reshape(groups, -1),
        spared=spared.reshape(tried.on_calls.shape) if spared.size else _nobody(tried),
    )


def _nobody(tried: Tried) -> Integers:
    return np.zeros(tried.on_calls.shape, dtype=np.int64)


def _sizes(centre: Centre, tried: Tried, wanted: Wanted) -> dict[str, int]:
    """Return how many columns there are of each kind, in order."""
    cells, works = tried.on_calls.size, len(wanted.left_price)
    return {
        "shifts": wanted.columns.count * len(centre.groups),
        "changed": 2 * cells,
        "spared": cells if works else 0,
        "done": works * cells,
        "left": works * centre.intervals,
        "remaining": len(tried.pressure),
    }


def _prices(centre: Centre, wanted: Wanted, sizes: dict[str, int]) -> Floats:
    hourly = [group.cost_per_hour / 3600 for group in centre.groups]
    remaining = SHORTFALL_PRICE * centre.cost_per_interval.mean()
    return np.concatenate(
        (
            np.concatenate([wanted.columns.paid_s * price for price in hourly]),
            np.zeros(sizes["changed"] + sizes["spared"] + sizes["done"]),
            np.repeat(wanted.left_price, centre.intervals),
            np.full(sizes["remaining"], remaining),
        )
    )


def _table(
    sizes: dict[str, int], blocks: dict[str, sparse.csr_array], rows: int
) -> sparse.csr_array:
    """Put blocks of a constraint beside each other, nothing where no block is given."""
    parts = [
        blocks.get(kind, sparse.csr_array((rows, size))) for kind, size in sizes.items() if size
    ]
    return sparse.csr_array(sparse.hstack(parts))


def _row(
    sizes: dict[str, int], blocks: dict[str, Floats], *, upper: float
) -> optimize.LinearConstraint:
    rows = {kind: sparse.csr_array(block[None, :]) for kind, block in blocks.items()}
    return optimize.LinearConstraint(_table(sizes, rows, 1), ub=upper)


def _duty(
    centre: Centre, tried: Tried, wanted: Wanted, sizes: dict[str, int]
) -> list[optimize.LinearConstraint]:
    """Tie shifts and breaks to each other, and agents on calls to those of the tried schedule."""
    columns, groups = wanted.columns, len(centre.groups)
    eye = sparse.eye_array(tried.on_calls.size)
    on_calls = _table(
        sizes,
        {
            "shifts": sparse.csr_array(sparse.block_diag([columns.duty] * groups)),
            "changed": sparse.csr_array(sparse.hstack((-eye, eye))),
            "spared": sparse.csr_array(-eye / (1 - centre.shrinkage)),
        },
        tried.on_calls.size,
    )
    links = sparse.csr_array(sparse.block_diag([columns.links] * groups))
    base = tried.on_calls.ravel()
    return [
        optimize.LinearConstraint(on_calls, base, base),
        optimize.LinearConstraint(_table(sizes, {"shifts": links}, links.shape[0]), 0, 0),
    ]


def _no_excess(tried: Tried, sizes: dict[str, int]) -> optimize.LinearConstraint:
    """Ask that the predicted excess of every target be gone, or counted as remaining."""
    pressure = tried.pressure
    kept = len(pressure)
    weighted = np.where(pressure > 0, pressure * ADDITION_WEIGHT, pressure)
    blocks = {
        "changed": sparse.csr_array(tried.slopes),
        "remaining": sparse.csr_array(-sparse.eye_array(kept)),
    }
    return optimize.LinearConstraint(_table(sizes, blocks, kept), ub=-weighted)


def _work(wanted: Wanted, sizes: dict[str, int]) -> list[optimize.LinearConstraint]:
    """Let spared agents do work within its window, and count what is left over."""
    works, cells = len(wanted.left_price), sizes["spared"]
    if not works:
        return []
    eye = sparse.eye_array(cells)
    shared = {
        "spared": sparse.csr_array(-eye),
        "done": sparse.csr_array(sparse.hstack([eye] * works)),
    }
    rules, lower, upper = placement_rules(wanted.windows)
    done, left = rules[:, : sizes["done"]], rules[:, sizes["done"] :]
    return [
        optimize.LinearConstraint(_table(sizes, shared, cells), ub=0),
        optimize.LinearConstraint(
            _table(sizes, {"done": done, "left": left}, len(lower)), lower, upper
        ),
    ]


def _bounds(centre: Centre, tried: Tried, wanted: Wanted, sizes: dict[str, int]) -> optimize.Bounds:
    """Return the bounds of every column."""
    on_calls = tried.on_calls.ravel()
    most = np.repeat(centre.agents_max, centre.intervals)
    counts = wanted.counts
    lower = np.zeros(sum(sizes.values()))
    upper = np.concatenate(
        (
            np.full(sizes["shifts"], np.inf) if counts is None else counts.ravel(),
            np.clip(most - on_calls, 0, _CHANGE_MAX),
            np.clip(on_calls, 0, _CHANGE_MAX),
            np.full(sum(sizes.values()) - sizes["shifts"] - sizes["changed"], np.inf),
        )
    )
    if counts is not None:
        lower[: sizes["shifts"]] = counts.ravel()
    return optimize.Bounds(lower, upper)
