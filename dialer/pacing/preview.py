"""Preview: the agent looks at the lead first, and dials by pressing a key.

The agent stays with the call from the first ring, so no answer can be abandoned. The time limit and
the rules for skipping a lead belong to the campaign, not to pacing: by the time the pacer is asked,
the agents who pressed dial are counted in `view.previewed`.
"""

from dialer.pacing.decision import Decision, Limit
from dialer.pacing.pacer import Pacer
from dialer.pacing.view import PacingView


class PreviewPacer(Pacer):
    """Dial exactly what agents asked for."""

    name = "preview"

    def propose(self, view: PacingView) -> Decision:
        """Return one dial for each agent who pressed dial."""
        return Decision(
            view.previewed, view.previewed, Limit.PREVIEWS, {"previewed": view.previewed}
        )
