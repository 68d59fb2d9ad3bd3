"""A flow as an SVG picture: one row for each number of steps from the start.

The layout is plain on purpose: a node stands in the row of its shortest way from the start, and
inside the row near the nodes that lead to it; rows stand in the middle. Ways down are dark; ways
along a row run below it, ways back at the right side of their boxes, and both are pale. Labels
keep clear of boxes and of each other (`labels`). It needs no fonts, no scripts and no other
program.

Source of the ordering: the barycentre heuristic of Sugiyama, Tagawa and Toda, "Methods for visual
understanding of hierarchical system structures", 1981, one pass downwards.
"""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from ivr.drawing.labels import Area, Curve, Labels, fitted
from ivr.drawing.parts import Arrow, Box, Way, arrows, boxes
from ivr.flow import nodes
from ivr.flow.prompts import printable
from ivr.flow.ready import Flow

_WIDTH, _HEIGHT = 200, 64
_GAP_X, _GAP_Y = 40, 86
_MARGIN = 30
_LINE_PX = 17
_DIP = 40
_COLOURS: dict[type, str] = {
    nodes.Queue: "#cfe8cf",
    nodes.Voicemail: "#cfe8cf",
    nodes.Transfer: "#cfe8cf",
    nodes.Callback: "#cfe8cf",
    nodes.HangUp: "#e3e3e3",
    nodes.Refuse: "#e3e3e3",
    nodes.Answer: "#d9e4f7",
}
"""Green where a person is, grey where the call ends, blue for answers; questions are yellow."""
_QUESTION, _OTHER = "#fdf3cf", "#ffffff"

_OPENING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
    'width="{width}" height="{height}" font-family="sans-serif" font-size="12">'
)
_ARROW_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
    'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>'
)

Corner = tuple[int, int]
"""Left and upper edge of a box, in pixels."""


def svg(flow: Flow, callers: Mapping[Way, int] | None = None) -> str:
    """Draw a flow as SVG text.

    Args:
        flow: The flow.
        callers: How many callers went from one node to another, if that is known.
    """
    drawn = [arrow for arrow in arrows(flow, callers or {}) if arrow.target in flow.nodes]
    rows = _rows(flow, drawn)
    corners = _corners(rows)
    width = max(x for x, _ in corners.values()) + _WIDTH + _GAP_X + _MARGIN
    height = max(y for _, y in corners.values()) + _HEIGHT + _DIP + _MARGIN
    labels = Labels([Area(x, y, x + _WIDTH, y + _HEIGHT) for x, y in corners.values()])
    parts = [
        _OPENING.format(width=width, height=height),
        f"<title>{escape(printable(flow.name))}, version {flow.version}</title>",
        _ARROW_TIP,
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *(_line(corners[arrow.source], corners[arrow.target]) for arrow in drawn),
        *(_label(arrow, corners, labels) for arrow in drawn if arrow.label),
        *(_box(box, corners[box.name]) for box in boxes(flow)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _rows(flow: Flow, drawn: list[Arrow]) -> list[list[nodes.NodeId]]:
    """Put each node into a row, and order each row by where its nodes are reached from."""
    depth = {flow.document.start: 0}
    for name in (waiting := [flow.document.start]):
        for arrow in drawn:
            if arrow.source == name and arrow.target not in depth:
                depth[arrow.target] = depth[name] + 1
                waiting.append(arrow.target)
    last = max(depth.values()) + 1
    rows: list[list[nodes.NodeId]] = [[] for _ in range(last + 1)]
    for name in [*waiting, *(name for name in flow.nodes if name not in depth)]:
        rows[depth.get(name, last)].append(name)
    place: dict[nodes.NodeId, float] = {}
    for row in rows:
        row.sort(key=lambda name: _centre(name, drawn, place))
        place.update((name, index / len(row)) for index, name in enumerate(row))
    return [row for row in rows if row]


def _corners(rows: list[list[nodes.NodeId]]) -> dict[nodes.NodeId, Corner]:
    """Give each node's place, the rows above one another in the middle."""
    step = _WIDTH + _GAP_X
    widest = max(map(len, rows))
    return {
        name: (
            _MARGIN + (widest - len(names)) * step // 2 + place * step,
            _MARGIN + row * (_HEIGHT + _GAP_Y),
        )
        for row, names in enumerate(rows)
        for place, name in enumerate(names)
    }


def _centre(name: nodes.NodeId, drawn: list[Arrow], place: Mapping[nodes.NodeId, float]) -> float:
    """Give the mean place of the nodes above that lead here."""
    above = [
        place[arrow.source] for arrow in drawn if arrow.target == name and arrow.source in place
    ]
    return sum(above) / len(above) if above else 0.0


def _box(box: Box, corner: Corner) -> str:
    x, y = corner
    plain = _QUESTION if isinstance(box.node, nodes.Question) else _OTHER
    fill = _COLOURS.get(type(box.node), plain)
    texts = "".join(
        f'<text x="{x + _WIDTH // 2}" y="{y + 20 + index * _LINE_PX}" text-anchor="middle" '
        f'font-weight="{_weight(index)}">{escape(fitted(line, _WIDTH - 8))}</text>'
        for index, line in enumerate(box.lines)
    )
    return (
        f'<g><rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="8" fill="{fill}" '
        f'stroke="#555"/>{texts}</g>'
    )


def _weight(index: int) -> str:
    return "normal" if index else "bold"


def _line(source: Corner, target: Corner) -> str:
    (x0, y0), *rest = _curve(source, target)
    handles = " ".join(f"{x} {y}" for x, y in rest)
    colour = "#555" if target[1] > source[1] else "#aaa"
    path = f"M{x0} {y0}C{handles}"
    return f'<path d="{path}" fill="none" stroke="{colour}" marker-end="url(#tip)"/>'


def _label(arrow: Arrow, corners: Mapping[nodes.NodeId, Corner], labels: Labels) -> str:
    text = fitted(arrow.label, _WIDTH)
    x, y = labels.place(text, _curve(corners[arrow.source], corners[arrow.target]))
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" fill="#333" stroke="#fff" '
        f'stroke-width="4" paint-order="stroke">{escape(text)}</text>'
    )


def _curve(source: Corner, target: Corner) -> Curve:
    """Give the course of an arrow: down, along the row, or back up at the right side."""
    (x1, y1), (x2, y2) = source, target
    if y2 < y1:
        x1, x2 = x1 + _WIDTH, x2 + _WIDTH
        y1, y2 = y1 + _HEIGHT // 2, y2 + _HEIGHT // 2
        out = max(x1, x2) + _GAP_X
        return (x1, y1), (out, y1), (out, y2), (x2, y2)
    is_down = y2 > y1
    x1, x2, y1 = x1 + _WIDTH // 2, x2 + _WIDTH // 2, y1 + _HEIGHT
    y2 = y2 if is_down else y2 + _HEIGHT
    dip1, dip2 = ((y1 + y2) // 2,) * 2 if is_down else (y1 + _DIP, y2 + _DIP)
    return (x1, y1), (x1, dip1), (x2, dip2), (x2, y2)
