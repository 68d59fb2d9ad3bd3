"""The agent's written conversations: the list, the thread of the chosen one, and a box to reply.

An agent reads and answers only what the wallboard says they have; the conversation's id comes from
the browser and is looked up there each time. A draft has a name, made before it is sent, so that a
doubled click is one reply.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update
from flask_login import current_user

from acd.events import UNSTAMPED, ConversationEnded, Event, OfferAccepted, OfferRejected
from acd.ids import AgentId, CallId, ReservationId
from cordboard.console.words import clock
from cordboard.runtime.board import AgentLine, Board, ConversationLine, agent_line
from cordboard.runtime.carrier.faults import sentence_of
from cordboard.runtime.text_desk import TextDesk, TextRefusedError
from cordboard.runtime.text_rows import CENTRE, TextRow
from webhooks.ports import Fact, Journal, JournalDown

Component = Any
"""A Dash component; the library carries no types."""

HIDDEN = {"display": "none"}
SHOWN: dict[str, str] = {}
DOWN = "The centre does not take this now. Nothing has changed; please try again."
GONE = "This is not possible any more."


def panel(is_shown: bool) -> list[Component]:  # noqa: FBT001  (as the other parts of the page)
    """Return the part of the page for conversations; it is hidden while there are none."""
    if not is_shown:
        return []
    buttons = [
        dmc.Button(label, id=f"text-{what}", variant=variant)
        for what, label, variant in (
            ("accept", "Take it", "filled"),
            ("reject", "Decline", "default"),
            ("send", "Send", "filled"),
            ("close", "Close", "default"),
        )
    ]
    parts = [
        dcc.Store(id="draft", data=""),
        dmc.Title("Messages", order=4),
        dmc.Select(id="conversation", data=[], w=320, mt="sm", allowDeselect=False),
        html.Div(id="thread"),
        dmc.Textarea(id="reply", placeholder="Your reply", autosize=True, minRows=2, mt="sm"),
        dmc.Group(buttons, mt="sm"),
        dmc.Text(id="text-said", c="red", mt="sm"),
    ]
    return [html.Div(parts, id="conversations", style=HIDDEN)]


def install(
    page: Dash, board: Callable[[], Board | None], journal: Journal, desk: TextDesk | None
) -> None:
    """Keep the panel up to date, and turn its buttons into facts and replies."""
    if desk is None:
        return

    @page.callback(
        Output("conversations", "style"),
        Output("conversation", "data"),
        Output("conversation", "value"),
        Output("thread", "children"),
        Output("draft", "data"),
        Output("reply", "value"),
        *(Output(name, "style") for name in ("text-accept", "text-reject")),
        *(Output(name, "style") for name in ("reply", "text-send", "text-close")),
        Input("refresh", "n_intervals"),
        Input("conversation", "value"),
        State("draft", "data"),
    )
    def refresh(_n_intervals: int | None, chosen: object, draft: object) -> tuple[Any, ...]:
        lines = _lines(agent_line(board(), current_user.account.name))
        line = _chosen(lines, chosen) or (lines[0] if lines else None)
        offer, talk = (HIDDEN, SHOWN) if line and line.is_open else (SHOWN, HIDDEN)
        # What was written for one customer must never be sent to another.
        is_same = line is not None and line.call_id == chosen and ctx.triggered_id == "refresh"
        return (
            SHOWN if lines else HIDDEN,
            choices(lines),
            line.call_id if line else None,
            thread_view(desk.read(CallId(line.call_id))) if line else None,
            draft if draft and is_same else secrets.token_hex(8),
            no_update if is_same else "",
            *(offer,) * 2,
            *(talk,) * 3,
        )

    @page.callback(
        Output("text-said", "children"),
        Output("reply", "value", allow_duplicate=True),
        Output("draft", "data", allow_duplicate=True),
        Input("text-accept", "n_clicks"),
        Input("text-reject", "n_clicks"),
        Input("text-send", "n_clicks"),
        Input("text-close", "n_clicks"),
        State("conversation", "value"),
        State("reply", "value"),
        State("draft", "data"),
        prevent_initial_call=True,
    )
    def act(*told: object) -> tuple[str, Any, Any]:
        chosen, text, draft = told[-3:]
        agent_id, button = AgentId(current_user.account.name), str(ctx.triggered_id)
        line = _chosen(_lines(agent_line(board(), agent_id)), chosen)
        if not any(told[:-3]) or line is None:
            return GONE if line is None else "", no_update, no_update
        try:
            if button == "text-send" and line.is_open and draft:
                desk.reply(agent_id, CallId(line.call_id), str(draft), str(text or ""))
                return "", "", ""
            event = fact(button, agent_id, line)
            if event is not None:
                journal.append([Fact(event, natural_key="")])
        except TextRefusedError as refused:
            return str(refused), no_update, no_update
        except JournalDown:
            return DOWN, no_update, no_update
        return "" if event is not None else GONE, no_update, no_update


def fact(button: str, agent_id: AgentId, line: ConversationLine) -> Event | None:
    """Return the fact that a button is, or None when it does not fit the conversation."""
    reservation_id = ReservationId(line.reservation_id)
    if button == "text-close" and line.is_open:
        return ConversationEnded(UNSTAMPED, agent_id, CallId(line.call_id))
    if line.is_open or not reservation_id:
        return None
    if button == "text-accept":
        return OfferAccepted(UNSTAMPED, reservation_id)
    return OfferRejected(UNSTAMPED, reservation_id) if button == "text-reject" else None


def choices(lines: Sequence[ConversationLine]) -> list[dict[str, str]]:
    """Return the conversations as a list to choose from."""
    return [
        {
            "value": line.call_id,
            "label": f"{number}. {line.queue_id}{'' if line.is_open else ' (offered)'}",
        }
        for number, line in enumerate(lines, 1)
    ]


def thread_view(rows: Sequence[TextRow]) -> Component:
    """Return a conversation's messages, the oldest first, with what became of ours."""
    return dmc.Stack([_message(row) for row in rows], gap=4, mt="sm")


def _message(row: TextRow) -> Component:
    who = {"": "Customer", CENTRE: "Centre"}.get(row.writer, row.writer)
    pictures = f" [{row.media_count} attached]" if row.media_count else ""
    parts = [dmc.Text(f"{clock(row.at_ms)}  {who}: {row.text}{pictures}", size="sm")]
    if told(row):
        parts.append(dmc.Text(told(row), size="sm", c="red"))
    return html.Div(parts)


def told(row: TextRow) -> str:
    """Return what the agent should know of a message that did not arrive; empty for others."""
    if row.error_code:
        return f"Not delivered: {sentence_of(row.error_code)}"
    if row.state == "unknown":
        return "It is not known whether this was sent."
    return ""


def _chosen(lines: Sequence[ConversationLine], chosen: object) -> ConversationLine | None:
    """Return the conversation of a name, None for one the agent does not have."""
    return next((line for line in lines if line.call_id == chosen), None)


def _lines(line: AgentLine | None) -> tuple[ConversationLine, ...]:
    return line.conversations if line is not None else ()
