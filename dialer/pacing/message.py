"""Message: nobody speaks with the people who answer, so calls go out as fast as they may.

A recorded message with a key to opt out is all they hear. No agent is waited for, so none can be
missing; the carrier's rate, the lines and the law are the only limits.
"""

from dialer.pacing.decision import Decision, Limit
from dialer.pacing.pacer import Pacer
from dialer.pacing.view import PacingView


class MessagePacer(Pacer):
    """Dial without agents."""

    name = "message"

    def propose(self, view: PacingView) -> Decision:
        """Ask for a second's worth of calls; rate and lines cut it."""
        dials = max(1, int(view.calls_per_s_max))
        return Decision(dials, dials, Limit.NO_AGENTS, {"wanted": dials})
