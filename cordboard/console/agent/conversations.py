"""The agent's written conversations: the list, the thread of the chosen one, and what to do.

An agent reads and answers only what the wallboard says they have; the conversation's id comes from
the browser and is looked up there each time. A draft has a name, made before it is sent, so that a
doubled click is one reply.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from flask_login import current_user

from acd.events import UNSTAMPED, ConversationEnded, Event, OfferAccepted, OfferRejected
from acd.ids import AgentId, CallId, QueueId, ReservationId
from cordboard.console.agent.thread import length_told, thread_view
from cordboard.runtime.board import AgentLine, Board, ConversationLine, agent_line
from cordboard.runtime.text_desk import Party, TextDesk, TextRefusedError
from cordboard.runtime.text_length import length_of
from webhooks.ports import Fact, Journal, JournalDown

Component = Any
"""A Dash component; the library carries no types."""

HIDDEN = {"display": "none"}
SHOWN: dict[str, str] = {}
DOWN = "The centre does not take this now. Nothing has changed; please try again."
GONE = "This is not possible any more."

OFFER_PARTS = ("text-accept", "text-reject")
TALK_PARTS = ("reply", "length", "text-send", "text-close", "passing")
"""What is shown of the panel while a conversation is offered, and while it is open."""


def panel(desk: TextDesk | None) -> list[Component]:
    """Return the part of the page for conversations; it is hidden while there are none."""
    if desk is None:
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
        dcc.Store(id="thread-shown", data=""),
        dmc.Title("Messages", order=4),
        dmc.Select(
            id="conversation",
            data=[],
            maw=320,
            mt="sm",
            allowDeselect=False,
            **{"aria-label": "Conversation"},
        ),
        html.Div(id="thread"),
        dmc.Textarea(
            id="reply",
            placeholder="Your reply",
            autosize=True,
            minRows=2,
            mt="sm",
            **{"aria-label": "Your reply"},
        ),
        dmc.Text(id="length", size="sm", c="dimmed"),
        dmc.Group(buttons, mt="sm"),
        _passing(desk),
        dmc.Text(id="text-said", c="red", mt="sm", **{"aria-live": "polite"}),
    ]
    return [html.Div(parts, id="conversations", className="conversations", style=HIDDEN)]


def _passing(desk: TextDesk) -> Component:
    """Return the form by which a conversation is passed on."""
    parties = [
        {"group": group, "items": [{"value": f"{kind}:{name}", "label": name} for name in names]}
        for group, kind, names in (
            ("Queues", "queue", desk.queues),
            ("Colleagues", "agent", desk.agents),
        )
        if names
    ]
    form = [
        dmc.Select(
            id="text-party",
            data=parties,
            placeholder="To whom to pass it on",
            searchable=True,
            clearable=True,
            w=240,
            **{"aria-label": "To whom to pass it on"},
        ),
        dmc.TextInput(
            id="text-note",
            placeholder="Note for them; the customer does not see it",
            className="text-note",
            **{"aria-label": "Note for them"},
        ),
        dmc.Button("Pass on", id="text-pass", variant="default"),
    ]
    return html.Div(dmc.Group(form, mt="sm"), id="passing")


def install(
    page: Dash, board: Callable[[], Board | None], journal: Journal, desk: TextDesk | None
) -> None:
    """Keep the panel up to date, and turn its buttons into facts and replies."""
    if desk is None:
        return
    _install_showing(page, board, desk)
    _install_acting(page, board, journal, desk)


def _install_showing(page: Dash, board: Callable[[], Board | None], desk: TextDesk) -> None:
    @page.callback(
        Output("conversations", "style"),
        Output("conversation", "data"),
        Output("conversation", "value"),
        Output("thread", "children"),
        Output("thread-shown", "data"),
        Output("draft", "data"),
        Output("reply", "value"),
        *(Output(name, "style") for name in (*OFFER_PARTS, *TALK_PARTS)),
        Input("refresh", "n_intervals"),
        Input("conversation", "value"),
        State("draft", "data"),
        State("thread-shown", "data"),
    )
    def refresh(
        _n_intervals: int | None, chosen: object, draft: object, seen: object
    ) -> tuple[Any, ...]:
        lines = _lines(agent_line(board(), current_user.account.name))
        line = _chosen(lines, chosen) or (lines[0] if lines else None)
        offer, talk = (HIDDEN, SHOWN) if line and line.is_open else (SHOWN, HIDDEN)
        # What was written for one customer must never be sent to another.
        is_same = line is not None and line.call_id == chosen and ctx.triggered_id == "refresh"
        now, thread = _thread(desk, line)
        return (
            SHOWN if lines else HIDDEN,
            choices(lines),
            line.call_id if line else None,
            no_update if now == seen else thread,
            now,
            draft if draft and is_same else secrets.token_hex(8),
            no_update if is_same else "",
            *(offer,) * len(OFFER_PARTS),
            *(talk,) * len(TALK_PARTS),
        )

    @page.callback(
        Output("length", "children"),
        Output("text-send", "disabled"),
        Input("reply", "value"),
    )
    def measure(text: object) -> tuple[str, bool]:
        written = str(text or "")
        return length_told(written) if written.strip() else "", length_of(written).is_too_long


def _thread(desk: TextDesk, line: ConversationLine | None) -> tuple[str, Component]:
    """Return the chosen conversation, and what tells whether it has changed."""
    if line is None:
        return "", None
    thread = desk.read(CallId(line.call_id))
    mark = blake2b(repr((line, thread)).encode(), digest_size=8).hexdigest()
    return mark, thread_view(thread, can_write=line.is_open)


def _install_acting(
    page: Dash, board: Callable[[], Board | None], journal: Journal, desk: TextDesk
) -> None:
    @page.callback(
        Output("text-said", "children"),
        Output("reply", "value", allow_duplicate=True),
        Output("draft", "data", allow_duplicate=True),
        Output("text-note", "value"),
        Input("text-accept", "n_clicks"),
        Input("text-reject", "n_clicks"),
        Input("text-send", "n_clicks"),
        Input("text-close", "n_clicks"),
        Input("text-pass", "n_clicks"),
        Input({"again": ALL}, "n_clicks"),
        State("conversation", "value"),
        State("reply", "value"),
        State("draft", "data"),
        State("text-party", "value"),
        State("text-note", "value"),
        prevent_initial_call=True,
    )
    def act(*told: Any) -> tuple[Any, Any, Any, Any]:  # noqa: ANN401  (the browser's values)
        chosen, text, draft, party, note = told[-5:]
        # A button that has just come into the page triggers this too, unpressed.
        if not any(press["value"] for press in ctx.triggered):
            return no_update, no_update, no_update, no_update
        agent_id = AgentId(current_user.account.name)
        seen = board()
        line = _chosen(_lines(agent_line(seen, agent_id)), chosen)
        if line is None:
            return GONE, no_update, no_update, no_update
        written = Written(str(text or ""), str(draft or ""), party_of(party), str(note or ""))
        try:
            if ctx.triggered_id == "text-pass":
                check_is_there(written.party, seen)
            done = _carry_out(ctx.triggered_id, agent_id, line, written, desk)
            if done is not None and not isinstance(done, Done):
                journal.append([Fact(done, natural_key="")])
        except TextRefusedError as refused:
            return str(refused), no_update, no_update, no_update
        except JournalDown:
            return DOWN, no_update, no_update, no_update
        reply = "" if done is Done.REPLIED else no_update
        kept = "" if done is Done.PASSED_ON else no_update
        return GONE if done is None else "", reply, reply, kept


@dataclass(frozen=True, slots=True)
class Written:
    """What stood in the form when a button was pressed."""

    text: str
    draft: str  #: the name of the reply
    party: Party
    note: str


class Done(Enum):
    """What the desk did itself; everything else is a fact."""

    REPLIED = 1
    SENT_AGAIN = 2
    PASSED_ON = 3


def _carry_out(
    button: object, agent_id: AgentId, line: ConversationLine, written: Written, desk: TextDesk
) -> Done | Event | None:
    """Do what a button says; return the fact that it is instead, or None where it does not fit.

    Raises:
        TextRefusedError: What was written cannot be sent.
        JournalDown: It could not be kept.
    """
    call_id = CallId(line.call_id)
    if line.is_open and isinstance(button, dict):
        desk.send_again(agent_id, call_id, str(button["again"]))
        return Done.SENT_AGAIN
    if line.is_open and button == "text-send" and written.draft:
        desk.reply(agent_id, call_id, written.draft, written.text)
        return Done.REPLIED
    if line.is_open and button == "text-pass":
        queue_id = QueueId(line.queue_id)
        desk.pass_on(agent_id, call_id, written.party, queue_id=queue_id, note=written.note)
        return Done.PASSED_ON
    return fact(str(button), agent_id, line)


def party_of(text: object) -> Party:
    """Read to whom to pass on, as the browser sends it: ``queue:letters`` or ``agent:ben``."""
    kind, _, name = str(text or "").partition(":")
    if kind == "queue":
        return Party(queue_id=QueueId(name))
    return Party(agent_id=AgentId(name)) if kind == "agent" else Party()


def check_is_there(party: Party, board: Board | None) -> None:
    """See that a colleague is at work: the customer would wait first for one who is not.

    Raises:
        TextRefusedError: They are signed out.
    """
    line = None if party.agent_id is None else agent_line(board, party.agent_id)
    if line is not None and line.presence == "signed_out":
        raise TextRefusedError(f"{party.agent_id} is signed out; choose somebody else, or a queue.")


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


def _chosen(lines: Sequence[ConversationLine], chosen: object) -> ConversationLine | None:
    """Return the conversation of a name, None for one the agent does not have."""
    return next((line for line in lines if line.call_id == chosen), None)


def _lines(line: AgentLine | None) -> tuple[ConversationLine, ...]:
    return line.conversations if line is not None else ()
