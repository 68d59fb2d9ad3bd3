"""The agent's form for an answer that helped: the question as callers put it, and what to say.

It belongs to the call the agent has or has just had, in the language and flow of its story. A
supervisor decides; until then nobody hears it.
"""

from collections.abc import Callable
from typing import Any, Protocol

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State
from flask_login import current_user

from acd.ids import CallId
from cordboard.console.agent.story import Stories
from cordboard.runtime.board import Board, agent_line
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.proposals import Proposal, ProposalError

Component = Any
"""A Dash component; the library carries no types."""


class Propose(Protocol):
    """Keeps a proposal: `cordboard.runtime.proposals.Proposals.propose`."""

    def __call__(  # noqa: PLR0913  (a proposal is what it is made of)
        self,
        *,
        flow: str,
        question: str,
        answers: dict[str, str],
        agent_id: str,
        call_id: CallId,
        at_ms: int,
    ) -> Proposal:
        """Keep a proposal until a supervisor decides."""


def form(is_open: bool) -> list[Component]:  # noqa: FBT001  (the only thing it depends on)
    """Return the form; nothing where nobody takes proposals."""
    if not is_open:
        return []
    fields = [
        dmc.TextInput(id="question", label="The question, as callers put it"),
        dmc.Textarea(id="answer", label="The answer, as it should be said"),
        dmc.Group(
            [dmc.Button("Propose", id="propose", variant="default"), dmc.Text(id="proposed")]
        ),
    ]
    item = dmc.AccordionItem(
        [
            dmc.AccordionControl("Propose an answer for self-service"),
            dmc.AccordionPanel(dmc.Stack(fields)),
        ],
        value="propose",
    )
    return [dmc.Accordion(item, mt="md", variant="separated")]


def install(
    page: Dash, board: Callable[[], Board | None], stories: Stories, propose: Propose
) -> None:
    """Let the form's button make a proposal."""

    @page.callback(
        Output("proposed", "children"),
        Output("question", "value"),
        Output("answer", "value"),
        Input("propose", "n_clicks"),
        State("question", "value"),
        State("answer", "value"),
        prevent_initial_call=True,
    )
    def take(
        _clicks: int | None, question: str | None, answer: str | None
    ) -> tuple[str, str | None, str | None]:
        now, name = board(), current_user.account.name
        line = agent_line(now, name)
        call_id = CallId(line.call_id) if line is not None else CallId("")
        story = stories(call_id) if call_id else None
        if now is None or story is None:
            return "An answer belongs to a call; you have none now.", question, answer
        try:
            propose(
                flow=story.flow,
                question=question or "",
                answers={story.language: answer or ""},
                agent_id=name,
                call_id=call_id,
                at_ms=now.at_ms,
            )
        except ProposalError as error:
            return f"{str(error)[:1].upper()}{str(error)[1:]}.", question, answer
        except StoreDown:
            return "The centre does not take this now; please try again.", question, answer
        return "Thank you. A supervisor will look at it.", "", ""
