"""The pacing desk: where the shell answers the centre's `PaceCampaign`, one pacer per campaign.

The live worker and the simulated day use this same desk, and a question carries everything a pacer
may know, so both give the same answers to the same questions. A desk started late or again does no
harm: its pacers know less and say so by dialling less.

A pacer's settings are the campaign's; when they change its pacer is replaced by a new one, which
takes up what the old one had learnt if it is of the same kind. A question names the rule and the
target in force, so a change made by hand acts at the very question after it.

The desk keeps no clock and writes no journal: it returns a `DialsPaced` without its instant, and
whoever asked appends it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from acd.events import UNSTAMPED
from dialer.commands import Observation, PaceCampaign, WindowCount
from dialer.config import CampaignConfig
from dialer.events import DialsPaced
from dialer.ids import CampaignId
from dialer.pacing.catalogue import pacer_named
from dialer.pacing.pacer import Pacer
from dialer.pacing.predictive import PredictivePacer
from dialer.pacing.progressive import ProgressivePacer
from dialer.pacing.view import PacingView, WindowStanding

PPM = 1_000_000
PPM_PER_PERCENT = 10_000

ANSWER_EVERY_MS = 180_000
"""A busy agent takes a live answer about this often, as far as is known beforehand."""

EVIDENCE_MS = 3_600_000
"""The weight of that figure against a window's own pace."""


def pacer_for(config: CampaignConfig) -> Pacer:
    """Make the pacer that a campaign's settings name."""
    if config.pacer == PredictivePacer.name and not config.abandon_percent_max:
        return ProgressivePacer()  # who may abandon nobody cannot dial ahead
    target = max(config.abandon_percent_max / 100, 1e-6)
    return pacer_named(config.pacer, target=target, grace_s=config.agent_due_ms / 1_000)


class PacingDesk:
    """One pacer for each campaign of the centre.

    Args:
        campaigns: The settings of all campaigns.
        make_pacer: Makes the pacer that a campaign's settings name.
    """

    def __init__(
        self,
        campaigns: Sequence[CampaignConfig],
        make_pacer: Callable[[CampaignConfig], Pacer] = pacer_for,
    ) -> None:
        self._make_pacer = make_pacer
        self._configs: dict[CampaignId, CampaignConfig] = {}
        self._pacers: dict[CampaignId, Pacer] = {}
        self.configure(campaigns)

    def configure(self, campaigns: Sequence[CampaignConfig]) -> None:
        """Take new settings; pacers keep what they have learnt where they stay of their kind."""
        wanted = {config.campaign_id: config for config in campaigns}
        for gone in [name for name in self._configs if name not in wanted]:
            del self._configs[gone], self._pacers[gone]
        for campaign_id, config in wanted.items():
            if self._configs.get(campaign_id) != config:
                self._take(config)

    def _take(self, config: CampaignConfig) -> None:
        """Take one campaign's settings; its pacer learns on if it stays of its kind."""
        known = self._pacers.get(config.campaign_id)
        pacer = self._pacers[config.campaign_id] = self._make_pacer(config)
        if known is not None and known.name == pacer.name:
            pacer.restore(known.snapshot())
        self._configs[config.campaign_id] = config

    def answer(self, question: PaceCampaign) -> DialsPaced:
        """Tell the campaign's pacer what happened, and ask it.

        Raises:
            KeyError: The desk has no such campaign: it was not given the settings that the centre
                has. The caller is wrong.

        Cost:
            One decision of the pacer: under a millisecond at 300 agents.
        """
        self._obey(question)
        pacer = self._pacers[question.campaign_id]
        for observation in question.observations:
            _tell(pacer, observation)
        config = self._configs[question.campaign_id]
        decision = pacer.decide(view_of(question, config.calls_per_s_max, config.lines_max))
        return DialsPaced(
            UNSTAMPED,
            question.campaign_id,
            question.view,
            decision.dials,
            decision.sentence,
            decision.wanted,
            decision.limit,
            {name: _text(value) for name, value in sorted(decision.inputs.items())},
        )

    def _obey(self, question: PaceCampaign) -> None:
        """Let the rule and the target that the question names be in force, if it names them."""
        config = self._configs[question.campaign_id]
        if not question.pacer:
            return
        percent_max = question.abandon_ppm_max / PPM_PER_PERCENT
        wanted = replace(config, pacer=question.pacer, abandon_percent_max=percent_max)
        if wanted != config:
            self._take(wanted)

    def snapshot(self) -> dict[str, object]:
        """Return what all pacers have learnt, as plain values, and the pacing in force."""
        return {
            campaign_id: {
                "name": pacer.name,
                "pacer": self._configs[campaign_id].pacer,
                "abandon_percent_max": self._configs[campaign_id].abandon_percent_max,
                "learnt": pacer.snapshot(),
            }
            for campaign_id, pacer in self._pacers.items()
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave; a pacer of another kind than then starts afresh."""
        for campaign_id, config in list(self._configs.items()):
            kept = state.get(campaign_id)
            if kept is None:
                continue
            percent_max = kept["abandon_percent_max"]
            self._take(replace(config, pacer=kept["pacer"], abandon_percent_max=percent_max))
            pacer = self._pacers[campaign_id]
            if kept["name"] == pacer.name:
                pacer.restore(kept["learnt"])


def view_of(question: PaceCampaign, calls_per_s_max: float, lines_max: int) -> PacingView:
    """Return a question as a pacer sees it: seconds and shares in place of whole numbers."""
    lines = len(question.ringing_since_ms) + question.detecting + question.waiting
    return PacingView(
        now_s=question.at_ms / 1_000,
        ready=question.ready,
        waiting=question.waiting,
        detecting=question.detecting,
        talking_since_s=_seconds(question.talking_since_ms),
        wrapping_since_s=_seconds(question.wrapping_since_ms),
        ringing_since_s=_seconds(question.ringing_since_ms),
        signed_in=question.signed_in,
        calls_per_s_max=calls_per_s_max,
        ringing_odds=_odds(question.ringing_permille),
        next_odds=_odds(question.next_permille),
        leaving_talking=question.leaving_talking,
        leaving_wrapping=question.leaving_wrapping,
        trunks_free=lines_max - lines,
        reserve=question.reserve,
        previewed=question.previewed,
        windows=[_standing(window, question) for window in question.windows],
    )


def _standing(window: WindowCount, question: PaceCampaign) -> WindowStanding:
    """Return how a window stands, with the answers to expect until it ends."""
    risk = window.breach_risk_ppm_max
    return WindowStanding(
        name=window.name,
        rate_max=window.rate_ppm_max / PPM,
        answers=window.answers,
        abandons=window.abandons,
        answers_ahead=_answers_ahead(window, question),
        is_rolling=window.ends_at_ms < 0,
        is_hard=window.is_hard,
        breach_risk_max=None if risk < 0 else risk / PPM,
    )


def _answers_ahead(window: WindowCount, question: PaceCampaign) -> float:
    """Expect answers at the window's own pace so far, which nights and pauses are part of.

    Until there is such a pace, a busy floor's counts as an hour's worth of evidence.
    """
    usual_per_ms = question.signed_in / ANSWER_EVERY_MS
    passed_ms = max(0, question.at_ms - window.starts_at_ms)
    answers = window.answers + usual_per_ms * EVIDENCE_MS
    left_ms = max(0, window.ends_at_ms - question.at_ms)
    return answers / (passed_ms + EVIDENCE_MS) * left_ms


def _odds(permille: Sequence[int]) -> list[float | None] | None:
    if not permille:
        return None
    return [None if known < 0 else known / 1_000 for known in permille]


def _text(value: float | str) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _seconds(instants_ms: Sequence[int]) -> tuple[float, ...]:
    return tuple(instant_ms / 1_000 for instant_ms in instants_ms)


def _tell(pacer: Pacer, observation: Observation) -> None:
    """Call the pacer's `on_...` method that the observation names."""
    at_s, duration_s = observation.at_ms / 1_000, observation.duration_ms / 1_000
    match observation.what:
        case "dialled":
            odds = observation.odds_permille
            pacer.on_dialled(at_s, None if odds < 0 else odds / 1_000)
        case "outcome":
            pacer.on_outcome(at_s, observation.outcome, duration_s)
        case "connected":
            pacer.on_connected(at_s, duration_s)
        case "abandoned":
            pacer.on_abandoned(at_s)
        case "talk_ended":
            pacer.on_talk_ended(at_s, duration_s)
        case "wrap_ended":
            pacer.on_wrap_ended(at_s, duration_s)
        case "signed_in":
            pacer.on_signed_in(at_s)
        case "signed_out":
            pacer.on_signed_out(at_s)
        case other:
            raise ValueError(f"no pacer learns from '{other}'")
