"""The page under `/knowledge/`: callers' questions, and proposals for a supervisor to decide."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from flask import Flask
from flask_login import current_user

from cordboard.console.knowledge.desk import FlowKnowledge, KnowledgeDesk
from cordboard.console.knowledge.layout import knowledge_view, proposal_form, wording_of
from cordboard.console.pages import frame, live_page
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.proposals import ProposalError
from cordboard.runtime.releases import Author

Component = Any
"""A Dash component; the library carries no types."""


def install(app: Flask, desk: KnowledgeDesk) -> list[str]:
    """Serve the page.

    Returns:
        The hashes of the page's own inline scripts, for the content security policy.
    """
    page = live_page(app, "/knowledge/", "what callers ask")
    page.layout = frame(
        html.Div(id="knowledge"),
        dmc.Title("Answers that agents propose", order=2, mt="lg", mb="sm"),
        dmc.Text(id="decided", mb="sm"),
        dcc.Store(id="waiting", data=None),
        html.Div(id="proposals"),
    )

    @page.callback(Output("knowledge", "children"), Input("refresh", "n_intervals"))
    def refresh(_n_intervals: int | None) -> Component:
        return knowledge_view(desk.flows())

    @page.callback(
        Output("proposals", "children"),
        Output("waiting", "data"),
        Input("refresh", "n_intervals"),
        Input("decided", "children"),
        State("waiting", "data"),
    )
    def list_waiting(
        _n_intervals: int | None, _decided: str | None, shown: list[str] | None
    ) -> tuple[Component, Component]:
        flows = desk.flows()
        waiting = [one.proposal_id for known in flows for one in known.waiting]
        if waiting == shown:  # what a supervisor is writing must not be written over
            return no_update, no_update
        return _forms(flows), waiting

    @page.callback(
        Output("decided", "children"),
        Input({"decide": ALL, "of": ALL}, "n_clicks"),
        State({"field": ALL, "of": ALL}, "value"),
        State({"field": ALL, "of": ALL}, "id"),
        prevent_initial_call=True,
    )
    def decide(
        clicks: list[int | None], values: list[str | None], ids: list[dict[str, str]]
    ) -> str:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            return ""
        chosen = ctx.triggered_id
        fields = {
            each["field"]: value or ""
            for each, value in zip(ids, values, strict=True)
            if each["of"] == chosen["of"]
        }
        said = decision(desk, chosen["decide"], chosen["of"], fields, current_user.account.name)
        desk.flows(is_fresh=True)
        return said

    return [str(script_hash) for script_hash in page.csp_hashes()]


def _forms(flows: tuple[FlowKnowledge, ...]) -> Component:
    forms = [proposal_form(known, one) for known in flows for one in known.waiting]
    return dmc.Stack(forms or [dmc.Text("Nothing waits for you.", c="dimmed")])


def decision(
    desk: KnowledgeDesk, what: str, proposal_id: str, fields: dict[str, str], by: str
) -> str:
    """Carry out a decision and say what came of it.

    Args:
        desk: Where the proposals are.
        what: `approve` or `refuse`.
        proposal_id: Of which one.
        fields: What stands in its form.
        by: The supervisor.
    """
    try:
        if what == "refuse":
            desk.proposals.refuse(proposal_id, by)
            return "Refused."
        wording = wording_of(fields)
        author = Author(by, f"answer {wording.entry}", desk.clock.wall_ms())
        flow = desk.proposals.approve(proposal_id, wording, author)
    except ProposalError as error:
        return f"Not approved: {error}"
    except StoreDown:
        return "The centre does not take this now; nothing has changed. Please try again."
    return f"Approved: callers hear it with version {flow.version} of {flow.name}."
