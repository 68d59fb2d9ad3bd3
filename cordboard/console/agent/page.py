"""The agent's live page: shows their line of the wallboard, turns buttons into facts."""

from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from flask import Flask
from flask_login import current_user

from acd.ids import AgentId, ReservationId
from cordboard.console.agent import conversations, looking, proposing, story
from cordboard.console.agent.actions import (
    WITH_TARGET,
    Action,
    fact,
    fact_about,
    possible,
)
from cordboard.console.agent.layout import (
    Component,
    agent_view,
    button_states,
    buttons,
    target_choice,
)
from cordboard.console.agent.targets import Target, targets
from cordboard.console.pages import frame, live_page
from cordboard.runtime.board import Board, agent_line
from cordboard.runtime.text_desk import TextDesk
from webhooks.ports import Fact, Journal, JournalDown

HIDDEN = {"display": "none"}
SHOWN: dict[str, str] = {}


def install(  # noqa: PLR0913  (one port each; the console calls it once)
    app: Flask,
    *,
    board: Callable[[], Board | None],
    journal: Journal,
    stories: story.Stories,
    cards: looking.Cards,
    propose: proposing.Propose | None,
    desk_heard: Callable[[str], None],
    texts: TextDesk | None,
) -> list[str]:
    """Serve the page under `/agent/`.

    Args:
        app: The console.
        board: Returns the wallboard as last published.
        journal: Where what agents do becomes facts.
        stories: Opens what the caller of a call has told.
        cards: Opens who the lead is that an agent looks at before it is dialled.
        propose: Takes answers that agents propose; None where nobody takes any.
        desk_heard: Is told of every beat of an agent's page.
        texts: Reads and answers text messages; None shows none.

    Returns:
        The hashes of the page's own inline scripts, for the content security policy.
    """
    page = live_page(app, "/agent/", "my desk")
    page.layout = frame(
        dcc.Store(id="reservation", data=""),
        html.Div(id="desk"),
        looking.placeholder(),
        html.Div(target_choice(), id="parties", style=HIDDEN),
        buttons(),
        dmc.Text(id="said", c="red", mt="md"),
        *conversations.panel(texts),
        story.placeholder(),
        *proposing.form(propose is not None),
    )
    looking.install(page, board, cards, journal)
    story.install(page, board, stories)
    conversations.install(page, board, journal, texts)
    if propose is not None:
        proposing.install(page, board, stories, propose)

    @page.callback(
        Output("desk", "children"),
        Output({"action": ALL}, "style"),
        Output("reservation", "data"),
        Input("refresh", "n_intervals"),
    )
    def refresh(_n_intervals: int | None) -> tuple[Component, list[dict[str, str]], str]:
        desk_heard(current_user.account.name)
        line = agent_line(board(), current_user.account.name)
        states = button_states(line)
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
        if action is None or line is None or action not in possible(line):
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
