"""Proofs about what is said: every prompt in every language, with values somebody sets."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from ivr.flow import nodes
from ivr.flow.prompts import FORMATS, Line, Prompt, places
from ivr.flow.ready import Flow
from ivr.flow.source import Path
from ivr.flow.wording import STANDARD, standard
from ivr.proofs.findings import Centre, Limits, Report, path_of
from ivr.proofs.lengths import prompt_seconds

_PROMPT_FIELDS = ("prompt", "text", "booked")
_LADDERS = ("no_input", "no_match")
CALLER_VALUES = frozenset(
    f"caller.{name}"
    for name in ("number", "called", "name", "segment", "language", "verified", "texts")
)
"""What the shell tells about every caller."""
_FOUND_VALUES = frozenset(("intent", "reason", "answer", "payment_token"))


def prompts_of(flow: Flow) -> Iterator[tuple[Path, Prompt]]:
    """Give every prompt of a flow with its place in the document."""
    for name, node in flow.nodes.items():
        for field in _PROMPT_FIELDS:
            prompt = getattr(node, field, None)
            if prompt is not None:
                yield path_of(name, field), prompt
        for field in _LADDERS:
            for index, prompt in enumerate(getattr(node, field, ())):
                yield (*path_of(name, field), index), prompt
    for name, entry in flow.document.answers.items():
        yield ("answers", name, "answer"), entry.answer
    for name, table in flow.document.prompts.items():
        yield ("prompts", name), dict(table)


def lines_of(prompt: Prompt) -> Iterator[tuple[str, str]]:
    """Give the texts of a prompt by language, without recordings; none for a prompt's name."""
    if isinstance(prompt, dict):
        for language, line in prompt.items():
            text = line if isinstance(line, str) else line.text or line.ssml
            if text is not None:
                yield language, text


def read_at(flow: Flow, node: nodes.Answer) -> list[str]:
    """Give the answers a node can read: its own, and whatever is related by way of tags."""
    entries = flow.document.answers
    if node.entry is None:
        return list(entries)
    found = [node.entry] if node.entry in entries else []
    for name in found:  # grows while it is gone through
        tags = set(entries[name].tags)
        found += [one for one in entries if one not in found and tags & set(entries[one].tags)]
    return found


def check_texts(flow: Flow, centre: Centre, limits: Limits, report: Report) -> None:
    """Prove that every prompt can be said in every language, and is short enough to be borne."""
    values = known_values(flow, centre)
    for path, prompt in prompts_of(flow):
        if isinstance(prompt, str):
            if prompt not in flow.document.prompts:
                problem = f"names {prompt!r}, which is not in the table of prompts"
                report.add("no-such-prompt", path, problem)
            continue
        _check_languages(flow, path, prompt, report)
        for language, text in lines_of(prompt):
            _check_places(path, language, text, values, report)
        for language, seconds in prompt_seconds(flow, prompt).items():
            if seconds > limits.prompt_s_max:
                most = limits.prompt_s_max
                problem = f"takes about {seconds:.0f} s; at most {most:.0f} s is right"
                report.add("long-prompt", (*path, language), problem)
    _check_unused_prompts(flow, report)
    _check_wording(flow, report)


def _check_languages(flow: Flow, path: Path, prompt: dict[str, str | Line], report: Report) -> None:
    for language in flow.document.languages:
        line = prompt.get(language)
        if line is None:
            report.add("missing-language", path, f"is not written in {language}")
        elif line == "" or (isinstance(line, Line) and "" in (line.text, line.ssml, line.audio)):
            report.add("missing-language", (*path, language), "is empty")
        elif isinstance(line, Line) and line.ssml is not None:
            _check_mark_up((*path, language), line.ssml, report)
    for language in prompt:
        if language not in flow.document.languages:
            problem = f"is no language of this flow; there are {', '.join(flow.document.languages)}"
            report.add("no-such-language", (*path, language), problem)


def _check_mark_up(path: Path, ssml: str, report: Report) -> None:
    try:
        ET.fromstring(f"<speak>{ssml}</speak>")  # noqa: S314  (the author is trusted)
    except ET.ParseError as wrong:
        report.add("bad-mark-up", path, f"is not well-formed: {wrong}")


def _check_places(
    path: Path, language: str, text: str, values: frozenset[str], report: Report
) -> None:
    for name, form in places(text):
        if name not in values:
            problem = f"says {{{name}}}, which nothing in this flow sets"
            report.add("unknown-value", (*path, language), problem)
        if form and form not in FORMATS:
            problem = f"says {{{name}|{form}}}; the formats are {', '.join(FORMATS)}"
            report.add("unknown-value", (*path, language), problem)


def known_values(flow: Flow, centre: Centre) -> frozenset[str]:
    """Give the names of all values a call can have."""
    values = set(CALLER_VALUES | _FOUND_VALUES | centre.values) | set(flow.document.defaults)
    for name, node in flow.nodes.items():
        match node:
            case nodes.Ask(save=save) | nodes.Survey(save=save):
                values.add(save)
            case nodes.Data(save=saved):
                values |= set(saved)
            case nodes.Set(values=assigned):
                values |= set(assigned)
            case nodes.Split():
                values.add(f"split.{name}")
            case _:
                pass
    return frozenset(values)


def _check_unused_prompts(flow: Flow, report: Report) -> None:
    used = {prompt for _, prompt in prompts_of(flow) if isinstance(prompt, str)}
    for name in flow.document.prompts:
        if name not in used:
            report.add("unused-prompt", ("prompts", name), "is said nowhere; take it out")


def _check_wording(flow: Flow, report: Report) -> None:
    """Our own sentences exist in a few languages; a flow in another one brings them along."""
    own = flow.document.wording
    for name in own:
        if name not in STANDARD:
            problem = f"is no standard sentence; there are {', '.join(STANDARD)}"
            report.add("unknown-wording", ("wording", name), problem)
            continue
        for language, text in own[name].items():
            _check_sentence(flow, name, language, text, report)
    _check_spoken(flow, report)


def _check_sentence(flow: Flow, name: str, language: str, text: str, report: Report) -> None:
    """A sentence of the author's own has to say what ours says, to somebody who is there."""
    path: Path = ("wording", name, language)
    families = [one.partition("-")[0] for one in flow.document.languages]
    if language not in (*flow.document.languages, *families):
        problem = f"is no language of this flow; there are {', '.join(flow.document.languages)}"
        report.add("no-such-language", path, problem)
    wanted = {place for place, _ in places(next(iter(STANDARD[name].values())))}
    found = {place for place, _ in places(text)}
    for place in sorted(wanted - found):
        report.add("unknown-value", path, f"does not say {{{place}}}; callers would not hear it")
    for place in sorted(found - wanted):
        report.add("unknown-value", path, f"says {{{place}}}, which this sentence is not given")
    if not text.strip():
        report.add("missing-language", path, "is empty")


def _check_spoken(flow: Flow, report: Report) -> None:
    own = flow.document.wording
    for language in flow.document.languages:
        missing = [name for name in STANDARD if standard(name, language, own) is None]
        if missing:
            problem = f"has no sentences of ours; write wording for: {', '.join(missing)}"
            report.add("missing-language", ("languages", language), problem)
