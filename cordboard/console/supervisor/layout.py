"""The wallboard as components: a pure function of what the centre published.

From the outside in: what is wrong now (waiting, longest wait, service level) in large figures, then
queues, agents and campaigns. Colour only repeats what a word or a figure already says.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import dash_mantine_components as dmc

from cordboard.console.supervisor.actions import HINTS, LABELS, Part
from cordboard.console.words import NOTHING, clock, duration, share, spoken
from cordboard.runtime.board import AgentLine, Board, CampaignLine, QueueLine, WindowLine

Component = Any
"""A Dash component; the library carries no types."""

STATE_COLOURS = {"idle": "teal", "reserved": "yellow", "talking": "blue", "wrap_up": "grape"}
AWAY_COLOUR = "gray"
SERVICE_LEVEL_TARGET = 0.8


def board_view(board: Board | None) -> Component:
    """Return the page's body; a notice while the centre has published nothing."""
    if board is None:
        return dmc.Alert(
            "The centre has not published anything yet. It does so as soon as its worker runs.",
            title="Waiting for the centre",
            color="yellow",
        )
    return dmc.Stack(
        [
            _head(board),
            _figures(board),
            _panel("Queues", _queues(board.queues)),
            _panel("Agents", _agents(board.agents)),
            *[_panel(f"Campaign {line.campaign_id}", _campaign(line)) for line in board.campaigns],
        ],
        gap="md",
    )


def _head(board: Board) -> Component:
    speed = f"{board.scale} x real time" if board.scale != 1 else "live"
    return dmc.Group(
        [
            dmc.Title("Centre now", order=2),
            dmc.Group(
                [
                    dmc.Badge(
                        speed, variant="light", color="gray" if board.scale == 1 else "orange"
                    ),
                    dmc.Text(f"{clock(board.at_ms)} UTC", className="figure"),
                ]
            ),
        ],
        justify="space-between",
    )


def _figures(board: Board) -> Component:
    offered = sum(line.offered for line in board.queues)
    answered = sum(line.answered for line in board.queues)
    abandoned = sum(line.abandoned for line in board.queues)
    waiting = sum(line.waiting for line in board.queues)
    longest_ms = max((line.longest_wait_ms for line in board.queues), default=0)
    level = pooled_service_level(board.queues)
    return dmc.SimpleGrid(
        [
            _figure("Waiting now", str(waiting), f"longest {duration(longest_ms)}"),
            _figure("Service level today", share(level), "answered in time, of those offered"),
            _figure("Answered today", str(answered), f"of {offered} offered"),
            _figure("Abandoned today", str(abandoned), "while waiting"),
            _figure(
                "Without an agent today",
                str(board.self_served),
                f"self-served; {board.voicemails} voicemail, {board.refused} refused",
            ),
            _figure("In the call flow", str(board.calls_in_flow), "not queued yet"),
            *_follow_ups(board),
        ],
        cols={"base": 2, "sm": 3, "lg": 6},
        spacing="md",
    )


def _follow_ups(board: Board) -> list[Component]:
    """Return the figure of open cases, in a centre that has any."""
    if not board.cases_open:
        return []
    return [_figure("Cases open", str(board.cases_open), f"{board.cases_overdue} overdue")]


def pooled_service_level(queues: Iterable[QueueLine]) -> float | None:
    """Return the share answered in time over all queues, None while nothing counts.

    Each queue's share counts by its denominator: offered less short abandons.
    """
    in_time = counted = 0.0
    for line in queues:
        if line.service_level is not None:
            calls = line.offered - line.short_abandons
            in_time += line.service_level * calls
            counted += calls
    return in_time / counted if counted else None


def _figure(title: str, value: str, note: str) -> Component:
    return dmc.Paper(
        [
            dmc.Text(title, size="sm", c="dimmed"),
            dmc.Text(value, fz=30, fw=650, lh=1.2, className="figure"),
            dmc.Text(note, size="xs", c="dimmed"),
        ],
        withBorder=True,
        p="md",
        radius="md",
    )


def _panel(title: str, body: Component) -> Component:
    return dmc.Paper(
        [dmc.Title(title, order=4, mb="sm"), body], withBorder=True, p="md", radius="md"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[Component]]) -> Component:
    return dmc.Table(
        [
            dmc.TableThead(dmc.TableTr([dmc.TableTh(text) for text in head])),
            dmc.TableTbody([dmc.TableTr([dmc.TableTd(cell) for cell in row]) for row in rows]),
        ],
        highlightOnHover=True,
        verticalSpacing="xs",
    )


def _queues(lines: Sequence[QueueLine]) -> Component:
    head = (
        "Queue",
        "Waiting",
        "Longest wait",
        "Ready / signed in",
        "Offered",
        "Answered",
        "Abandoned",
        "Service level",
        "ASA",
        "AHT",
        "Waits told",
    )
    return _table(head, [_queue_row(line) for line in lines])


def _queue_row(line: QueueLine) -> list[Component]:
    is_late = line.longest_wait_ms > line.service_level_ms
    return [
        dmc.Text(line.queue_id, fw=600),
        str(line.waiting),
        dmc.Text(duration(line.longest_wait_ms), c="red" if is_late else "dark", inherit=True),
        f"{line.agents_ready} / {line.agents_signed_in}",
        str(line.offered),
        str(line.answered),
        f"{line.abandoned} (+{line.short_abandons} short)",
        _level(line),
        duration(line.asa_ms),
        duration(line.aht_ms),
        _told(line),
    ]


def _told(line: QueueLine) -> Component:
    """Say whether the waits that callers were told came true."""
    scored = line.told_kept + line.told_sooner + line.told_later
    if not scored:
        return NOTHING
    return dmc.Tooltip(
        dmc.Text(f"{line.told_kept} of {scored} true, {line.told_later} longer", inherit=True),
        label=(
            f"Half should be answered inside the range they are told; {line.told_sooner} were"
            f" sooner, {line.told_later} later, {line.told_unscored} gave up first."
        ),
    )


def _level(line: QueueLine) -> Component:
    if line.service_level is None:
        return NOTHING
    colour = "teal" if line.service_level >= SERVICE_LEVEL_TARGET else "red"
    text = f"{share(line.service_level)} in {line.service_level_ms // 1_000} s"
    return dmc.Badge(text, color=colour, variant="light", tt="none")


def _agents(lines: Sequence[AgentLine]) -> Component:
    return dmc.SimpleGrid(
        [_agent(line) for line in lines], cols={"base": 2, "sm": 4, "lg": 6}, spacing="sm"
    )


def _agent(line: AgentLine) -> Component:
    is_here = line.presence == "ready" or line.state != "idle"
    state = spoken(line.state if is_here else line.presence)
    colour = STATE_COLOURS.get(line.state, AWAY_COLOUR) if is_here else AWAY_COLOUR
    if is_here:
        about = f" on {line.queue_id}" if line.queue_id else ""
    else:
        about = f", {spoken(line.reason)}" if line.reason else ""
    return dmc.Paper(
        [
            dmc.Group(
                [
                    dmc.Text(line.agent_id, fw=600),
                    dmc.Badge(state, color=colour, variant="light", tt="none"),
                ],
                justify="space-between",
                wrap="nowrap",
            ),
            dmc.Text(duration(line.since_ms) + about, size="sm", className="figure"),
            dmc.Text(
                f"{line.handled} handled, occupancy {share(line.occupancy)}",
                size="xs",
                c="dimmed",
            ),
        ],
        withBorder=True,
        p="xs",
        radius="md",
    )


def listening_in() -> Component:
    """Return what lets a supervisor take part in a conversation; the page fills the choice."""
    choice = dmc.Select(
        id="conversation", data=[], placeholder="Whose conversation", searchable=True, w=280
    )
    buttons = [
        dmc.Tooltip(
            dmc.Button(
                LABELS[part],
                id={"part": part.value},
                variant="filled" if part is Part.LISTEN else "default",
            ),
            label=HINTS[part],
        )
        for part in Part
    ]
    said = dmc.Text(id="said", c="red", size="sm", mt="xs")
    return dmc.Box(_panel("Listen in", dmc.Box([dmc.Group([choice, *buttons]), said])), mt="md")


def window_text(window: WindowLine) -> str:
    """Say how a campaign stands against one abandonment limit."""
    rate = window.abandons / window.answers if window.answers else None
    return (
        f"Window '{window.name}': {window.abandons} of {window.answers} answers abandoned,"
        f" {share(rate, 2)} of at most {share(window.rate_max, 1)}"
    )


def _abandonment(line: CampaignLine) -> str:
    text = f"abandonment {share(line.abandonment_rate, 1)}"
    limit = line.abandon_rate_max
    return text if limit is None else f"{text}, settles on {share(limit, 1)} at most"


def _campaign(line: CampaignLine) -> Component:
    running = "dialling" if line.is_running else "paused"
    outcomes = [
        dmc.Badge(f"{spoken(name)} {count}", variant="light", color="gray", tt="none")
        for name, count in line.outcomes.items()
    ]
    return dmc.Stack(
        [
            dmc.Group(
                [
                    dmc.Badge(running, color="teal" if line.is_running else "gray", tt="none"),
                    dmc.Text(
                        f"{line.pacer}: {line.dialling} ringing, {line.talking} talking,"
                        f" {line.waiting} waiting, {line.leads} leads at hand"
                    ),
                    dmc.Text(_abandonment(line), fw=600),
                ]
            ),
            dmc.Group(outcomes or [dmc.Text("No attempt has ended yet.", c="dimmed", size="sm")]),
            dmc.Text(line.why, size="sm", c="dimmed"),
            *(dmc.Text(window_text(window), size="sm", c="dimmed") for window in line.windows),
        ],
        gap="xs",
    )
