"""The lead an agent looks at before it is dialled: who it is, how long, and Dial or Skip.

The board tells which lead; who it is comes from the lead store, for this agent and only while the
lead is before them. A button is about the lead that was on the page: another one may be there by
the time it is pressed, and nobody dials, or skips, a person they have not seen.
"""

from collections.abc import Callable, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html
from flask_login import current_user

from acd.events import UNSTAMPED
from acd.ids import AgentId
from cordboard.console.words import clock, spoken
from cordboard.runtime.board import Board, PreviewLine, agent_line
from cordboard.runtime.leads.desk import LeadCard
from dialer.events import PreviewAccepted, PreviewSkipped
from dialer.ids import CampaignId, LeadId
from webhooks.ports import Fact, Journal, JournalDown

Component = Any
"""A Dash component; the library carries no types."""

Cards = Callable[[CampaignId, LeadId], LeadCard | None]
"""Opens who a lead is; None when the lists do not know it or cannot be asked."""

REASONS = ("called before", "known to be away", "needs another colleague", "wrong details")
"""Why a lead may be skipped. They are chosen and never typed: the journal keeps them for good."""

HIDDEN, SHOWN = {"display": "none"}, {"display": "block"}


def placeholder() -> Component:
    """Return the part of the page in which the lead and its two buttons are shown."""
    dial = dmc.Button("Dial", id="dial_lead", size="md")
    skip = dmc.Button("Skip", id="skip_lead", size="md", variant="default")
    why = dmc.Select(
        id="skip_why", data=list(REASONS), value=REASONS[0], allowDeselect=False, w=240
    )
    return html.Div(
        [
            dcc.Store(id="lead", data=[]),
            html.Div(id="card"),
            dmc.Group([dial, skip, why], mt="md"),
            dmc.Text(id="preview_said", c="red", mt="xs"),
        ],
        id="looking",
        style=HIDDEN,
    )


def install(page: Dash, board: Callable[[], Board | None], cards: Cards, journal: Journal) -> None:
    """Show the lead before the signed-in agent, and make facts of its buttons."""

    @page.callback(
        Output("looking", "style"),
        Output("card", "children"),
        Output("lead", "data"),
        Input("refresh", "n_intervals"),
    )
    def show(_n_intervals: int | None) -> tuple[dict[str, str], Component, list[str]]:
        line = agent_line(board(), current_user.account.name)
        preview = None if line is None else line.preview
        if preview is None:
            return HIDDEN, None, []
        card = cards(CampaignId(preview.campaign_id), LeadId(preview.lead_id))
        return SHOWN, card_view(preview, card), [preview.campaign_id, preview.lead_id]

    @page.callback(
        Output("preview_said", "children"),
        Input("dial_lead", "n_clicks"),
        Input("skip_lead", "n_clicks"),
        State("lead", "data"),
        State("skip_why", "value"),
        prevent_initial_call=True,
    )
    def act(dials: int | None, skips: int | None, seen: Sequence[str], why: str | None) -> str:
        if not (dials or skips):
            return ""
        agent_id = AgentId(current_user.account.name)
        line = agent_line(board(), agent_id)
        preview = None if line is None else line.preview
        if preview is None or list(seen) != [preview.campaign_id, preview.lead_id]:
            return "This lead is no longer before you."
        if ctx.triggered_id == "dial_lead":
            return _append(journal, accepted(preview, agent_id))
        if not preview.skips_left:
            return "You have no skips left in this hour; dial the lead or take a break."
        if why not in REASONS:
            return "Choose why you skip this lead."
        return _append(journal, skipped(preview, agent_id, why))


def accepted(preview: PreviewLine, agent_id: AgentId) -> PreviewAccepted:
    """Return the fact that an agent wants their lead dialled."""
    campaign_id, lead_id = CampaignId(preview.campaign_id), LeadId(preview.lead_id)
    return PreviewAccepted(UNSTAMPED, campaign_id, agent_id, lead_id)


def skipped(preview: PreviewLine, agent_id: AgentId, why: str) -> PreviewSkipped:
    """Return the fact that an agent passes over their lead."""
    campaign_id, lead_id = CampaignId(preview.campaign_id), LeadId(preview.lead_id)
    return PreviewSkipped(UNSTAMPED, campaign_id, agent_id, lead_id, why)


def card_view(preview: PreviewLine, card: LeadCard | None) -> Component:
    """Return the lead as a panel: who it is, what the list tells, until when it is there."""
    told = {} if card is None else dict(card.fields)
    if card is not None and card.language:
        told = {"language": card.language, **told}
    rows = [
        dmc.TableTr([dmc.TableTd(spoken(name), style={"width": "14rem"}), dmc.TableTd(value)])
        for name, value in told.items()
    ]
    who = card.name if card is not None and card.name else f"Lead {preview.lead_id}"
    return dmc.Paper(
        dmc.Stack(
            [
                dmc.Group(
                    [
                        dmc.Title(f"Next: {who}", order=4),
                        dmc.Badge(preview.campaign_id, variant="light", tt="none"),
                    ],
                    justify="space-between",
                ),
                *([dmc.Table(dmc.TableTbody(rows), verticalSpacing="xs")] if rows else []),
                dmc.Text(until_text(preview), size="sm", c="dimmed", className="figure"),
            ],
            gap="sm",
        ),
        withBorder=True,
        p="lg",
        mt="md",
        radius="md",
    )


def until_text(preview: PreviewLine) -> str:
    """Say when the lead goes by itself, and how many more may be skipped.

    Example:
        >>> until_text(PreviewLine(
        ...     campaign_id="cards", lead_id="L1", until_ms=60_000, end="skip", skips_left=1))
        'Skipped by itself at 00:01:00 UTC. You may skip 1 more lead this hour.'
    """
    end = "Dialled" if preview.end == "dial" else "Skipped"
    leads = "lead" if preview.skips_left == 1 else "leads"
    return (
        f"{end} by itself at {clock(preview.until_ms)} UTC."
        f" You may skip {preview.skips_left} more {leads} this hour."
    )


def _append(journal: Journal, event: PreviewAccepted | PreviewSkipped) -> str:
    """Append what the agent did; return what to say if that cannot be."""
    try:
        journal.append([Fact(event, natural_key="")])
    except JournalDown:
        return "The centre does not take this now. Nothing has changed; please try again."
    return ""
