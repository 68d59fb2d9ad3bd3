"""A flow as a picture: nodes by kind, ways between them, how far a person is, where callers go.

The drawing is Mermaid text (https://mermaid.js.org, flowchart), which code hosts and editors show
as a picture. Ways that every question has, to a person and `everywhere`, are left out: they would
cover everything else. Each node says how many questions and seconds a person is away; with counts
of callers, each way says which share of its node's callers took it.
"""

from collections.abc import Mapping

from ivr.flow import nodes
from ivr.flow.ready import Flow
from ivr.proofs import Distance, distances
from ivr.proofs.graph import graph_of

Way = tuple[nodes.NodeId, nodes.NodeId]

_SHAPES: dict[type, tuple[str, str]] = {
    nodes.Queue: ("([", "])"),
    nodes.Voicemail: ("([", "])"),
    nodes.Transfer: ("([", "])"),
    nodes.HangUp: ("((", "))"),
    nodes.Refuse: ("((", "))"),
    nodes.Hours: ("{", "}"),
    nodes.Condition: ("{", "}"),
    nodes.Split: ("{", "}"),
    nodes.Data: ("[/", "/]"),
    nodes.SubFlow: ("[[", "]]"),
}
"""How each kind is drawn; questions are rounded boxes, the rest plain ones."""


def mermaid(flow: Flow, callers: Mapping[Way, int] | None = None) -> str:
    """Draw a flow as Mermaid text.

    Args:
        flow: The flow; ways to nodes that are not there are drawn, so that one sees them.
        callers: How many callers went from one node to another, if that is known.
    """
    names = {name: f"n{index}" for index, name in enumerate(flow.nodes)}
    far = _farthest(flow)
    lines = ["flowchart TD"]
    for name, node in flow.nodes.items():
        lines.append(f"    {names[name]}{_box(name, node, far.get(name))}")
    for name, node in flow.nodes.items():
        lines += _arrows(flow, name, node, names, callers or {})
    return "\n".join(lines) + "\n"


def _farthest(flow: Flow) -> dict[nodes.NodeId, Distance]:
    """Give each node's distance to a person, the farther one where it has several."""
    found: dict[nodes.NodeId, Distance] = {}
    for (name, _), distance in distances(flow, graph_of(flow)).items():
        other = found.get(name, distance)
        found[name] = max(distance, other, key=lambda one: (one.turns, one.seconds))
    return found


def _box(name: str, node: nodes.Node, distance: Distance | None) -> str:
    rounded = ("(", ")") if isinstance(node, nodes.Question) else ("[", "]")
    begin, end = _SHAPES.get(type(node), rounded)
    lines = [name, _subject(node)]
    if distance is not None and distance.turns:
        lines.append(f"person: {distance.turns} questions, {distance.seconds:.0f} s")
    text = "<br/>".join(_quoted(line) for line in lines if line)
    return f'{begin}"{text}"{end}'


def _subject(node: nodes.Node) -> str:
    """Say what a node is about, in a word or two."""
    for field in ("queue", "hours", "save", "to", "outcome", "entry"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            return f"{_kind(node)}: {value}"
    return _kind(node)


def _kind(node: nodes.Node) -> str:
    return str(type(node).__struct_config__.tag)


def _arrows(
    flow: Flow,
    name: nodes.NodeId,
    node: nodes.Node,
    names: dict[nodes.NodeId, str],
    callers: Mapping[Way, int],
) -> list[str]:
    total = sum(count for (source, _), count in callers.items() if source == name)
    drawn: dict[nodes.NodeId, list[str]] = {}
    for field, target in nodes.ways(node):
        drawn.setdefault(target, []).append(_label(node, field))
    arrows = []
    for target, labels in drawn.items():
        share = f" {callers.get((name, target), 0) / total:.0%}" if total else ""
        text = _quoted(", ".join(label for label in labels if label) + share)
        arrow = f'-->|"{text}"|' if text.strip() else "-->"
        to = names[target] if target in flow.nodes else f'missing["no node {_quoted(target)}"]'
        arrows.append(f"    {names[name]} {arrow} {to}")
    return arrows


def _label(node: nodes.Node, field: str) -> str:
    """Say by what a way is taken: a key, an intent, a side; nothing for the plain next."""
    if field == "next":
        return ""
    if field.startswith("choices[") and isinstance(node, nodes.Menu):
        choice = node.choices[int(field[8 : field.index("]")])]
        return choice.key or next(iter(choice.phrases.values()), ["?"])[0]
    if field.startswith("branches[") and isinstance(node, nodes.Split):
        branch = node.branches[int(field[9 : field.index("]")])]
        return f"{branch.name} {branch.percent} %"
    if field.startswith("cases[") and isinstance(node, nodes.Condition):
        return ", ".join(node.cases[int(field[6 : field.index("]")])].when)
    return field.removeprefix("routes.").replace("_", " ")


def _quoted(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace("|", "/")
