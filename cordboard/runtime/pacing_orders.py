"""Changes of pacing by hand: what somebody wants becomes a fact, or is refused with the rule.

The centre takes a change as told; whether it is lawful must be known before. So the campaign as it
would be is held to the same checks as its settings are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from acd.config import ConfigError
from acd.events import UNSTAMPED
from cordboard.runtime.board import Board, CampaignLine
from dialer.config import CampaignConfig
from dialer.events import PacingChanged
from dialer.ids import CampaignId

_PERCENT = 100
_PPM_PER_PERCENT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PacingWish:
    """How a campaign shall dial; what is left out stays as it is."""

    pacer: str = ""
    abandon_percent_max: float | None = None
    by: str  #: an account, or a token
    why: str  #: kept in the journal, so without personal data


@dataclass(frozen=True, slots=True)
class PacingOrders:
    """Makes facts of wishes."""

    campaigns: Mapping[str, CampaignConfig]
    forbidden: Callable[[CampaignConfig], Sequence[str]]  #: rules a campaign so set would break
    board: Callable[[], Board | None]

    def order(self, campaign_id: str, wish: PacingWish) -> PacingChanged:
        """Return the fact that a campaign's pacing is changed.

        Raises:
            ConfigError: It cannot or must not be; the text is for whoever wishes it.
        """
        now = self._in_force(campaign_id)
        if not wish.why.strip():
            raise ConfigError("say why: the reason is kept with the change")
        pacer = wish.pacer.strip() or now.pacer
        wanted_percent = wish.abandon_percent_max
        percent = now.abandon_percent_max if wanted_percent is None else wanted_percent
        then = replace(now, pacer=pacer, abandon_percent_max=percent)
        if then.is_agentless != now.is_agentless:
            raise ConfigError(
                f"campaign '{campaign_id}': with or without agents is not changed by hand; other"
                " rules bind recorded calls, so change pacer in centre.yaml and run cordboard check"
            )
        for problem in self.forbidden(then):
            raise ConfigError(f"campaign '{campaign_id}': {problem}")
        return PacingChanged(
            UNSTAMPED,
            CampaignId(campaign_id),
            pacer,
            round(percent * _PPM_PER_PERCENT),
            wish.by,
            wish.why.strip(),
        )

    def _in_force(self, campaign_id: str) -> CampaignConfig:
        """Return a campaign's settings with the pacing that the wallboard tells."""
        told = self.campaigns.get(campaign_id)
        if told is None:
            known = ", ".join(sorted(self.campaigns)) or "none"
            raise ConfigError(f"there is no campaign '{campaign_id}'; the settings have: {known}")
        line = self._line(campaign_id)
        if line is None or line.abandon_rate_max is None:
            return told
        percent = round(line.abandon_rate_max * _PERCENT, 4)
        return replace(told, pacer=line.pacer, abandon_percent_max=percent)

    def _line(self, campaign_id: str) -> CampaignLine | None:
        board = self.board()
        lines = board.campaigns if board else ()
        return next((line for line in lines if line.campaign_id == campaign_id), None)
