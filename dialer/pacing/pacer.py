"""What every pacer is: told what happens, asked how many calls to start.

A pacer hears of each dial, outcome, connection, abandon, talk, wrap-up, sign-in and sign-out, in
the order of the journal, and answers `dials(view)`. It has no clock: `now_s` comes with every
message. `decide` is the pacing rule with its explanation; `dials` derives from it, so the two
cannot differ.

The limits that no rule may overstep (the carrier's rate, its lines) are applied here once, for all
rules. Learnt state goes to a plain dict with `snapshot` and comes back with `restore`; settings do
not travel with it: they are the supervisor's, and may have changed meanwhile.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from dialer.pacing.call_rate import CallRate
from dialer.pacing.decision import Decision, Limit
from dialer.pacing.listener import Listener
from dialer.pacing.view import PacingView


class Pacer(Listener, ABC):
    """A pacing rule behind the limits that every rule obeys.

    A rule overrides the `on_...` methods it learns from; one that overrides `on_dialled` calls
    `super().on_dialled`.
    """

    name: str

    def __init__(self) -> None:
        self._call_rate = CallRate()

    @abstractmethod
    def propose(self, view: PacingView) -> Decision:
        """Apply the pacing rule alone, without the carrier's limits."""

    def decide(self, view: PacingView) -> Decision:
        """Return how many calls to start now, and what stopped the next one."""
        proposal = self.propose(view)
        granted = self._call_rate.grant(view.now_s, view.calls_per_s_max)
        if view.trunks_free is not None and view.trunks_free < min(proposal.dials, granted):
            trunks = max(0, view.trunks_free)
            inputs = {**proposal.inputs, "trunks_free": trunks}
            return Decision(trunks, proposal.wanted, Limit.TRUNKS, inputs)
        if granted < proposal.dials:
            inputs = {**proposal.inputs, "calls_per_s_max": view.calls_per_s_max}
            return Decision(granted, proposal.wanted, Limit.CALL_RATE, inputs)
        return proposal

    def dials(self, view: PacingView) -> int:
        """Return how many calls to start now."""
        return self.decide(view).dials

    def on_dialled(self, now_s: float, odds: float | None = None) -> None:
        """Hear that a call was started, and take it off the carrier's rate."""
        super().on_dialled(now_s, odds)
        self._call_rate.spend()

    def snapshot(self) -> dict[str, Any]:
        """Return everything learnt as plain values."""
        return {"call_rate": self._call_rate.snapshot()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave, in place of everything learnt so far."""
        self._call_rate = CallRate.restore(state["call_rate"])
