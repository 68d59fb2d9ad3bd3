"""How long one predictive decision takes on floors of 20, 100 and 300 agents."""

import numpy as np
import pytest

from dialer.pacing import PacingView, PredictivePacer

pytestmark = pytest.mark.bench


def busy_floor(agents):
    """A floor as it is met: 2 % ready, the rest talking or wrapping up, a call on the way for
    three."""
    rng = np.random.default_rng(agents)
    ready = max(1, agents // 50)
    talking = int(0.8 * (agents - ready))
    return PacingView(
        now_s=5000.0,
        ready=ready,
        waiting=0,
        detecting=0,
        talking_since_s=list(5000.0 - rng.exponential(100.0, talking)),
        wrapping_since_s=list(5000.0 - rng.exponential(20.0, agents - ready - talking)),
        ringing_since_s=list(5000.0 - rng.uniform(0.0, 20.0, agents // 3)),
        signed_in=agents,
        calls_per_s_max=max(5.0, 0.2 * agents),
    )


@pytest.mark.parametrize("agents", [10, 20, 100, 300])
def test_one_decision(benchmark, agents):
    pacer, view = PredictivePacer(), busy_floor(agents)
    pacer.dials(view)
    benchmark(pacer.dials, view)
