"""What is drawn of a flow, whatever draws it: boxes with their lines, arrows with their labels."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ivr.flow import nodes
from ivr.flow.prompts import printable
from ivr.flow.ready import Flow
from ivr.proofs import Distance, distances
from ivr.proofs.findings import counted
from ivr.proofs.graph import graph_of

Way = tuple[nodes.NodeId, nodes.NodeId]


@dataclass(frozen=True, slots=True)
class Box:
    """A node as it is drawn."""

    name: nodes.NodeId
    node: nodes.Node
    lines: tuple[str, ...]
    """Its name, its kind and subject, and how far a person is."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """All ways from one node to another, as one line."""

    source: nodes.NodeId
    target: nodes.NodeId
    label: str


def boxes(flow: Flow) -> list[Box]:
    """Give the boxes of a flow, in the document's order."""
    far = farthest(flow)
    return [Box(name, node, _lines(name, node, far.get(name))) for name, node in flow.nodes.items()]


def _lines(name: str, node: nodes.Node, distance: Distance | None) -> tuple[str, ...]:
    return printable(name), printable(subject(node)), _how_far(node, distance)


def _how_far(node: nodes.Node, distance: Distance | None) -> str:
    """Say how long it takes to a person, for a caller who wants one."""
    if distance is None:
        is_end = isinstance(node, nodes.HangUp | nodes.Refuse)
        return "the call ends" if is_end else "no person from here"
    seconds = f"{distance.seconds:.0f} s"
    if not distance.turns:
        return f"person: {seconds}"
    return f"person: {counted(distance.turns, 'question')}, {seconds}"


def callers_of(ways: Iterable[Sequence[nodes.NodeId]]) -> Counter[Way]:
    """Count how many times callers went from one node to another.

    Args:
        ways: The nodes each caller came through, in order (`Session.way`).
    """
    return Counter(step for way in ways for step in pairwise(way))


def farthest(flow: Flow) -> dict[nodes.NodeId, Distance]:
    """Give each node's distance to a person, the farther one where it has several."""
    found: dict[nodes.NodeId, Distance] = {}
    for (name, _), distance in distances(flow, graph_of(flow)).items():
        other = found.get(name, distance)
        found[name] = max(distance, other, key=lambda one: (one.turns, one.seconds))
    return found


def subject(node: nodes.Node) -> str:
    """Say what a node is about, in a word or two."""
    for field in ("queue", "hours", "save", "to", "outcome", "entry"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            return f"{kind_of(node)}: {value}"
    return kind_of(node)


def kind_of(node: nodes.Node) -> str:
    """Give a node's kind as it is written."""
    return str(type(node).__struct_config__.tag)


def arrows(flow: Flow, callers: Mapping[Way, int]) -> list[Arrow]:
    """Give the arrows of a flow, those to nodes that are not there included, to be seen.

    Args:
        flow: The flow.
        callers: How many callers went from one node to another; empty when that is not known.
    """
    found: list[Arrow] = []
    for name, node in flow.nodes.items():
        total = sum(count for (source, _), count in callers.items() if source == name)
        labels: dict[nodes.NodeId, list[str]] = {}
        for field, target in nodes.ways(node):
            labels.setdefault(target, []).append(_label(node, field))
        for target, texts in labels.items():
            share = f" {callers.get((name, target), 0) / total:.0%}" if total else ""
            text = ", ".join(text for text in texts if text) + share
            found.append(Arrow(name, target, printable(text)))
    return found


def _label(node: nodes.Node, field: str) -> str:
    """Say by what a way is taken: a key, an intent, a side; nothing for the plain next."""
    if field == "next":
        return ""
    if field.startswith("choices[") and isinstance(node, nodes.Menu):
        choice = node.choices[int(field[8 : field.index("]")])]
        phrases = [phrase for spoken in choice.phrases.values() for phrase in spoken]
        return choice.key or next(iter(phrases), choice.intent or "?")
    if field.startswith("branches[") and isinstance(node, nodes.Split):
        branch = node.branches[int(field[9 : field.index("]")])]
        return f"{branch.name} {branch.percent} %"
    if field.startswith("cases[") and isinstance(node, nodes.Condition):
        return ", ".join(node.cases[int(field[6 : field.index("]")])].when)
    return field.removeprefix("routes.").replace("_", " ")
