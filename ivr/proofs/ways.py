"""Proofs about ways: everything is reached, nobody turns in circles, a person is near.

The distance to a person is worked out for the caller who wants one and the world that is against
them: over their own choices the nearest counts, over hours, data and shares the farthest. It is
counted in questions heard and in seconds of prompts, by repeated relaxation from the queues,
callbacks and voicemails backwards; a place the relaxation never reaches is one from which a caller
can be kept from every person.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ivr.flow import nodes
from ivr.flow.ready import Flow
from ivr.proofs.findings import Limits, Report, counted, path_of
from ivr.proofs.graph import Edge, Graph, Hand, Place, graph_of
from ivr.proofs.lengths import node_seconds

HUMAN = (nodes.Queue, nodes.Voicemail, nodes.Transfer)


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a person, a callback or a voicemail is."""

    turns: int
    """Questions the caller has to answer."""
    seconds: float
    """Prompts they hear until then, in the slowest language."""


def distances(flow: Flow, graph: Graph) -> dict[Place, Distance]:
    """Give the distance to a person from every place that has one."""
    seconds = {name: node_seconds(flow, name) for name in flow.nodes}
    done = served(flow, graph)
    found: dict[Place, Distance] = {}
    is_changed = True
    while is_changed:
        is_changed = False
        for place in reversed(graph.edges):
            node = flow.nodes[place[0]]
            ahead = [edge for edge in graph.edges[place] if edge.to not in done]
            misses = getattr(node, "misses", None) or flow.document.misses
            distance = _distance(node, ahead, found, seconds=seconds[place[0]], misses=misses)
            if distance is not None and distance != found.get(place):
                found[place] = distance
                is_changed = True
    return found


def served(flow: Flow, graph: Graph) -> set[Place]:
    """Give the places from which callers only go home, with what they came for, or are refused.

    A refusal is somebody's decision about a number, made before the call was answered.
    """
    done: set[Place] = set()
    is_changed = True
    while is_changed:
        is_changed = False
        for place in reversed(graph.edges):
            node, edges = flow.nodes[place[0]], graph.edges[place]
            ends_well = isinstance(node, nodes.Refuse) or (
                isinstance(node, nodes.HangUp) and node.outcome in _SERVED
            )
            passes_on = (
                bool(edges)
                and not isinstance(node, (*HUMAN, nodes.Question))
                and all(edge.to in done for edge in edges)
            )
            if place not in done and (ends_well or passes_on):
                done.add(place)
                is_changed = True
    return done


_SERVED = ("self_served", "queued", "voicemail", "callback", "transferred")


def _distance(
    node: nodes.Node,
    ahead: list[Edge],
    found: Mapping[Place, Distance],
    *,
    seconds: float,
    misses: int,
) -> Distance | None:
    """Work out one place from its neighbours; None while that is not possible.

    Args:
        node: What stands there.
        ahead: The ways on that lead to no end.
        found: What is worked out so far.
        seconds: How long the node's prompt takes.
        misses: How many failed answers the node takes before it gives up.
    """
    if isinstance(node, HUMAN):
        return Distance(0, seconds)
    if isinstance(node, nodes.Callback):
        return Distance(1, seconds)
    if isinstance(node, nodes.Question):
        near = []
        for edge in ahead:
            if edge.to in found and edge.hand != "world":
                tries = 1 if edge.hand == "caller" else misses
                there = found[edge.to]
                near.append(Distance(there.turns + tries, there.seconds + seconds * tries))
        return min(near, key=lambda one: (one.turns, one.seconds), default=None)
    far = [found[edge.to] for edge in ahead if edge.to in found]
    if not far or len(far) < len(ahead):
        return None
    turns = max(one.turns for one in far)
    return Distance(turns, seconds + max(one.seconds for one in far))


def check_ways(flow: Flow, limits: Limits, report: Report) -> None:
    """Prove that all nodes are reached, none is a trap, and no way is endless."""
    graph = graph_of(flow)
    _check_targets(flow, report)
    _check_reached(flow, graph, report)
    _check_subflows(graph, report)
    _check_circles(flow, graph, report)
    _check_person(flow, graph, report)
    _check_distances(flow, graph, limits, report)
    _check_refusals(flow, graph, report)


def _check_targets(flow: Flow, report: Report) -> None:
    for name, node in flow.nodes.items():
        for field_name, target in nodes.ways(node):
            if target not in flow.nodes:
                problem = f"leads to {target!r}, which is no node"
                report.add("no-such-node", path_of(name, field_name), problem)
    for index, way in enumerate(flow.document.everywhere):
        if way.to not in flow.nodes:
            problem = f"leads to {way.to!r}, which is no node"
            report.add("no-such-node", ("everywhere", index, "to"), problem)


def _check_reached(flow: Flow, graph: Graph, report: Report) -> None:
    reached = {name for name, _ in graph.edges}
    for name in flow.nodes:
        if name not in reached and name != flow.document.person:
            problem = "no caller can get here; lead a way here or take the node out"
            report.add("unreachable", path_of(name), problem)


def _check_subflows(graph: Graph, report: Report) -> None:
    for place in graph.recursions:
        problem = "enters a sub-flow that is still open; a caller would never come out"
        report.add("recursion", path_of(place[0], "enter"), problem, graph.way_to(place))
    for place in graph.stray_returns:
        problem = "is reached without entering a sub-flow; there is nowhere to return to"
        report.add("stray-return", path_of(place[0]), problem, graph.way_to(place))


def _check_circles(flow: Flow, graph: Graph, report: Report) -> None:
    """Look for circles that a caller cannot break, because they are never asked or never speak."""
    for circle in circles(graph, ("world", "silence")):
        names = [name for name, _ in circle]
        rests = (nodes.Question, nodes.Queue, nodes.Transfer)
        is_silent = any(isinstance(flow.nodes[name], rests) for name in names)
        who = "a silent caller" if is_silent else "every caller"
        problem = f"{who} goes round {' > '.join([*names, names[0]])} for ever"
        check = "silent-loop" if is_silent else "endless-loop"
        report.add(check, path_of(names[0]), problem, graph.way_to(circle[0]))


def circles(graph: Graph, hands: Collection[Hand]) -> Iterator[list[Place]]:
    """Give the shortest circle through each place that has one along the edges of some hands.

    A circle whose places all lie on circles given before is left out.
    """
    seen: set[Place] = set()
    for place in graph.edges:
        circle = [] if place in seen else _circle(graph, hands, place)
        seen.update(circle)
        if circle:
            yield circle


def _circle(graph: Graph, hands: Collection[Hand], start: Place) -> list[Place]:
    """Give a shortest way from a place back to itself; empty when there is none."""
    came_from: dict[Place, Place] = {}
    waiting = deque([start])
    while waiting:
        place = waiting.popleft()
        for edge in graph.edges[place]:
            if edge.hand not in hands:
                continue
            if edge.to == start:
                way = [place]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if edge.to not in came_from:
                came_from[edge.to] = place
                waiting.append(edge.to)
    return []


def _check_person(flow: Flow, graph: Graph, report: Report) -> None:
    """The way to a person asks nothing but whether to be called back instead, and sends none home.

    A goodbye there is wrong also when it calls itself served; other goodbyes are traps already.
    """
    start: Place = (flow.document.person, ())
    for place in _reached_by_world(flow, graph, start):
        node = flow.nodes[place[0]]
        if isinstance(node, nodes.Question) and not isinstance(node, nodes.Callback):
            problem = f"leads to the question {place[0]!r}; who asks for a person is not asked more"
            report.add("person-asks", ("person",), problem, graph.way_to(place))
        if isinstance(node, nodes.HangUp) and node.outcome in _SERVED:
            problem = "sends home who asked for a person; take a message or offer a callback"
            report.add("trap", path_of(place[0]), problem, graph.way_to(place))


def _reached_by_world(flow: Flow, graph: Graph, start: Place) -> list[Place]:
    """Give the places a caller comes through without a choice, up to queues and questions."""
    found = [start] if start in graph.edges else []
    for place in found:
        if isinstance(flow.nodes[place[0]], (*HUMAN, nodes.Question)):
            continue
        found += [edge.to for edge in graph.edges[place] if edge.to not in found]
    return found


def _check_distances(flow: Flow, graph: Graph, limits: Limits, report: Report) -> None:
    found = distances(flow, graph)
    done = served(flow, graph)
    for place in graph.edges:
        name = place[0]
        distance = found.get(place)
        if distance is None:
            is_end = isinstance(flow.nodes[name], (nodes.HangUp, nodes.Refuse))
            if place not in done and not is_end:
                problem = "callers can be kept here from every person, callback and voicemail"
                report.add("trap", path_of(name), problem, graph.way_to(place))
        elif distance.turns > limits.person_turns_max or distance.seconds > limits.person_s_max:
            problem = (
                f"a person is {counted(distance.turns, 'question')} and {distance.seconds:.0f} s "
                f"of prompts "
                f"away; at most {limits.person_turns_max} and {limits.person_s_max:.0f} s are right"
            )
            report.add("far-from-person", path_of(name), problem, graph.way_to(place))


_QUIET = (
    *(nodes.Hours, nodes.Condition, nodes.Set, nodes.Split),
    *(nodes.SubFlow, nodes.Return, nodes.Refuse),
)
"""Passed without a word: the call is still ringing."""


def _check_refusals(flow: Flow, graph: Graph, report: Report) -> None:
    """A call that has been answered cannot be refused any more."""
    answered = [place for place in graph.edges if not isinstance(flow.nodes[place[0]], _QUIET)]
    seen = set(answered)
    for place in answered:  # grows while it is gone through
        for edge in graph.edges[place]:
            if isinstance(flow.nodes[edge.to[0]], nodes.Refuse):
                problem = "refuses a call that has been answered; hang up instead"
                report.add("late-refusal", path_of(place[0]), problem, graph.way_to(place))
            if edge.to not in seen:
                seen.add(edge.to)
                answered.append(edge.to)
