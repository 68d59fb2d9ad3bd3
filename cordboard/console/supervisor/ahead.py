"""The look ahead: choose a change, see what the next minutes would bring with and without it.

The panel knows nothing of how futures are made; it is given a function that takes wishes in words
(`simulator.whatif.wishes`) and returns an outlook. Nothing is changed in the centre by looking.
"""

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html

from cordboard.console.words import spoken
from cordboard.runtime.board import Board
from simulator.study import Estimate
from simulator.whatif import Outlook

Component = Any
"""A Dash component; the library carries no types."""

LookAhead = Callable[[Sequence[str], int], Outlook]
"""Takes wishes and minutes. Raises `AheadRefusedError` with what is wrong, in words."""

MINUTES_MAX = 240

VERBS = (
    ("", "nothing: only look ahead"),
    ("more", "more agents like ... (how many)"),
    ("leave", "an agent goes home"),
    ("come", "an agent comes, or comes back"),
    ("move", "an agent serves one queue alone (which)"),
    ("target", "a campaign's target of abandoned calls (percent)"),
)
"""What may be wished, and how it is offered."""

FIGURES: tuple[tuple[str, bool | None], ...] = (
    ("service_level", True),
    ("abandonment", False),
    ("mean_wait_s", False),
    ("waiting_at_horizon", False),
    ("occupancy", None),
    ("outbound_abandonment", False),
)
"""What is shown, and whether more of it is better; None for neither."""

_SHARES = frozenset({"service_level", "abandonment", "occupancy", "outbound_abandonment"})


class AheadRefusedError(Exception):
    """The look ahead cannot be made; the message says why, for the person who asked."""


def panel(board: Board | None) -> Component:
    """Return the panel with its empty answer."""
    agents = [] if board is None else [line.agent_id for line in board.agents]
    campaigns = [] if board is None else [line.campaign_id for line in board.campaigns]
    return dmc.Paper(
        [
            dmc.Title("Look ahead", order=4),
            dmc.Text(
                "A copy of the centre goes on without you: many futures, each with and without"
                " the change. Nothing is changed by looking.",
                size="sm",
                c="dimmed",
                mb="sm",
            ),
            dmc.Group(
                [
                    dmc.Select(
                        id="ahead-verb",
                        label="Change",
                        data=[{"value": verb or "none", "label": words} for verb, words in VERBS],
                        value="none",
                        w=330,
                    ),
                    dmc.Select(
                        id="ahead-who",
                        label="Who",
                        data=[*agents, *campaigns],
                        searchable=True,
                        clearable=True,
                        w=150,
                    ),
                    dmc.TextInput(id="ahead-what", label="How many, which, percent", w=190),
                    dmc.NumberInput(
                        id="ahead-minutes", label="Minutes", value=30, min=5, max=MINUTES_MAX, w=100
                    ),
                    dmc.Button("Look ahead", id="ahead-go"),
                ],
                align="flex-end",
            ),
            dcc.Loading(html.Div(id="ahead-answer"), delay_show=300),
        ],
        withBorder=True,
        p="md",
        radius="md",
        mt="md",
    )


def install(page: Dash, look_ahead: LookAhead) -> None:
    """Let the panel's button look ahead, for one person at a time in each process."""
    turn = threading.Lock()

    @page.callback(
        Output("ahead-answer", "children"),
        Input("ahead-go", "n_clicks"),
        State("ahead-verb", "value"),
        State("ahead-who", "value"),
        State("ahead-what", "value"),
        State("ahead-minutes", "value"),
        prevent_initial_call=True,
    )
    def answer(
        _clicks: int | None, verb: str, who: str | None, what: str | None, minutes: object
    ) -> Component:
        if not turn.acquire(blocking=False):
            return _refusal("Somebody else is looking ahead just now; try again in a moment.")
        try:
            return outlook_view(look_ahead(wishes(verb, who, what), _minutes(minutes)))
        except AheadRefusedError as refused:
            return _refusal(str(refused))
        finally:
            turn.release()


def wishes(verb: str, who: str | None, what: str | None) -> list[str]:
    """Return the wish that the fields make; none if nothing is to be changed.

    Example:
        >>> wishes("more", "ana", " 2 "), wishes("none", "ana", "")
        (['more ana 2'], [])
    """
    if verb in ("", "none"):
        return []
    return [" ".join(part.strip() for part in (verb, who or "", what or "") if part.strip())]


def _minutes(value: object) -> int:
    if isinstance(value, int | float) and 1 <= value <= MINUTES_MAX:
        return int(value)
    raise AheadRefusedError(f"minutes must be 1 to {MINUTES_MAX}")


def _refusal(words: str) -> Component:
    return dmc.Alert(words, color="yellow", mt="md")


def outlook_view(outlook: Outlook) -> Component:
    """Return an outlook as a table: as it is, changed, and what the change makes."""
    rows = [
        dmc.TableTr(
            [
                dmc.TableTd(spoken(name).removesuffix(" s") + _unit(name)),
                dmc.TableTd(_cell(name, outlook.as_is[name])),
                dmc.TableTd(_cell(name, outlook.changed[name])),
                dmc.TableTd(_change(name, outlook.difference, is_more_better=is_more_better)),
            ]
        )
        for name, is_more_better in FIGURES
        if name in outlook.difference
    ]
    head = ["", "as it is", "changed", "difference"]
    return dmc.Stack(
        [
            dmc.Text(
                f"The next {outlook.minutes} minutes if {outlook.change}; {outlook.futures} futures"
                ", 95 % intervals.",
                size="sm",
                mt="md",
            ),
            dmc.Table(
                [
                    dmc.TableThead(dmc.TableTr([dmc.TableTh(text) for text in head])),
                    dmc.TableTbody(rows),
                ]
            ),
        ],
        gap="xs",
    )


def _unit(name: str) -> str:
    return ", s" if name.endswith("_s") else ""


def _cell(name: str, estimate: Estimate) -> str:
    reach = "" if math.isinf(estimate.half_width) else f" ± {_figure(name, estimate.half_width)}"
    return f"{_figure(name, estimate.mean)}{reach}"


def _change(
    name: str, difference: Mapping[str, Estimate], *, is_more_better: bool | None
) -> Component:
    """Return a difference; coloured, and called no difference, by whether it is beyond doubt."""
    one = difference[name]
    if one.low <= 0 <= one.high:
        return dmc.Text(f"none to be sure of ({_signed(name, one)})", c="dimmed", inherit=True)
    is_better = None if is_more_better is None else (one.mean > 0) is is_more_better
    colour = "dark" if is_better is None else ("teal" if is_better else "red")
    word = "" if is_better is None else (", better" if is_better else ", worse")
    return dmc.Text(_signed(name, one) + word, c=colour, fw=600, inherit=True)


def _signed(name: str, estimate: Estimate) -> str:
    mark = "+" if estimate.mean > 0 else ""
    return f"{mark}{_cell(name, estimate)}"


def _figure(name: str, value: float) -> str:
    return f"{100 * value:.1f} %" if name in _SHARES else f"{value:.1f}"
