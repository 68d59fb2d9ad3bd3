"""Predictive: start one more call while its answer is unlikely enough to cost an abandon.

In a floor without memory this threshold rule equals the best of all policies that do not know the
future, to four digits (the exact optimum is solved in the tests). Everything else here serves it:

- `workload` says when busy agents come free, from learnt hazards of talk and wrap-up;
- `flight` and `answers` say which calls on the way will be answered, and when;
- `loss` turns both into the cost of one more call, exactly on small floors;
- `bank` sets the threshold, slowly, so that abandons over answers settle on the target.

The pacer holds back to one call per ready agent on very small teams and while a hard window is over
its cap; after a takeover the core does so for every rule. Numbers' own answer odds sharpen both
what is expected of the calls on the way and the price of the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dialer.pacing.answers import AnswerRate
from dialer.pacing.bank import AbandonBank
from dialer.pacing.caps import hard_window_over, target_within
from dialer.pacing.decision import Decision, Limit
from dialer.pacing.flight import TIMES_S, Flight
from dialer.pacing.hazards import Floats, LognormalPrior
from dialer.pacing.loss import count_law, grow
from dialer.pacing.pacer import Pacer
from dialer.pacing.progressive import one_per_ready_agent
from dialer.pacing.view import PacingView, WindowStanding
from dialer.pacing.workload import Workload

# What a floor is taken for before it has been seen.
TALK, WRAP = LognormalPrior(150.0, 1.0), LognormalPrior(30.0, 0.7)
RING_LIVE, RING_OTHER = LognormalPrior(10.0, 0.5), LognormalPrior(18.0, 0.5)


@dataclass(frozen=True, slots=True)
class PredictiveSettings:
    """What a supervisor may set, and what to believe before anything is learnt."""

    target: float = 0.03
    """Abandoned over live answers to settle on, 0..1."""
    grace_s: float = 2.0
    """How long an answer may wait for an agent before it counts as abandoned."""
    agents_min: int = 3
    """Below this many agents dial one call per ready agent."""
    talk: LognormalPrior = TALK
    wrap: LognormalPrior = WRAP
    ring_live: LognormalPrior = RING_LIVE
    ring_other: LognormalPrior = RING_OTHER
    odds_unknown: float = 0.35

    def __post_init__(self) -> None:
        if not 0.0 < self.target <= 1.0:
            raise ValueError(f"target must be a share above 0 and at most 1, not {self.target}")
        if self.grace_s < 0.0:
            raise ValueError(f"grace_s must not be negative, not {self.grace_s}")


class PredictivePacer(Pacer):
    """Dial ahead of the agents by the marginal probability of an abandon."""

    name = "predictive"

    def __init__(self, settings: PredictiveSettings | None = None) -> None:
        super().__init__()
        self.settings = settings = settings or PredictiveSettings()
        self._answers = AnswerRate(settings.odds_unknown)
        self._flight = Flight(settings.ring_live, settings.ring_other)
        self._workload = Workload(settings.talk, settings.wrap, TIMES_S + settings.grace_s)
        self._bank = AbandonBank()
        self._target = settings.target
        self._seen_at_s: float | None = None

    def propose(self, view: PacingView) -> Decision:
        """Return the largest number of calls whose last one is worth its risk."""
        self._look_around(view)
        if view.staff == 0:
            return Decision(0, 0, Limit.NOBODY, {"signed_in": view.signed_in})
        over = hard_window_over(view.windows)
        if over is not None:
            return self._stopped_by(over, view)
        if view.staff < self.settings.agents_min:
            return self._one_to_one(view)
        return self._by_loss(view)

    def _one_to_one(self, view: PacingView) -> Decision:
        dials = one_per_ready_agent(view)
        inputs = {"ready": view.ready, "in_flight": view.in_flight, "staff": view.staff}
        return Decision(dials, dials, Limit.READY_AGENTS, inputs)

    def _stopped_by(self, window: WindowStanding, view: PacingView) -> Decision:
        dials = one_per_ready_agent(view)
        inputs: dict[str, float | int | str] = {
            "window": window.name,
            "window_percent": 100.0 * window.rate,
            "window_percent_max": 100.0 * window.rate_max,
            "ready": view.ready,
        }
        return Decision(dials, dials, Limit.HARD_WINDOW, inputs)

    def _by_loss(self, view: PacingView) -> Decision:
        flight = self._flight
        shares = self._shares(view.next_odds, int(view.calls_per_s_max) + 1)
        leaving = len(view.leaving_talking) + len(view.leaving_wrapping)
        room = view.staff - leaving - view.reserve - view.waiting
        law = count_law(
            self._coins(view),
            max(0, room),
            flight.new(shares),
            flight.weights,
            self._answers.relative_error,
        )
        threshold = self._bank.threshold(view.staff, self._target)
        growth = grow(law, threshold, len(shares))
        inputs = {
            "ready": view.ready,
            "waiting": view.waiting,
            "staff": view.staff,
            "in_flight": view.in_flight,
            "answer_share": self._answers.share(),
            "loss": growth.loss_next,
            "threshold": threshold,
            "target": self._target,
            "spare_abandons": self._bank.balance,
            "numbers": len(shares),
        }
        is_short = view.next_odds is not None and growth.calls == len(view.next_odds)
        limit = Limit.NUMBERS if is_short else Limit.ABANDON_RISK
        return Decision(growth.calls, growth.calls, limit, inputs)

    def _shares(self, odds: Sequence[float | None] | None, calls_max: int) -> Floats:
        """Return the live-answer probability of each call that might be started."""
        if odds is None:
            return np.full(calls_max, self._answers.share())
        known = [self._answers.odds_unknown if one is None else one for one in odds[:calls_max]]
        scaled = self._answers.scale * np.asarray(known, dtype=np.float64)
        return np.minimum(0.98, scaled)

    def _coins(self, view: PacingView) -> Floats:
        """Return the odds of everything that may need an agent: (n_coins, n_times)."""
        flight, times = self._flight, self._flight.times
        busy = self._workload.busy_at(view.now_s, view.talking_since_s, view.wrapping_since_s)
        coins = [
            _without(of_agents, leaving)[:, times]
            for of_agents, leaving in zip(
                busy, (view.leaving_talking, view.leaving_wrapping), strict=True
            )
        ]
        if view.ringing_since_s:
            ages_s = np.maximum(0.0, view.now_s - np.asarray(view.ringing_since_s))
            odds = view.ringing_odds
            shares = self._shares(odds, len(ages_s)) if odds else self._answers.share()
            coins.append(flight.ringing(ages_s, shares))
        if view.detecting:
            coins.append(flight.detecting(view.detecting))
        hazard_per_s = self._workload.departures.ready_hazard_per_s
        if hazard_per_s > 0.0 and view.ready:
            gone = -np.expm1(-hazard_per_s * TIMES_S[times])
            coins.append(np.tile(gone, (view.ready, 1)))
        return np.concatenate(coins)

    def _look_around(self, view: PacingView) -> None:
        """Let time pass for everything that counts seconds."""
        self._flight.advance(view.now_s, view.detecting)
        self._answers.advance(view.now_s, self._flight.masses)
        if self._seen_at_s is not None:
            passed_s = max(0.0, min(5.0, view.now_s - self._seen_at_s))
            self._workload.departures.on_ready(view.ready * passed_s)
        self._seen_at_s = view.now_s
        self._target = target_within(self.settings.target, view.windows)

    def on_dialled(self, now_s: float, odds: float | None = None) -> None:
        """Expect an answer from this call with its odds."""
        super().on_dialled(now_s, odds)
        self._answers.launched(now_s, odds, self._flight.masses)

    def on_outcome(self, now_s: float, outcome: str, age_s: float) -> None:
        """Learn the answer rate and the ring times; a live answer pays into the bank."""
        self._flight.on_outcome(outcome, age_s)
        if outcome == "human":
            self._answers.advance(now_s, self._flight.masses)
            self._answers.answered()
            self._bank.answered(self._target)

    def on_abandoned(self, now_s: float) -> None:
        """Take one abandon out of the bank."""
        del now_s
        self._bank.abandoned()

    def on_talk_ended(self, now_s: float, talk_s: float) -> None:
        """Learn how long talks are."""
        del now_s
        self._workload.on_talk_ended(talk_s)

    def on_wrap_ended(self, now_s: float, wrap_s: float) -> None:
        """Learn how long wrap-up is."""
        self._workload.on_wrap_ended(now_s, wrap_s)

    def on_signed_out(self, now_s: float) -> None:
        """Learn how often agents leave."""
        self._workload.departures.on_signed_out(now_s)

    def snapshot(self) -> dict[str, Any]:
        """Return everything learnt as plain values."""
        return {
            **super().snapshot(),
            "answers": self._answers.snapshot(),
            "flight": self._flight.snapshot(),
            "workload": self._workload.snapshot(),
            "bank": self._bank.snapshot(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave; tables are made anew from it."""
        super().restore(state)
        self._answers.restore(state["answers"])
        self._flight.restore(state["flight"])
        self._workload.restore(state["workload"])
        self._bank.restore(state["bank"])


def _without(agents: Floats, leaving: Sequence[int]) -> Floats:
    """Return the rows of agents who stay."""
    return np.delete(agents, list(leaving), axis=0) if leaving else agents
