"""New examples written into a flow's text, everything else in it left as it is.

A flow belongs to its author: comments, order, quotes and blank lines stay. So the text is not
written anew from its values; the place of each list of examples is found, and only there a few
characters are put in. What comes out is read again and compared with what was meant.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from ivr.flow.reading import read_flow
from ivr.flow.source import LOADER, FlowError, Path, path_text
from ivr.intents.flows import examples_of
from ivr.knowledge import entry_of
from ivr.understanding import OUT_OF_SCOPE


class CannotAdd(Exception):  # noqa: N818  (names the state, not a failure of ours)
    """The examples cannot be put into this text; the message says where and what to do instead."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place in a text and what to put there."""

    at: int
    text: str


def with_examples(text: str, additions: Mapping[str, Sequence[str]], *, file: str) -> str:
    """Give a flow's text with more examples.

    Args:
        text: The flow as written.
        additions: New sentences by intent, by `answer:NAME`, or for `out_of_scope`.
        file: The flow's name, for errors.

    Raises:
        FlowError: The text is no flow.
        CannotAdd: There is no such list in it, or it is written in a way that cannot be added to.
    """
    before = examples_of(read_flow(text, file=file).document)
    root = yaml.compose(text, Loader=LOADER)
    cuts = [
        _cut(text, root, label, sentences) for label, sentences in additions.items() if sentences
    ]
    for cut in sorted(cuts, key=lambda one: one.at, reverse=True):
        text = text[: cut.at] + cut.text + text[cut.at :]
    wanted = [*before, *((said, label) for label in additions for said in additions[label])]
    try:
        found = examples_of(read_flow(text, file=file).document)
    except FlowError as wrong:
        raise CannotAdd(f"{file}: adding would break the file ({wrong}); add by hand") from wrong
    if sorted(found) != sorted(wanted):
        raise CannotAdd(f"{file}: adding would change something else; add by hand")
    return text


def place_of(label: str) -> Path:
    """Give where in a flow the examples of a label stand."""
    if label == OUT_OF_SCOPE:
        return (OUT_OF_SCOPE,)
    entry = entry_of(label)
    return ("intents", label, "examples") if entry is None else ("answers", entry, "questions")


def _cut(text: str, root: yaml.Node | None, label: str, sentences: Sequence[str]) -> _Cut:
    """Find where to put sentences, and write them the way the list is written."""
    path = place_of(label)
    written = [json.dumps(sentence, ensure_ascii=False) for sentence in sentences]
    node = _found(root, path)
    if node is None and path == (OUT_OF_SCOPE,):
        ending = _line_end(text)
        lines = "".join(f"  - {one}{ending}" for one in written)
        start = "" if text.endswith("\n") else ending
        return _Cut(len(text), f"{start}{OUT_OF_SCOPE}:{ending}{lines}")
    if not isinstance(node, yaml.SequenceNode):
        raise CannotAdd(f"there is no list {path_text(path)} to add to; write one first")
    if node.flow_style:
        return _into_brackets(node, written)
    return _below(text, node, written)


def _found(root: yaml.Node | None, path: Path) -> yaml.Node | None:
    node = root
    for step in path:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for key, value in node.value if key.value == step), None)
    return node


def _into_brackets(node: yaml.SequenceNode, written: Sequence[str]) -> _Cut:
    """Add to a list in brackets, right after its last item."""
    if not node.value:
        return _Cut(node.end_mark.index - 1, ", ".join(written))
    return _Cut(node.value[-1].end_mark.index, "".join(f", {one}" for one in written))


def _below(text: str, node: yaml.SequenceNode, written: Sequence[str]) -> _Cut:
    """Add to a list of lines, each with the dash where the others have theirs."""
    last = node.value[-1].end_mark.index
    end = text.find("\n", last)
    ending = _line_end(text)
    start = ending if end < 0 else ""
    dash = " " * node.start_mark.column + "- "
    at = len(text) if end < 0 else end + 1
    return _Cut(at, start + "".join(f"{dash}{one}{ending}" for one in written))


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
