"""Proofs about wishes: intents lead somewhere and have examples, answers are read and dated."""

import datetime as dt

from ivr.flow import nodes
from ivr.flow.ready import Flow
from ivr.flow.source import Path
from ivr.proofs.findings import Limits, Report, counted
from ivr.proofs.texts import read_at
from ivr.speech import is_han


def check_wishes(flow: Flow, limits: Limits, report: Report) -> None:
    """Prove that each wish leads somewhere and has been shown to the model often enough."""
    _check_intents(flow, limits, report)
    _check_examples(flow, report)
    _check_answers(flow, report)
    _check_readable(flow, report)


def _check_intents(flow: Flow, limits: Limits, report: Report) -> None:
    document = flow.document
    used = {intent for node in flow.nodes.values() for intent in getattr(node, "routes", ())}
    used |= {
        choice.intent
        for node in flow.nodes.values()
        if isinstance(node, nodes.Menu)
        for choice in node.choices
        if choice.intent is not None
    }
    for name, intent in document.intents.items():
        path: Path = ("intents", name)
        if name not in used:
            report.add("unused-intent", path, "leads nowhere in this flow; route it or take it out")
        if len(intent.examples) < limits.examples_min:
            count = counted(len(intent.examples), "example")
            problem = f"has {count}; {limits.examples_min} are enough to start"
            report.add("few-examples", path, problem)
        else:
            _check_scripts(flow, name, limits, report)
        for language in document.languages:
            if language not in intent.name:
                report.add("missing-language", (*path, "name"), f"is not written in {language}")


def _check_scripts(flow: Flow, name: str, limits: Limits, report: Report) -> None:
    """Callers of each language that is spoken here need examples they could have said."""
    examples = flow.document.intents[name].examples
    for language, tongue in flow.document.languages.items():
        is_chinese = language.startswith(("zh", "yue"))
        fitting = sum(any(map(is_han, text)) == is_chinese for text in examples)
        if tongue.speech and fitting < limits.examples_per_script_min:
            problem = (
                f"has {counted(fitting, 'example')} that a caller speaking {language} could say; "
                f"{limits.examples_per_script_min} are enough to start"
            )
            report.add("few-examples", ("intents", name), problem)


def _check_examples(flow: Flow, report: Report) -> None:
    seen: dict[str, str] = {}
    for name, intent in flow.document.intents.items():
        for index, text in enumerate(intent.examples):
            other = seen.setdefault(text.casefold().strip(), name)
            if other != name:
                problem = f"is an example of {other!r} as well; one of them is wrong"
                report.add("double-example", ("intents", name, "examples", index), problem)


def _check_answers(flow: Flow, report: Report) -> None:
    document = flow.document
    for name, entry in document.answers.items():
        for field in ("valid_from", "valid_until"):
            day = getattr(entry, field)
            if day is not None and not _is_day(day):
                problem = f"{day!r} is no day; write one like 2026-12-31"
                report.add("bad-date", ("answers", name, field), problem)
        if entry.valid_from and entry.valid_until and entry.valid_from > entry.valid_until:
            report.add("bad-date", ("answers", name), "ends before it begins")
        for language in document.languages:
            if language not in entry.name:
                problem = f"is not written in {language}"
                report.add("missing-language", ("answers", name, "name"), problem)


def _check_readable(flow: Flow, report: Report) -> None:
    answering = [node for node in flow.nodes.values() if isinstance(node, nodes.Answer)]
    named = {name for node in answering if node.entry for name in read_at(flow, node)}
    open_questions = any(
        isinstance(node, nodes.Intent) and node.answers is not None for node in flow.nodes.values()
    )
    for name in flow.document.answers:
        if name not in named and not open_questions:
            report.add("unused-answer", ("answers", name), "no node can read it")


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
