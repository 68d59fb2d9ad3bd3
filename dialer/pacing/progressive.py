"""Progressive: one call for each ready agent, never more.

Nobody who answers can find all agents busy (unless one leaves in that moment), and an agent waits
for as many dead numbers as it takes, one after the other. It is the floor every other rule is
measured from, the rule for numbers that must not be abandoned again, and where pacing restarts
after a takeover.
"""

from dialer.pacing.decision import Decision, Limit
from dialer.pacing.pacer import Pacer
from dialer.pacing.view import PacingView


def one_per_ready_agent(view: PacingView) -> int:
    """Return the calls that keep one on the way for each ready agent."""
    return max(0, view.free - view.in_flight - view.waiting)


class ProgressivePacer(Pacer):
    """Dial one number per ready agent."""

    name = "progressive"

    def propose(self, view: PacingView) -> Decision:
        """Return one dial for each ready agent who has none on the way."""
        dials = one_per_ready_agent(view)
        inputs = {"ready": view.ready, "in_flight": view.in_flight, "waiting": view.waiting}
        return Decision(dials, dials, Limit.READY_AGENTS, inputs)
