"""The flow as a graph: who leads where, by whose choice.

A vertex is a *place*: a node together with the sub-flows that were entered on the way, so that a
return leads only to where it was called from. An edge has a hand on it:

- `caller`: the caller's own choice, including the ways every question has (a person, `everywhere`);
- `silence`: what failed answers lead to;
- `world`: opening hours, data, shares of callers: nobody on the line decides.

What must hold "for every caller" has to hold whichever way the world goes; a caller who wants a
person chooses the best of their own edges.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from ivr.flow import nodes
from ivr.flow.ready import Flow
from ivr.proofs.findings import Finding

Hand = Literal["caller", "silence", "world"]
Stack = tuple[nodes.NodeId, ...]
Place = tuple[nodes.NodeId, Stack]
"""A node, and the sub-flow nodes entered on the way, outermost first."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a place to another."""

    field: str
    hand: Hand
    to: Place


@dataclass(slots=True)
class Graph:
    """All places a caller can get to, with the ways between them."""

    edges: dict[Place, list[Edge]] = field(default_factory=dict)
    """In the order of discovery, breadth first."""
    came_from: dict[Place, Place | None] = field(default_factory=dict)
    recursions: list[Place] = field(default_factory=list)
    """Places whose sub-flow is entered while it is still open."""
    stray_returns: list[Place] = field(default_factory=list)
    """Returns reached without a sub-flow."""

    def way_to(self, place: Place) -> tuple[nodes.NodeId, ...]:
        """Give the nodes of a shortest way from the start."""
        way: list[nodes.NodeId] = []
        at: Place | None = place
        while at is not None:
            way.append(at[0])
            at = self.came_from[at]
        return tuple(reversed(way))


def graph_of(flow: Flow) -> Graph:
    """Explore a flow from its start; ways to nodes that are not there are left out."""
    graph = Graph()
    start: Place = (flow.document.start, ())
    graph.came_from[start] = None
    waiting = deque([start])
    while waiting:
        place = waiting.popleft()
        edges = [edge for edge in _edges(flow, graph, place) if edge.to[0] in flow.nodes]
        graph.edges[place] = edges
        for edge in edges:
            if edge.to not in graph.came_from:
                graph.came_from[edge.to] = place
                waiting.append(edge.to)
    return graph


def _edges(flow: Flow, graph: Graph, place: Place) -> Iterator[Edge]:
    name, stack = place
    node = flow.nodes[name]
    if isinstance(node, nodes.SubFlow):
        if name in stack:
            graph.recursions.append(place)
        else:
            yield Edge("enter", "world", (node.enter, (*stack, name)))
    elif isinstance(node, nodes.Return):
        if stack:
            caller = flow.nodes[stack[-1]]
            assert isinstance(caller, nodes.SubFlow)  # only these are put on the stack
            yield Edge("next", "world", (caller.next, stack[:-1]))
        else:
            graph.stray_returns.append(place)
    else:
        for field_name, target in nodes.ways(node):
            yield Edge(field_name, hand_on(node, field_name), (target, stack))
    if isinstance(node, nodes.Question):
        yield from _everywhere(flow, node, stack)


def hand_on(node: nodes.Node, field_name: str) -> Hand:
    """Say who decides whether a way out is taken."""
    if field_name == "give_up":
        return "silence"
    if not isinstance(node, nodes.Question):
        return "world"
    return "world" if field_name == "no_number" else "caller"


def _everywhere(flow: Flow, node: nodes.Question, stack: Stack) -> Iterator[Edge]:
    """Give the ways every question has."""
    person: Place = (flow.document.person, ())
    if _hears_wish_for_person(flow, node):
        yield Edge("person", "caller", person)
    for index, way in enumerate(flow.document.everywhere):
        yield Edge(f"everywhere[{index}]", "caller", (way.to, ()))
    if node.give_up is None:
        silent = nodes.give_up(node)
        yield Edge("give_up", "silence", person if silent is None else (silent, stack))
    if isinstance(node, nodes.Answer):
        unhelped = person if node.not_helped is None else (node.not_helped, stack)
        yield Edge("not_helped", "world", unhelped)


def _hears_wish_for_person(flow: Flow, node: nodes.Question) -> bool:
    """Tell whether a person can be asked for, by key or, in every language, in words.

    A survey counts as if it could: whatever is keyed there, it lets the caller go on.
    """
    if isinstance(node, nodes.Survey) or not nodes.takes_zero(node):
        return True
    is_masked = isinstance(node, nodes.Ask) and node.sensitive
    is_heard = all(tongue.speech for tongue in flow.document.languages.values())
    return node.speech and is_heard and not is_masked


def with_ways(findings: Iterable[Finding], graph: Graph) -> Iterator[Finding]:
    """Add to findings about a node how a caller gets there, where that is not said already."""
    places: dict[nodes.NodeId, Place] = {}
    for place in graph.edges:
        places.setdefault(place[0], place)
    for finding in findings:
        there = places.get(finding.node)
        yield finding if finding.way or there is None else replace(finding, way=graph.way_to(there))
