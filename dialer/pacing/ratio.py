"""Fixed ratio (a power dialer): a set number of lines for each ready agent.

The number of lines is rounded to a whole call, so that a small floor's abandonment jumps as the
ratio passes one half. The right ratio runs from about 1.5 lines at 5 agents to 8 at 300 and moves
with the answer rate; `predictive` finds it by itself.
"""

from dialer.pacing.decision import Decision, Limit
from dialer.pacing.pacer import Pacer
from dialer.pacing.view import PacingView


class RatioPacer(Pacer):
    """Keep `ratio` calls on the way for each ready agent."""

    name = "ratio"

    def __init__(self, ratio: float) -> None:
        if not ratio > 0:
            raise ValueError(f"lines per ready agent must be above 0, not {ratio}")
        super().__init__()
        self.ratio = ratio

    def propose(self, view: PacingView) -> Decision:
        """Return the calls missing to `ratio` per ready agent, rounded half up."""
        goal = int(self.ratio * max(0, view.free - view.waiting) + 0.5)
        dials = max(0, goal - view.in_flight)
        inputs = {
            "ratio": self.ratio,
            "goal": goal,
            "ready": view.ready,
            "in_flight": view.in_flight,
            "waiting": view.waiting,
        }
        return Decision(dials, dials, Limit.LINES_PER_AGENT, inputs)
