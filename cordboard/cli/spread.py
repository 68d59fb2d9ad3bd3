"""How far a modelled duration strays, for commands that turn a scenario into another model."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.distributions import Distribution

DRAWS = 100_000
SEED = 1


def deviation(distribution: "Distribution") -> float:
    """Return the standard deviation, measured on draws: not every kind can tell its own.

    Always the same draws, so the answer is a function of the distribution.
    """
    import numpy as np

    rng = np.random.default_rng(SEED)
    return float(distribution.draw(rng, DRAWS).std())
