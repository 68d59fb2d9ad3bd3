"""The agent's page as components: one large word for what is going on, and the buttons that fit."""

from typing import Any

import dash_mantine_components as dmc

from cordboard.console.agent.actions import LABELS, Action, possible
from cordboard.console.words import duration, share, spoken
from cordboard.runtime.board import AgentLine, Board

Component = Any
"""A Dash component; the library carries no types."""

PRIMARY = frozenset({Action.ACCEPT, Action.READY, Action.SIGN_IN, Action.FINISH_WRAP_UP})


def agent_line(board: Board | None, agent_id: str) -> AgentLine | None:
    """Return one agent of the wallboard."""
    lines = board.agents if board else ()
    return next((line for line in lines if line.agent_id == agent_id), None)


def agent_view(line: AgentLine | None) -> Component:
    """Return the page's body for one agent."""
    if line is None:
        return dmc.Alert(
            "The settings name no agent like this account, or the centre does not run yet.",
            title="Nothing to show",
            color="yellow",
        )
    return dmc.Paper(
        dmc.Stack(
            [
                dmc.Title(headline(line), order=2),
                dmc.Text(f"for {duration(line.since_ms)}", className="figure", c="dimmed"),
                dmc.Text(f"{line.handled} handled today, occupancy {share(line.occupancy)}"),
            ]
        ),
        withBorder=True,
        p="lg",
        radius="md",
    )


def headline(line: AgentLine) -> str:
    """Return what the agent is doing, as they would say it."""
    on_queue = f" on {line.queue_id}" if line.queue_id else ""
    match line.state:
        case "reserved":
            return f"A call for you{on_queue}"
        case "talking":
            return f"Talking{on_queue}"
        case "wrap_up":
            return f"Wrap-up{on_queue}"
        case _:
            reason = f": {spoken(line.reason)}" if line.reason else ""
            return f"{spoken(line.presence).capitalize()}{reason}"


def button_states(line: AgentLine | None) -> dict[Action, bool]:
    """Return for each button whether it is shown now."""
    now = possible(line)
    return {action: action in now for action in Action}


def buttons() -> Component:
    """Return all buttons; the page shows those that fit."""
    return dmc.Group(
        [
            dmc.Button(
                LABELS[action],
                id={"action": action.value},
                variant="filled" if action in PRIMARY else "default",
                size="md",
            )
            for action in Action
        ],
        mt="md",
    )
