"""The agent's live page: shows their line of the wallboard, turns buttons into facts."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from flask import Flask
from flask_login import current_user

from acd.ids import AgentId, ReservationId
from cordboard.console.agent import conversations, looking, proposing, softphone, story
from cordboard.console.agent.actions import (
    WITH_TARGET,
    Action,
    fact,
    fact_about,
    fits,
    possible,
)
from cordboard.console.agent.layout import (
    Component,
    agent_view,
    button_states,
    buttons,
    target_choice,
)
from cordboard.console.agent.ports import AgentPorts
from cordboard.console.agent.targets import Target, targets
from cordboard.console.pages import frame, live_page
from cordboard.runtime.board import agent_line
from webhooks.ports import Fact, JournalDown

HIDDEN = {"display": "none"}
SHOWN: dict[str, str] = {}


def install(app: Flask, ports: AgentPorts) -> list[str]:
    """Serve the page under `/agent/`.

    Returns:
        The hashes of the page's own inline scripts, for the content security policy.
    """
    board, journal = ports.board, ports.journal
    page = live_page(app, "/agent/", "my desk", softphone.scripts(ports.phones))
    page.layout = frame(
        dcc.Store(id="reservation", data=""),
        html.Div(id="desk"),
        looking.placeholder(),
        html.Div(target_choice(), id="parties", style=HIDDEN),
        buttons(),
        softphone.panel(),
        dmc.Text(id="said", c="red", mt="md"),
        *conversations.panel(ports.texts),
        story.placeholder(),
        *proposing.form(ports.propose is not None),
    )
    softphone.install(app, ports.phones)
    looking.install(page, board, ports.cards, journal)
    story.install(page, board, ports.stories)
    conversations.install(page, board, journal, ports.texts)
    if ports.propose is not None:
        proposing.install(page, board, ports.stories, ports.propose)

    @page.callback(
        Output("desk", "children"),
        Output({"action": ALL}, "style"),
        Output("reservation", "data"),
        Input("refresh", "n_intervals"),
    )
    def refresh(_n_intervals: int | None) -> tuple[Component, list[dict[str, str]], str]:
        ports.desk_heard(current_user.account.name)
        name = current_user.account.name
        line = agent_line(board(), name)
        states = button_states(line, is_confirming=name in ports.confirming)
        styles = [
            SHOWN if states[Action(o["id"]["action"])] else HIDDEN for o in ctx.outputs_list[1]
        ]
        return agent_view(line), styles, line.reservation_id if line else ""

    @page.callback(
        Output("parties", "style"),
        Output("target", "data"),
        Input("refresh", "n_intervals"),
        State("target", "data"),
    )
    def offer_parties(
        _n_intervals: int | None, shown: list[dict[str, object]]
    ) -> tuple[dict[str, str], Any]:
        seen, name = board(), current_user.account.name
        is_needed = WITH_TARGET.intersection(possible(agent_line(seen, name)))
        parties = targets(seen, name)
        return SHOWN if is_needed else HIDDEN, no_update if parties == shown else parties

    @page.callback(
        Output("said", "children"),
        Input({"action": ALL}, "n_clicks"),
        State("reservation", "data"),
        State("target", "value"),
        prevent_initial_call=True,
    )
    def act(clicks: list[int | None], reservation_id: object, target: object) -> str:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            return ""
        action = _pressed(ctx.triggered_id["action"])
        agent_id = AgentId(current_user.account.name)
        line = agent_line(board(), agent_id)
        if (
            action is None
            or line is None
            or not fits(action, line, reservation_id, is_confirming=agent_id in ports.confirming)
        ):
            return "This is not possible any more."
        party = Target.of(target if isinstance(target, str) else None)
        if action not in WITH_TARGET:
            event = fact(action, agent_id, ReservationId(str(reservation_id)), line.case)
        elif party is None:
            return "Choose first whom to ask or to pass on to."
        else:
            event = fact_about(action, agent_id, party, line)
        try:
            journal.append([Fact(event, natural_key="")])
        except JournalDown:
            return "The centre does not take this now. Nothing has changed; please try again."
        return ""

    return [str(script_hash) for script_hash in page.csp_hashes()]


def _pressed(name: str) -> Action | None:
    """Return the button of a name, None for one that was made up."""
    return Action(name) if name in tuple(Action) else None
