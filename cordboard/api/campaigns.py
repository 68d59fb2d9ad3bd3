"""Campaigns: how they are, and whether they dial.

Every order is a fact in the journal like the supervisor's button; the answer says that the fact was
taken, and the wallboard shows a moment later what came of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

import msgspec

from acd.config import ConfigError
from acd.events import UNSTAMPED
from cordboard.api.operation import Asked, Operation
from cordboard.api.problems import bad_request, not_found, not_now
from cordboard.api.tokens import Scope
from cordboard.api.world import World
from cordboard.runtime.board import CampaignLine
from cordboard.runtime.pacing_orders import PacingWish
from dialer.events import CampaignPaused, CampaignStarted, PacingChanged
from dialer.ids import CampaignId
from webhooks.ports import Fact

WHY_MAX = 200


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Every campaign, as the wallboard has it."""

    at_ms: int
    campaigns: tuple[CampaignLine, ...]


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a campaign is started or paused; kept in the journal, so without personal data."""

    why: Annotated[str, msgspec.Meta(min_length=1, max_length=WHY_MAX)]


class Pacing(Reason, frozen=True, forbid_unknown_fields=True):
    """How a campaign shall dial from now on; what is left out stays as it is."""

    pacer: Annotated[str, msgspec.Meta(max_length=40)] = ""
    abandon_percent_max: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The order was taken."""

    campaign: str
    ordered: str


def campaign_of(world: World, asked: Asked) -> CampaignId:
    """Return the campaign of a path.

    Raises:
        ProblemError: The settings have no such campaign.
    """
    name = asked.path["campaign"]
    if name not in world.regions:
        known = ", ".join(sorted(world.regions)) or "none"
        raise not_found(f"there is no campaign '{name}'; the settings have: {known}")
    return CampaignId(name)


def _list(world: World, _asked: Asked) -> Campaigns:
    board = world.board()
    if board is None:
        raise not_now("the centre has published nothing yet, or its store does not answer")
    return Campaigns(board.at_ms, board.campaigns)


def _started(_world: World, campaign_id: CampaignId, asked: Asked) -> CampaignStarted:
    return CampaignStarted(UNSTAMPED, campaign_id, _by(asked), asked.body.why)


def _paused(_world: World, campaign_id: CampaignId, asked: Asked) -> CampaignPaused:
    return CampaignPaused(UNSTAMPED, campaign_id, _by(asked), asked.body.why)


def _paced(world: World, campaign_id: CampaignId, asked: Asked) -> PacingChanged:
    wish = PacingWish(
        pacer=asked.body.pacer,
        abandon_percent_max=asked.body.abandon_percent_max,
        by=_by(asked),
        why=asked.body.why,
    )
    try:
        return world.pacing.order(campaign_id, wish)
    except ConfigError as refused:
        raise bad_request(str(refused)) from refused


def _by(asked: Asked) -> str:
    """Return who orders it, as the journal keeps it."""
    return f"token {asked.by}"


_Order = CampaignStarted | CampaignPaused | PacingChanged


def _order(
    ordered: str,
    fact_of: Callable[[World, CampaignId, Asked], _Order],
    *,
    name: str,
    takes: type,
    summary: str,
) -> Operation:
    """Return the operation that orders something of a campaign.

    Args:
        ordered: What is ordered, the last part of the path.
        fact_of: Makes the fact of it, or refuses.
        name: As clients call it.
        takes: The body.
        summary: What follows, in one sentence.
    """

    def answer(world: World, asked: Asked) -> Accepted:
        campaign_id = campaign_of(world, asked)
        world.journal.append([Fact(fact_of(world, campaign_id, asked), natural_key="")])
        return Accepted(str(campaign_id), ordered)

    return Operation(
        name=name,
        method="POST",
        path=f"/campaigns/{{campaign}}/{ordered}",
        scope=Scope.CAMPAIGNS_WRITE,
        summary=summary,
        answer=answer,
        gives=Accepted,
        takes=takes,
        status=HTTPStatus.ACCEPTED,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
    )


OPERATIONS = (
    Operation(
        name="listCampaigns",
        method="GET",
        path="/campaigns",
        scope=Scope.CAMPAIGNS_READ,
        summary="How every campaign is now, and today.",
        answer=_list,
        gives=Campaigns,
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    _order(
        "start",
        _started,
        name="startCampaign",
        takes=Reason,
        summary="Let a campaign dial.",
    ),
    _order(
        "pause",
        _paused,
        name="pauseCampaign",
        takes=Reason,
        summary="Stop a campaign from dialling; dials in flight go on.",
    ),
    _order(
        "pacing",
        _paced,
        name="paceCampaign",
        takes=Pacing,
        summary="Change a campaign's rule or target by hand; what a law forbids is refused.",
    ),
)
