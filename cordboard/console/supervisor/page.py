"""The live page: asks for the wallboard once a second and shows it; lets supervisors take part."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, html, no_update
from flask import Flask
from flask_login import current_user

from acd.ids import AgentId
from cordboard.console.pages import frame, live_page
from cordboard.console.supervisor import pacing
from cordboard.console.supervisor.actions import Part, conversations, fact, refusal
from cordboard.console.supervisor.ahead import install as install_ahead
from cordboard.console.supervisor.ahead import panel
from cordboard.console.supervisor.layout import Component, board_view, listening_in
from cordboard.console.supervisor.ports import SupervisorPorts
from cordboard.runtime.board import agent_line
from webhooks.ports import Fact, Journal, JournalDown


def install(app: Flask, ports: SupervisorPorts) -> list[str]:
    """Serve the page under `/supervisor/`, with a look ahead if there is a model to look with.

    Returns:
        The hashes of the page's own inline scripts, for the content security policy.
    """
    board, journal = ports.board, ports.journal
    orders, look_ahead = ports.orders, ports.look_ahead
    page = live_page(app, "/supervisor/", "centre now")
    links = html.Nav(
        [html.A("What callers ask", href="/knowledge/"), html.A("Recordings", href="/recordings/")]
    )

    def layout() -> Component:
        now = board()
        below = [] if orders is None else [pacing.panel(orders)]
        below += [] if look_ahead is None else [panel(now)]
        return frame(links, html.Div(board_view(now), id="board"), listening_in(), *below)

    page.layout = layout
    if look_ahead is not None:
        install_ahead(page, look_ahead)
    if orders is not None:
        pacing.install(page, orders, journal)

    @page.callback(
        Output("board", "children"),
        Output("conversation", "data"),
        Input("refresh", "n_intervals"),
        State("conversation", "data"),
    )
    def refresh(_n_intervals: int | None, shown: list[dict[str, str]]) -> tuple[Component, Any]:
        seen = board()
        talking = conversations(seen)
        return board_view(seen), no_update if talking == shown else talking

    @page.callback(
        Output("said", "children"),
        Input({"part": ALL}, "n_clicks"),
        State("conversation", "value"),
        prevent_initial_call=True,
    )
    def act(clicks: list[int | None], agent_id: str | None) -> str:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            return ""
        if not agent_id:
            return "Choose a conversation first."
        name = current_user.account.name
        if name not in ports.telephones:
            return f"The settings name no telephone for {name}; add one under 'supervisors'."
        part = Part(ctx.triggered_id["part"])
        why_not = refusal(part, agent_line(board(), agent_id), name)
        return why_not or _append(journal, Fact(fact(part, name, AgentId(agent_id)), ""))

    return [str(script_hash) for script_hash in page.csp_hashes()]


def _append(journal: Journal, told: Fact) -> str:
    """Append what a supervisor did; return what to say if that cannot be."""
    try:
        journal.append([told])
    except JournalDown:
        return "The centre does not take this now. Nothing has changed; please try again."
    return ""
