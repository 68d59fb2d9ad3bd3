"""A written conversation as components: who wrote what, what became of it, and what came before."""

from datetime import UTC, datetime
from typing import Any

import dash_mantine_components as dmc
from dash import html

from cordboard.runtime.carrier.faults import sentence_of
from cordboard.runtime.segments import CHARACTERS_MAX, length_of
from cordboard.runtime.text_desk import Thread, repeatable
from cordboard.runtime.text_rows import (
    CANCELLED,
    CENTRE,
    FLOW,
    NOTE,
    RECEIVED,
    TO_SEND,
    UNKNOWN,
    TextRow,
)

Component = Any
"""A Dash component; the library carries no types."""

_WRITERS = {"": "Customer", CENTRE: "Centre", FLOW: "Call flow"}

_STATES = {
    RECEIVED: "",
    NOTE: "",
    TO_SEND: "On its way to the carrier",
    UNKNOWN: "It is not known whether this was sent; it is not sent again.",
    CANCELLED: "Not sent: the customer has begun another conversation.",
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending"), "With the carrier"),
    "sent": "Sent",
    "delivered": "Delivered",
    "read": "Read",
}
"""What the state of a message means; what the carrier may call it beyond is shown as it is."""


def thread_view(thread: Thread, *, can_write: bool) -> Component:
    """Return a conversation, the oldest message first, below what came in the days before."""
    parts: list[Component] = []
    if thread.obstacle:
        text = f"Nothing can be sent to this customer: {sentence_of(thread.obstacle)}."
        parts.append(dmc.Alert(text, color="yellow"))
    if thread.earlier:
        count = len(thread.earlier)
        summary = html.Summary(f"{count} earlier {'message' if count == 1 else 'messages'}")
        before = [_message(row, has_date=True) for row in thread.earlier]
        parts.append(html.Details([summary, *before]))
    again = repeatable(thread.rows) if can_write and not thread.obstacle else frozenset()
    parts += [_message(row, can_repeat=row.name in again) for row in thread.rows]
    return html.Div(parts, className="thread")


def _message(row: TextRow, *, has_date: bool = False, can_repeat: bool = False) -> Component:
    pictures = f" [{row.media_count} attached]" if row.media_count else ""
    writer = _WRITERS.get(row.writer, row.writer)
    by = f"Note of {writer} for colleagues" if row.state == NOTE else writer
    parts = [
        html.Div(f"{by}, {_clock(row.at_ms, has_date=has_date)}", className="by"),
        html.Div(f"{row.text}{pictures}", className="text"),
    ]
    if told(row):
        is_bad = bool(row.error_code) or row.state in {UNKNOWN, CANCELLED}
        parts.append(html.Div(told(row), className="told bad" if is_bad else "told"))
    if can_repeat:
        parts.append(
            dmc.Button("Send again", id={"again": row.name}, size="compact-sm", variant="default")
        )
    return html.Div(parts, className=f"message {_side(row)}")


def told(row: TextRow) -> str:
    """Return what became of a message, in plain words; empty for the customer's own.

    Example:
        >>> told(TextRow(name="r1", at_ms=0, writer="ana", text="hi", error_code=21614))
        'Not delivered: the number cannot receive messages.'
    """
    if row.error_code:
        return f"Not delivered: {sentence_of(row.error_code)}."
    if row.state == TO_SEND and row.due_at_ms:
        return f"Waits until {_clock(row.due_at_ms)} UTC: quiet hours where the customer is"
    return _STATES.get(row.state, row.state.capitalize())


def length_told(text: str) -> str:
    """Return how long a reply is, and when it is too long.

    Example:
        >>> length_told("Which card?")
        '11 characters, 1 segment'
        >>> length_told("哪张卡?" * 20)
        '80 characters, 2 segments (70 characters in one: not only Latin letters)'
    """
    length = length_of(text.strip())
    if length.is_too_long:
        return f"{length.character_count} characters: {CHARACTERS_MAX} is the most"
    noun = "segment" if length.segment_count == 1 else "segments"
    why = "" if length.is_gsm else " (70 characters in one: not only Latin letters)"
    return f"{length.character_count} characters, {length.segment_count} {noun}{why}"


def _side(row: TextRow) -> str:
    """Return on whose side a message stands: the class of its style."""
    if row.state == NOTE:
        return "note"
    return "ours" if row.writer else "theirs"


def _clock(at_ms: int, *, has_date: bool = False) -> str:
    instant = datetime.fromtimestamp(at_ms / 1_000, UTC)
    return f"{instant:%d %b %H:%M}" if has_date else f"{instant:%H:%M}"
