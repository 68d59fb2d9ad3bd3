"""The agent's page as components: one large word for what is going on, and the buttons that fit."""

from typing import Any

import dash_mantine_components as dmc

from cordboard.console.agent.actions import LABELS, Action, possible
from cordboard.console.words import clock, duration, share, spoken
from cordboard.runtime.board import AgentLine

Component = Any
"""A Dash component; the library carries no types."""

PRIMARY = frozenset(
    {Action.ACCEPT, Action.READY, Action.SIGN_IN, Action.FINISH_WRAP_UP, Action.COMPLETE}
)


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
                *[
                    dmc.Alert(text, color="yellow")
                    for text in (case_text(line), company(line), line.note, reminder(line))
                    if text
                ],
            ]
        ),
        withBorder=True,
        p="lg",
        radius="md",
    )


_HEARD = {
    "listen": "listens in",
    "whisper": "whispers to you",
    "barge": "is heard by you and the customer",
}
"""How a supervisor takes part, as the agent would say it."""


def company(line: AgentLine) -> str:
    """Return who else is in the conversation, or asked for; empty when nobody is."""
    parts = [f"{name} {_HEARD[mode]}" for name, mode in sorted(line.supervised_by.items())]
    if line.consult:
        verb = "You speak with" if line.is_consulting else "You wait for"
        parts.append(f"{verb} {line.consult}; the customer {_customer(line)}")
    elif line.is_on_hold:
        parts.append(f"The customer {_customer(line)}")
    if line.recording != "off":
        parts.append("Recorded" if line.recording == "on" else "The recording is paused")
    return ". ".join(parts)


def _customer(line: AgentLine) -> str:
    return "hears music" if line.is_on_hold else "hears you"


def case_text(line: AgentLine) -> str:
    """Return what the contact is about and what the customer was told; empty for most."""
    if line.case is None:
        return ""
    late = ", overdue" if line.case.is_overdue else ""
    return f"Case: {spoken(line.case.category)}, due by {clock(line.case.due_at_ms)} UTC{late}"


def reminder(line: AgentLine) -> str:
    """Return a reminder of promises that were not kept in time; empty when all were."""
    if not line.overdue:
        return ""
    noun = "case you promised is" if line.overdue == 1 else "cases you promised are"
    return f"{line.overdue} {noun} overdue"


def headline(line: AgentLine) -> str:
    """Return what the agent is doing, as they would say it."""
    on_queue = f" on {line.queue_id}" if line.queue_id else ""
    if line.asked_by:
        is_talking = line.state == "talking"
        return f"{line.asked_by} asks you" if is_talking else f"{line.asked_by} would ask you"
    match line.state:
        case "reserved":
            return f"A {'task' if line.is_task else 'call'} for you{on_queue}"
        case "talking":
            return f"{'At work' if line.is_task else 'Talking'}{on_queue}"
        case "wrap_up":
            return f"Wrap-up{on_queue}"
        case _:
            reason = f": {spoken(line.reason)}" if line.reason else ""
            return f"{spoken(line.presence).capitalize()}{reason}"


def button_states(line: AgentLine | None, *, is_confirming: bool = False) -> dict[Action, bool]:
    """Return for each button whether it is shown now."""
    now = possible(line, is_confirming=is_confirming)
    return {action: action in now for action in Action}


def target_choice() -> Component:
    """Return the selection of whom to consult or to pass on to."""
    return dmc.Select(
        id="target",
        data=[],
        placeholder="Whom to consult, or to pass on to",
        searchable=True,
        clearable=True,
        mt="md",
        w=320,
    )


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
