"""Callers' questions as components: surges, what nobody could answer, what helps, what waits."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc

from cordboard.console.knowledge.desk import FlowKnowledge
from cordboard.console.words import NOTHING, share, spoken
from cordboard.runtime.proposals import Proposal, Wording

Component = Any
"""A Dash component; the library carries no types."""

ASKED_MAX = 12
NAME, ANSWER = "name ", "answer "
"""What the fields of a form are called, before the language."""


def knowledge_view(flows: Sequence[FlowKnowledge]) -> Component:
    """Return the part of the page that is shown anew every few seconds."""
    if not flows:
        return dmc.Alert(
            "Nothing is known yet. It is as soon as calls have gone through a published flow.",
            title="Waiting for calls",
            color="yellow",
        )
    return dmc.Stack([_flow(one) for one in flows], gap="md")


def _flow(known: FlowKnowledge) -> Component:
    return dmc.Stack(
        [
            dmc.Title(f"What callers ask: {known.flow}", order=2),
            *[_surge(known, index) for index in range(len(known.surges))],
            dmc.SimpleGrid(
                [
                    _panel("Wanted in the last hour", _topics(known)),
                    _panel("Nobody could answer", _unanswered(known)),
                    _panel("Answers, those that help least first", _answers(known)),
                ],
                cols={"base": 1, "lg": 3},
            ),
        ],
        gap="md",
    )


def _surge(known: FlowKnowledge, index: int) -> Component:
    surge = known.surges[index]
    texts = known.messages.get(surge.intent, {})
    said = [dmc.Text(f"{language}: {text}", size="sm") for language, text in texts.items()]
    return dmc.Alert(
        dmc.Stack(
            [
                dmc.Text(
                    f"{surge.count} callers in the last hour, {surge.expected:.1f} are usual; by"
                    f" chance alone once in {1 / max(surge.probability, 1e-12):,.0f}."
                ),
                dmc.Text("Proposed front message, to be completed:", fw=600, size="sm"),
                *said,
            ],
            gap=4,
        ),
        title=f"Surge: {spoken(surge.intent)}",
        color="red",
    )


def _panel(title: str, body: Component) -> Component:
    return dmc.Paper(
        [dmc.Title(title, order=4, mb="sm"), body], withBorder=True, p="md", radius="md"
    )


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> Component:
    if not rows:
        return dmc.Text(empty, c="dimmed", size="sm")
    return dmc.Table(
        [
            dmc.TableThead(dmc.TableTr([dmc.TableTh(text) for text in head])),
            dmc.TableTbody([dmc.TableTr([dmc.TableTd(cell) for cell in row]) for row in rows]),
        ],
        verticalSpacing="xs",
    )


def _topics(known: FlowKnowledge) -> Component:
    rows = [
        (
            spoken(one.intent),
            str(one.callers),
            NOTHING if one.usual is None else f"{one.usual:.1f}",
        )
        for one in known.topics
    ]
    return _rows(("Intent", "Callers", "Usual"), rows, "Nobody has said what they want.")


def _unanswered(known: FlowKnowledge) -> Component:
    rows = [(one.text, str(one.count)) for one in known.unanswered[:ASKED_MAX]]
    return _rows(("Asked", "Times"), rows, "Every question found its answer.")


def _answers(known: FlowKnowledge) -> Component:
    rows = [(spoken(one.name), one.question, share(one.score)) for one in known.answers]
    return _rows(("Answer", "Question", "Helped"), rows, "The flow has no answers.")


def proposal_form(known: FlowKnowledge, proposal: Proposal) -> Component:
    """Return a proposal as fields a supervisor can change, with the two ways to decide."""
    key = proposal.proposal_id
    fields = []
    for language in known.languages:
        is_told = language in proposal.answers
        fields += [
            dmc.TextInput(
                id={"field": f"{NAME}{language}", "of": key},
                label=f"Offered in {language} as",
                value=proposal.question if is_told else "",
            ),
            dmc.Textarea(
                id={"field": f"{ANSWER}{language}", "of": key},
                label=f"Answer in {language}",
                value=proposal.answers.get(language, ""),
                autosize=True,
            ),
        ]
    return dmc.Paper(
        dmc.Stack(
            [
                dmc.Text(f"Proposed by {proposal.agent_id} for {known.flow}", fw=600),
                dmc.TextInput(
                    id={"field": "question", "of": key}, label="Question", value=proposal.question
                ),
                *fields,
                dmc.TextInput(
                    id={"field": "entry", "of": key},
                    label="Short name",
                    description="Small letters, digits and _; callers do not hear it.",
                    value=suggested_name(proposal.question),
                ),
                dmc.Group(
                    [
                        dmc.Button("Approve", id={"decide": "approve", "of": key}),
                        dmc.Button("Refuse", id={"decide": "refuse", "of": key}, variant="default"),
                    ]
                ),
            ]
        ),
        withBorder=True,
        p="md",
        radius="md",
    )


def wording_of(fields: Mapping[str, str]) -> Wording:
    """Read what stands in a proposal's form."""

    def by_language(kind: str) -> dict[str, str]:
        return {
            name.removeprefix(kind): text for name, text in fields.items() if name.startswith(kind)
        }

    return Wording(
        entry=fields.get("entry", ""),
        question=fields.get("question", ""),
        names=by_language(NAME),
        answers=by_language(ANSWER),
    )


def suggested_name(question: str) -> str:
    """Make a short name of a question's telling words.

    Example:
        >>> suggested_name("How do I get a new PIN?"), suggested_name("怎么办")
        ('get_new_pin', 'answer')
    """
    plain = "".join(c if c.isascii() and c.isalnum() else " " for c in question.casefold())
    words = [word for word in plain.split() if word not in _SMALL and not word[0].isdigit()]
    return "_".join(words[:4])[:40] or "answer"


_SMALL = frozenset(("a", "an", "the", "how", "do", "does", "i", "is", "to", "my", "can", "what"))
