"""A flow as Mermaid text, a flowchart that code hosts and many editors show as a picture.

Source of the notation: https://mermaid.js.org/syntax/flowchart.html.
"""

from collections.abc import Mapping

from ivr.drawing.parts import Box, Way, arrows, boxes
from ivr.flow import nodes
from ivr.flow.prompts import printable
from ivr.flow.ready import Flow

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
        flow: The flow.
        callers: How many callers went from one node to another, if that is known.
    """
    ids = {name: f"n{index}" for index, name in enumerate(flow.nodes)}
    lines = ["flowchart TD"]
    lines += [f"    {ids[box.name]}{_shape(box)}" for box in boxes(flow)]
    for arrow in arrows(flow, callers or {}):
        line = f'-->|"{_quoted(arrow.label)}"|' if arrow.label else "-->"
        missing = f'missing["no node {_quoted(printable(arrow.target))}"]'
        lines.append(f"    {ids[arrow.source]} {line} {ids.get(arrow.target, missing)}")
    return "\n".join(lines) + "\n"


def _shape(box: Box) -> str:
    rounded = ("(", ")") if isinstance(box.node, nodes.Question) else ("[", "]")
    begin, end = _SHAPES.get(type(box.node), rounded)
    text = "<br/>".join(_quoted(line) for line in box.lines)
    return f'{begin}"{text}"{end}'


def _quoted(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace("|", "/")
