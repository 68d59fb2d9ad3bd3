"""The supervisor's panel for campaigns: start, pause, and how hard they dial.

Each button is a fact with the supervisor's name and a reason. What the law or the settings' own
limits forbid is refused here, in the sentence that names the rule.
"""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, no_update
from flask_login import current_user

from acd.config import ConfigError
from acd.events import UNSTAMPED
from cordboard.runtime.pacing_orders import PacingOrders, PacingWish
from dialer.config import PACER_FORMS
from dialer.events import CampaignPaused, CampaignStarted, PacingChanged
from dialer.ids import CampaignId
from webhooks.ports import Fact, Journal, JournalDown

Component = Any
"""A Dash component; the library carries no types."""

SET, START, PAUSE = "set-pacing", "start-campaign", "pause-campaign"
WHY_MAX = 200


def panel(orders: PacingOrders) -> Component:
    """Return the panel."""
    return dmc.Paper(
        [
            dmc.Title("Change a campaign", order=4, mb="sm"),
            dmc.Group(
                [
                    dmc.Select(
                        id="campaign", label="Campaign", data=sorted(orders.campaigns), w=170
                    ),
                    dmc.TextInput(id="pacer", label="Rule", placeholder="as it is", w=170),
                    dmc.NumberInput(
                        id="target",
                        label="Abandoned at most, %",
                        placeholder="as it is",
                        decimalScale=2,
                        w=170,
                    ),
                    dmc.TextInput(id="why", label="Why", w=280),
                    dmc.Button("Set pacing", id=SET),
                    dmc.Button("Start dialling", id=START, variant="default"),
                    dmc.Button("Pause", id=PAUSE, variant="default"),
                ],
                align="flex-end",
            ),
            dmc.Text(f"Rules: {PACER_FORMS}.", size="xs", c="dimmed", mt="xs"),
            dmc.Text(id="campaign_said", c="red", size="sm", mt="xs"),
        ],
        withBorder=True,
        p="md",
        radius="md",
        mt="md",
    )


def install(page: Dash, orders: PacingOrders, journal: Journal) -> None:
    """Make facts of the panel's buttons."""

    @page.callback(
        Output("campaign_said", "children"),
        Output("why", "value"),
        Input(SET, "n_clicks"),
        Input(START, "n_clicks"),
        Input(PAUSE, "n_clicks"),
        State("campaign", "value"),
        State("pacer", "value"),
        State("target", "value"),
        State("why", "value"),
        prevent_initial_call=True,
    )
    def act(
        _set: int | None,
        _start: int | None,
        _pause: int | None,
        campaign_id: str | None,
        pacer: str | None,
        target: object,
        why: str | None,
    ) -> tuple[str, Any]:
        if campaign_id is None or campaign_id not in orders.campaigns:
            return "Choose a campaign first.", no_update
        percent = float(target) if isinstance(target, int | float) else None
        name = current_user.account.name
        wish = PacingWish(
            pacer=pacer or "", abandon_percent_max=percent, by=name, why=(why or "")[:WHY_MAX]
        )
        try:
            event = _fact(orders, str(ctx.triggered_id), campaign_id, wish)
            journal.append([Fact(event, natural_key="")])
        except ConfigError as refused:
            return f"{str(refused)[:1].upper()}{str(refused)[1:]}.", no_update
        except JournalDown:
            return "The centre does not take this now. Nothing has changed; try again.", no_update
        return "", ""


def _fact(
    orders: PacingOrders, button: str, campaign_id: str, wish: PacingWish
) -> CampaignStarted | CampaignPaused | PacingChanged:
    """Return the fact that a button is.

    Raises:
        ConfigError: It is refused, or has no reason.
    """
    if button == SET:
        return orders.order(campaign_id, wish)
    if not wish.why.strip():
        raise ConfigError("say why: the reason is kept with the change")
    kind = CampaignStarted if button == START else CampaignPaused
    return kind(UNSTAMPED, CampaignId(campaign_id), wish.by, wish.why.strip())
