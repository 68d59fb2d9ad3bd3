"""Proofs about names: every queue, skill, number, calendar, intent and key stands for something."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from ivr.flow import nodes
from ivr.flow.ready import Flow
from ivr.flow.source import Path
from ivr.proofs.findings import Centre, Report, path_of
from ivr.proofs.texts import known_values

_QUEUE_MEASURES = ("waiting", "wait_s", "agents")


def check_names(flow: Flow, centre: Centre, report: Report) -> None:
    """Prove that everything named exists, and that no key means two things."""
    values = known_values(flow, centre)
    for name, node in flow.nodes.items():
        _check_outside(name, node, centre, report)
        _check_inside(flow, name, node, report)
        _check_values(flow, name, node, values, report)
        _check_keys(flow, name, node, report)
        _check_ranges(name, node, report)
    _check_everywhere(flow, report)


def _check_outside(name: str, node: nodes.Node, centre: Centre, report: Report) -> None:
    """Look for queues, skills, numbers and hosts that the centre does not have."""
    if centre.queues is not None:
        for path, queue in _queues(name, node):
            if queue not in centre.queues:
                _unknown(report, "no-such-queue", path, queue, centre.queues)
    if centre.skills is not None:
        for index, skill in enumerate(getattr(node, "skills", ())):
            if skill not in centre.skills:
                path = (*path_of(name, "skills"), index)
                _unknown(report, "no-such-skill", path, skill, centre.skills)
    if isinstance(node, nodes.Transfer):
        _check_number(name, node, centre, report)
    if isinstance(node, nodes.Data):
        _check_host(name, node, centre, report)


def _queues(name: str, node: nodes.Node) -> Iterator[tuple[Path, str]]:
    """Give the queues a node names, each with its place."""
    queue = getattr(node, "queue", None)
    if queue is not None:
        yield path_of(name, "queue"), queue
    if isinstance(node, nodes.Condition):
        for index, case in enumerate(node.cases):
            for tested in case.when:
                if tested.startswith("queue."):
                    path = (*path_of(name, f"cases[{index}]"), "when", tested)
                    yield path, tested.removeprefix("queue.").rpartition(".")[0]


def _check_number(name: str, node: nodes.Transfer, centre: Centre, report: Report) -> None:
    path = path_of(name, "to")
    if centre.numbers is not None and node.to not in centre.numbers:
        _unknown(report, "no-such-number", path, node.to, centre.numbers)
    elif centre.number_beginnings is not None and not node.to.startswith(centre.number_beginnings):
        allowed = ", ".join(centre.number_beginnings) or "none"
        problem = f"{node.to!r} may not be dialled; numbers allowed begin with: {allowed}"
        report.add("no-such-number", path, problem)
    elif not re.fullmatch(r"\+[1-9][0-9]{6,14}", node.to):
        report.add(
            "no-such-number", path, f"{node.to!r} cannot be dialled; write it like +14155550100"
        )


def _check_host(name: str, node: nodes.Data, centre: Centre, report: Report) -> None:
    path = path_of(name, "url")
    address = urlsplit(node.url)
    if address.scheme != "https" or not address.hostname or "{" in address.netloc:
        report.add("bad-address", path, "must begin with https:// and a fixed host")
    elif centre.hosts is not None and address.hostname not in centre.hosts:
        _unknown(report, "bad-address", path, address.hostname, centre.hosts)


def _unknown(report: Report, check: str, path: Path, name: str, known: Iterable[str]) -> None:
    there = ", ".join(sorted(known)) or "none"
    report.add(check, path, f"{name!r} does not exist; there are: {there}")


def _check_inside(flow: Flow, name: str, node: nodes.Node, report: Report) -> None:
    """Look for calendars, intents, answers and languages that the document does not have."""
    document = flow.document
    for check, field, one, known in _references(node):
        table = getattr(document, known)
        if one not in table:
            _unknown(report, check, path_of(name, field), one, table)
    if isinstance(node, nodes.Menu):
        for index, choice in enumerate(node.choices):
            for language in choice.phrases:
                if language not in document.languages:
                    path = (*path_of(name, f"choices[{index}]"), "phrases", language)
                    _unknown(report, "no-such-language", path, language, document.languages)


def _check_everywhere(flow: Flow, report: Report) -> None:
    """Look for ways out of every question in languages nobody speaks, or that nobody can take."""
    languages = flow.document.languages
    keys = Counter(way.key for way in flow.document.everywhere if way.key is not None)
    for index, way in enumerate(flow.document.everywhere):
        for language in way.phrases:
            if language not in languages:
                path: Path = ("everywhere", index, "phrases", language)
                _unknown(report, "no-such-language", path, language, languages)
        if way.key == "0":
            problem = "key 0 means a person everywhere"
            report.add("double-key", ("everywhere", index), problem)
        if way.key is not None and keys[way.key] > 1:
            problem = f"key {way.key} stands for two ways"
            report.add("double-key", ("everywhere", index), problem)
        silent = [one for one in languages if not way.phrases.get(one)]
        if way.key is None and silent:
            problem = f"has neither a key nor phrases in {', '.join(silent)}"
            report.add("dead-choice", ("everywhere", index), problem)


def _references(node: nodes.Node) -> Iterator[tuple[str, str, str, str]]:
    """Give (check, field, name, table of the document) for each name a node uses."""
    match node:
        case nodes.Hours():
            yield "no-such-hours", "hours", node.hours, "hours"
        case nodes.Answer(entry=str(entry)):
            yield "no-such-answer", "entry", entry, "answers"
        case nodes.Menu():
            for index, choice in enumerate(node.choices):
                if choice.intent is not None:
                    yield "no-such-intent", f"choices[{index}].intent", choice.intent, "intents"
        case nodes.Intent():
            for intent in node.routes:
                yield "no-such-intent", f"routes.{intent}", intent, "intents"
        case nodes.Language():
            for index, way in enumerate(node.choices):
                yield "no-such-language", f"choices[{index}].language", way.language, "languages"
        case _:
            pass


def _check_values(
    flow: Flow, name: str, node: nodes.Node, values: frozenset[str], report: Report
) -> None:
    """Look for conditions and errands on values that nothing sets."""
    for field in ("number_from", "amount_from"):
        value = getattr(node, field, None)
        if value is not None and value not in values:
            report.add("unknown-value", path_of(name, field), f"nothing sets {value!r}")
    if isinstance(node, nodes.Condition):
        for index, case in enumerate(node.cases):
            for tested in case.when:
                path = (*path_of(name, f"cases[{index}]"), "when", tested)
                _check_tested(flow, path, tested, values, report)


def _check_tested(
    flow: Flow, path: Path, tested: str, values: frozenset[str], report: Report
) -> None:
    kind, _, rest = tested.partition(".")
    if kind == "hours":
        if rest not in flow.document.hours:
            _unknown(report, "no-such-hours", path, rest, flow.document.hours)
    elif kind == "queue":
        measure = rest.rpartition(".")[2]
        if measure not in _QUEUE_MEASURES:
            _unknown(report, "unknown-value", path, measure, _QUEUE_MEASURES)
    elif tested != "language" and tested not in values:
        report.add("unknown-value", path, "nothing in this flow sets this value")


def _check_keys(flow: Flow, name: str, node: nodes.Node, report: Report) -> None:
    """Look for keys that mean two things, and choices nobody can make."""
    if not isinstance(node, nodes.Menu | nodes.Language):
        return
    choices: list[nodes.Choice | nodes.Tongue] = [*node.choices]
    counts = Counter(choice.key for choice in choices if choice.key is not None)
    shared = {way.key for way in flow.document.everywhere if way.key is not None}
    for index, choice in enumerate(choices):
        path = path_of(name, f"choices[{index}]")
        if choice.key is not None and counts[choice.key] > 1:
            report.add("double-key", path, f"key {choice.key} stands for two choices")
        if choice.key in shared:
            report.add("double-key", path, f"key {choice.key} already means something everywhere")
        if isinstance(choice, nodes.Choice) and choice.key is None:
            silent = [one for one in flow.document.languages if not choice.phrases.get(one)]
            if silent and choice.intent is None:
                problem = f"has neither a key nor phrases in {', '.join(silent)}"
                report.add("dead-choice", path, problem)


def _check_ranges(name: str, node: nodes.Node, report: Report) -> None:
    """Look for bounds that leave no right answer."""
    match node:
        case nodes.Ask():
            low, high = node.minimum, node.maximum
            is_empty = low is not None and high is not None and low > high
            if is_empty or node.length_min > node.length_max:
                report.add("empty-range", path_of(name), "no answer can satisfy these bounds")
        case nodes.Survey() if node.minimum >= node.maximum:
            report.add("empty-range", path_of(name), "the lowest rating must be below the highest")
        case _:
            pass
