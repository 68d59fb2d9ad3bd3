"""The agent's live page: shows their line of the wallboard, turns buttons into facts."""

from collections.abc import Callable

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html
from flask import Flask
from flask_login import current_user

from acd.ids import AgentId, ReservationId
from cordboard.console.agent.actions import Action, fact, possible
from cordboard.console.agent.layout import (
    Component,
    agent_line,
    agent_view,
    button_states,
    buttons,
)
from cordboard.console.pages import frame, live_page
from cordboard.runtime.board import Board
from webhooks.ports import Fact, Journal, JournalDown

HIDDEN = {"display": "none"}
SHOWN: dict[str, str] = {}


def install(app: Flask, board: Callable[[], Board | None], journal: Journal) -> list[str]:
    """Serve the page under `/agent/`.

    Returns:
        The hashes of the page's own inline scripts, for the content security policy.
    """
    page = live_page(app, "/agent/", "my desk")
    page.layout = frame(
        dcc.Store(id="reservation", data=""),
        html.Div(id="desk"),
        buttons(),
        dmc.Text(id="said", c="red", mt="md"),
    )

    @page.callback(
        Output("desk", "children"),
        Output({"action": ALL}, "style"),
        Output("reservation", "data"),
        Input("refresh", "n_intervals"),
    )
    def refresh(_n_intervals: int | None) -> tuple[Component, list[dict[str, str]], str]:
        line = agent_line(board(), current_user.account.name)
        states = button_states(line)
        styles = [
            SHOWN if states[Action(o["id"]["action"])] else HIDDEN for o in ctx.outputs_list[1]
        ]
        return agent_view(line), styles, line.reservation_id if line else ""

    @page.callback(
        Output("said", "children"),
        Input({"action": ALL}, "n_clicks"),
        State("reservation", "data"),
        prevent_initial_call=True,
    )
    def act(clicks: list[int | None], reservation_id: object) -> str:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            return ""
        pressed = ctx.triggered_id["action"]
        if pressed not in tuple(Action) or not isinstance(reservation_id, str):
            return "This is not possible."
        action = Action(pressed)
        name = current_user.account.name
        if action not in possible(agent_line(board(), name)):
            return "This is not possible any more."
        event = fact(action, AgentId(name), ReservationId(reservation_id))
        try:
            journal.append([Fact(event, natural_key="")])
        except JournalDown:
            return "The centre does not take this now. Nothing has changed; please try again."
        return ""

    return [str(script_hash) for script_hash in page.csp_hashes()]
