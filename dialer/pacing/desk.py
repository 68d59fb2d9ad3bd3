"""The pacing desk: where the shell answers the centre's `PaceCampaign`, one pacer per campaign.

The live worker and the simulated day use this same desk, and a question carries everything a pacer
may know, so both give the same answers to the same questions. A desk started late or again does no
harm: its pacers know less and say so by dialling less.

A pacer's settings are the campaign's; when they change its pacer is replaced by a new one, which
takes up what the old one had learnt if it is of the same kind.

The desk keeps no clock and writes no journal: it returns a `DialsPaced` without its instant, and
whoever asked appends it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from acd.config import ConfigError
from acd.events import UNSTAMPED
from dialer.commands import Observation, PaceCampaign
from dialer.config import CampaignConfig
from dialer.events import DialsPaced
from dialer.ids import CampaignId
from dialer.pacing.catalogue import PACER_FORMS, pacer_named
from dialer.pacing.pacer import Pacer
from dialer.pacing.view import PacingView


def pacer_for(config: CampaignConfig) -> Pacer:
    """Make the pacer that a campaign's settings name.

    Raises:
        ConfigError: There is no such pacer; the author of the settings must name another.
    """
    target = max(config.abandon_percent_max / 100, 1e-6)
    try:
        return pacer_named(config.pacer, target=target, grace_s=config.agent_ms_max / 1_000)
    except ValueError as error:
        raise ConfigError(
            f"campaign '{config.campaign_id}': pacer is '{config.pacer}'; use {PACER_FORMS}"
        ) from error


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
        pacers: dict[CampaignId, Pacer] = {}
        for config in campaigns:
            known = self._pacers.get(config.campaign_id)
            if known is not None and self._configs[config.campaign_id] == config:
                pacers[config.campaign_id] = known
                continue
            pacer = pacers[config.campaign_id] = self._make_pacer(config)
            if known is not None and known.name == pacer.name:
                pacer.restore(known.snapshot())
        self._pacers = pacers
        self._configs = {config.campaign_id: config for config in campaigns}

    def answer(self, question: PaceCampaign) -> DialsPaced:
        """Tell the campaign's pacer what happened, and ask it.

        Raises:
            KeyError: The desk has no such campaign: it was not given the settings that the centre
                has. The caller is wrong.

        Cost:
            One decision of the pacer: under a millisecond at 300 agents.
        """
        pacer = self._pacers[question.campaign_id]
        for observation in question.observations:
            _tell(pacer, observation)
        decision = pacer.decide(self._view(question))
        return DialsPaced(
            UNSTAMPED, question.campaign_id, question.view, decision.dials, decision.sentence
        )

    def snapshot(self) -> dict[str, object]:
        """Return what all pacers have learnt, as plain values."""
        return {
            campaign_id: {"name": pacer.name, "learnt": pacer.snapshot()}
            for campaign_id, pacer in self._pacers.items()
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave; a pacer of another kind than then starts afresh."""
        for campaign_id, pacer in self._pacers.items():
            kept = state.get(campaign_id)
            if kept is not None and kept["name"] == pacer.name:
                pacer.restore(kept["learnt"])

    def _view(self, question: PaceCampaign) -> PacingView:
        config = self._configs[question.campaign_id]
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
            calls_per_s_max=config.calls_per_s_max,
            trunks_free=config.lines_max - lines,
        )


def _seconds(instants_ms: Sequence[int]) -> tuple[float, ...]:
    return tuple(instant_ms / 1_000 for instant_ms in instants_ms)


def _tell(pacer: Pacer, observation: Observation) -> None:
    """Call the pacer's `on_...` method that the observation names."""
    at_s, duration_s = observation.at_ms / 1_000, observation.duration_ms / 1_000
    match observation.what:
        case "dialled":
            pacer.on_dialled(at_s)
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
