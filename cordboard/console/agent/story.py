"""What the caller has told already, as the agent reads it: so that nobody asks a second time.

First what they want, then what is known of them, then the way they came. Masked answers are dots
here because they were dots before they got here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, html
from flask_login import current_user

from acd.ids import CallId
from cordboard.console.words import clock, spoken
from cordboard.runtime.board import Board, agent_line
from webhooks.attestation import FAILED, FULL, MEANINGS
from webhooks.told import Story

Component = Any
"""A Dash component; the library carries no types."""

Stories = Callable[[CallId], Story | None]
"""Opens the story of a call; None when there is none to be had."""

KINDS: Mapping[str, str] = {
    "keyed": "keyed",
    "said": "said",
    "intent": "wants",
    "answer": "heard the answer",
    "data": "noted",
    "went": "was sent on:",
}
"""How each kind of entry in a trail reads after "the caller"."""

COLOURS: Mapping[str, str] = {FULL: "teal", FAILED: "red"}
"""Of the grades that are news to an agent; the others are gray."""

_PLUMBING = (
    *("split.", "sent.", "answer.", "caller.returning", "caller.called", "caller.attestation"),
)
"""Values under these are the flow's own bookkeeping."""


def install(page: Dash, board: Callable[[], Board | None], stories: Stories) -> None:
    """Show the story of the agent's present call in the part `story` of their page."""

    @page.callback(Output("story", "children"), Input("refresh", "n_intervals"))
    def show(_n_intervals: int | None) -> Component:
        line = agent_line(board(), current_user.account.name)
        call_id = line.call_id if line is not None else ""
        return story_view(stories(CallId(call_id)) if call_id else None)


def placeholder() -> Component:
    """Return the part of the page in which the story is shown."""
    return html.Div(id="story")


def story_view(story: Story | None) -> Component:
    """Return a story as a panel; nothing when there is none."""
    if story is None:
        return None
    known = {
        name: value
        for name, value in sorted(story.data.items())
        if value and not name.startswith(_PLUMBING) and name not in ("intent", "reason")
    }
    return dmc.Paper(
        dmc.Stack(
            [
                dmc.Group(
                    [
                        dmc.Title("What the caller has told already", order=4),
                        dmc.Badge(story.language, variant="light", tt="none"),
                    ],
                    justify="space-between",
                ),
                *_wish(story),
                *_vouching(story),
                _known(known),
                _trail(story),
            ],
            gap="sm",
        ),
        withBorder=True,
        p="lg",
        mt="md",
        radius="md",
    )


def _wish(story: Story) -> list[Component]:
    intent, reason = story.data.get("intent", ""), story.data.get("reason", "")
    wish = [dmc.Text(f"Wants: {spoken(intent)}", fw=600)] if intent else []
    return [*wish, *([dmc.Text(f"\u201c{reason}\u201d", fs="italic")] if reason else [])]


def _vouching(story: Story) -> list[Component]:
    """Say who vouches for the caller's number; nothing where no number was told."""
    grade = story.data.get("caller.attestation", "")
    if grade not in MEANINGS or not story.data.get("caller.number"):
        return []
    colour = COLOURS.get(grade, "gray")
    return [
        dmc.Group(
            [
                dmc.Badge(f"Number: {grade}", color=colour, variant="light", tt="none"),
                dmc.Text(f"{MEANINGS[grade]}. It does not say who is speaking.", size="sm"),
            ],
            gap="xs",
        )
    ]


def _known(known: Mapping[str, str]) -> Component:
    if not known:
        return dmc.Text("Nothing was collected.", c="dimmed", size="sm")
    rows = [
        dmc.TableTr([dmc.TableTd(_label(name), style={"width": "14rem"}), dmc.TableTd(value)])
        for name, value in known.items()
    ]
    return dmc.Table(dmc.TableTbody(rows), verticalSpacing="xs")


def _label(name: str) -> str:
    """Write the name of a value for people.

    Example:
        >>> _label("caller.number"), _label("account")
        ('caller number', 'account')
    """
    return spoken(name.replace(".", " "))


def _trail(story: Story) -> Component:
    lines = [
        dmc.Text(f"{clock(one.at_ms)}  {KINDS[one.kind]} {_shown(one.kind, one.text)}", size="sm")
        for one in story.trail
    ]
    return dmc.Stack(lines, gap=2)


def _shown(kind: str, text: str) -> str:
    return spoken(text) if kind in ("intent", "answer", "went") else text
