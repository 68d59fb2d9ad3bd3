"""Predictive: start one more call while its answer is unlikely enough to cost an abandon.

In a floor without memory this threshold rule equals the best of all policies that do not know the
future, to four digits (the exact optimum is solved in the tests). Everything else here serves it:

- `workload` says when busy agents come free, from learnt hazards of talk and wrap-up;
- `ring_law` and `answers` say which calls on the way will be answered, and when;
- `loss` turns both into the cost of one more call, exactly on small floors;
- `bank` sets the threshold, slowly, so that abandons over answers settle on the target.

The pacer holds back to one call per ready agent on very small teams, while a hard window is over
its cap, and after a takeover (`restart_at_one_to_one`). Numbers' own answer odds sharpen both what
is expected of the calls on the way and the price of the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dialer.pacing.answers import AnswerRate
from dialer.pacing.bank import AbandonBank
from dialer.pacing.decision import Decision, Limit
from dialer.pacing.hazards import Floats, Indices, LognormalPrior
from dialer.pacing.loss import count_law, grow
from dialer.pacing.pacer import Pacer
from dialer.pacing.progressive import one_per_ready_agent
from dialer.pacing.ring_law import RingLaw, restore_laws
from dialer.pacing.view import PacingView
from dialer.pacing.workload import Workload

#: Answer times looked at, in seconds from now.
TIMES_S: Floats = np.arange(0.0, 41.0, 2.0)
#: Answer times less likely than this do not count.
WEIGHT_MIN = 1e-3
LAWS_REFRESHED_EVERY_S = 30.0

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
        self._laws = {"live": RingLaw(settings.ring_live), "other": RingLaw(settings.ring_other)}
        self._laws_fresh_at_s = -np.inf
        self._masses = self._laws["live"].masses()
        self._workload = Workload(settings.talk, settings.wrap, TIMES_S + settings.grace_s)
        self._bank = AbandonBank()
        self._seen_at_s: float | None = None
        self._held_until_s = -np.inf

    def propose(self, view: PacingView) -> Decision:
        """Return the largest number of calls whose last one is worth its risk."""
        self._look_around(view)
        if view.staff == 0:
            return Decision(0, 0, Limit.NOBODY, {"signed_in": view.signed_in})
        if view.staff < self.settings.agents_min or view.now_s < self._held_until_s:
            return self._one_to_one(view)
        return self._by_loss(view)

    def _one_to_one(self, view: PacingView) -> Decision:
        dials = one_per_ready_agent(view)
        inputs = {"ready": view.ready, "in_flight": view.in_flight, "staff": view.staff}
        return Decision(dials, dials, Limit.READY_AGENTS, inputs)

    def _by_loss(self, view: PacingView) -> Decision:
        share = self._answers.share()
        weights = np.diff(self._laws["live"].cdf(np.append(TIMES_S - 1.0, TIMES_S[-1] + 1.0)))
        times = np.flatnonzero(weights > WEIGHT_MIN)
        weights = weights[times] / weights[times].sum()
        calls_max = int(view.calls_per_s_max) + 1
        shares = self._shares(view.next_odds, calls_max)
        new = np.outer(shares, self._laws["live"].cdf(TIMES_S[times]))
        room = view.staff - len(view.leaving_talking) - len(view.leaving_wrapping) - view.waiting
        law = count_law(
            self._coins(view, times), max(0, room), new, weights, self._answers.relative_error
        )
        threshold = self._bank.threshold(view.staff)
        growth = grow(law, threshold, len(shares))
        inputs = {
            "ready": view.ready,
            "waiting": view.waiting,
            "staff": view.staff,
            "in_flight": view.in_flight,
            "answer_share": share,
            "loss": growth.loss_next,
            "threshold": threshold,
            "spare_abandons": self._bank.balance,
        }
        return Decision(growth.calls, growth.calls, Limit.ABANDON_RISK, inputs)

    def _shares(self, odds: Sequence[float] | None, calls_max: int) -> Floats:
        """Return the live-answer probability of each call that might be started."""
        if odds is None:
            return np.full(calls_max, self._answers.share())
        scaled = self._answers.scale * np.asarray(odds[:calls_max], dtype=np.float64)
        return np.minimum(0.98, scaled)

    def _coins(self, view: PacingView, times: Indices) -> Floats:
        """Return the odds of everything that may need an agent: (n_coins, n_times)."""
        talking, wrapping = self._workload.free_by(
            view.now_s, view.talking_since_s, view.wrapping_since_s
        )
        stay = [
            np.delete(talking, list(view.leaving_talking), axis=0),
            np.delete(wrapping, list(view.leaving_wrapping), axis=0),
        ]
        busy = [1.0 - free[:, times] for free in stay]
        detecting = np.full((view.detecting, len(times)), self._live_when_answered())
        leaving = self._leaving(view.ready, times)
        return np.concatenate([*busy, self._ringing(view, times), detecting, leaving])

    def _ringing(self, view: PacingView, times: Indices) -> Floats:
        """Return the odds that each call on the way is answered by each time."""
        ages_s = np.maximum(0.0, view.now_s - np.asarray(view.ringing_since_s, dtype=np.float64))
        odds = view.ringing_odds
        share = self._shares(odds, len(ages_s)) if odds else self._answers.share()
        settled_live = self._laws["live"].cdf(ages_s)
        unsettled_live = share * (1.0 - settled_live)
        unsettled = unsettled_live + (1.0 - share) * (1.0 - self._laws["other"].cdf(ages_s))
        by_time = self._laws["live"].cdf(np.add.outer(ages_s, TIMES_S[times]))
        share_column = np.broadcast_to(share, ages_s.shape)[:, None]
        answered = share_column * (by_time - settled_live[:, None])
        return np.asarray(answered / np.maximum(unsettled, 1e-9)[:, None], dtype=np.float64)

    def _leaving(self, ready: int, times: Indices) -> Floats:
        """Return the odds that each ready agent has left by each time."""
        hazard = self._workload.departures.ready_hazard_per_s
        gone = -np.expm1(-hazard * TIMES_S[times])
        return np.broadcast_to(gone, (ready, len(times)))

    def _live_when_answered(self) -> float:
        return min(0.98, self._answers.share() / 0.6)

    def _look_around(self, view: PacingView) -> None:
        """Let time pass for everything that counts seconds."""
        if view.now_s - self._laws_fresh_at_s >= LAWS_REFRESHED_EVERY_S:
            for law in self._laws.values():
                law.refresh()
            self._masses = self._laws["live"].masses()
            self._laws_fresh_at_s = view.now_s
        self._answers.advance(view.now_s, self._masses)
        if self._seen_at_s is not None:
            passed_s = max(0.0, min(5.0, view.now_s - self._seen_at_s))
            self._workload.departures.on_ready(view.ready * passed_s)
        self._seen_at_s = view.now_s

    def restart_at_one_to_one(self, until_s: float) -> None:
        """Dial one call per ready agent until then: a new worker does not yet know what rings."""
        self._held_until_s = until_s

    def on_dialled(self, now_s: float, odds: float | None = None) -> None:
        """Expect an answer from this call with its odds."""
        super().on_dialled(now_s, odds)
        self._answers.launched(now_s, odds, self._masses)

    def on_outcome(self, now_s: float, outcome: str, age_s: float) -> None:
        """Learn the answer rate and the ring times; a live answer pays into the bank."""
        is_live = outcome == "human"
        self._laws["live" if is_live else "other"].observe(age_s)
        if is_live:
            self._answers.advance(now_s, self._masses)
            self._answers.answered()
            self._bank.answered(self.settings.target)

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
            "laws": {name: law.snapshot() for name, law in self._laws.items()},
            "workload": self._workload.snapshot(),
            "bank": self._bank.snapshot(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave; calls on the way are not part of it."""
        super().restore(state)
        self._answers.restore(state["answers"])
        restore_laws(self._laws, state["laws"])
        self._masses = self._laws["live"].masses()
        self._workload.restore(state["workload"])
        self._bank.restore(state["bank"])
