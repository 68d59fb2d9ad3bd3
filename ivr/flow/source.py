"""Flow text to plain values, remembering on which line each of them stands.

The text is YAML, read by the rules a flow's author expects rather than by all of YAML 1.1: keys are
always strings (`1:` is the key "1", `no:` is the word), only `true` and `false` are booleans, times
such as `17:30` and dates such as `2026-12-25` stay text, and a key written twice in one mapping is
an error instead of a silent loss. Anchors and aliases work; merge keys and tags do not.
"""

import re
from dataclasses import dataclass, field

import yaml

Path = tuple[str | int, ...]
Plain = dict[str, "Plain"] | list["Plain"] | str | int | float | bool | None

VALUES_MAX = 50_000
"""More values than any flow has: a text that unfolds to more is an accident or an attack."""
DEPTH_MAX = 32
_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)
"""What plain YAML resolves to; anything else was asked for with a tag."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The compiled parser where there is one: ten times as fast."""
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]+")
"""Longer ones stay text, as account numbers are."""


class FlowError(Exception):
    """A flow document cannot be used: says in which file, where, what was found, what is right."""

    def __init__(self, *, file: str, line: int | None, path: Path, problem: str) -> None:
        self.file, self.line, self.path, self.problem = file, line, path, problem
        where = f"{file}:{line}" if line else file
        inside = f" at {path_text(path)}" if path else ""
        super().__init__(f"{where}:{inside} {problem}" if inside else f"{where}: {problem}")


@dataclass(slots=True)
class Source:
    """Plain values of a text, with the line each path stands on."""

    file: str
    value: Plain = None
    lines: dict[Path, int] = field(default_factory=dict)

    def error(self, path: Path, problem: str) -> FlowError:
        """Make the error for a path; an unknown path is placed at its nearest known parent."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return FlowError(file=self.file, line=self.lines.get(known), path=path, problem=problem)


def path_text(path: Path) -> str:
    """Write a path as an author would: `nodes.main.choices[0].to`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_source(text: str | bytes, *, file: str) -> Source:
    """Read a text into plain values.

    Raises:
        FlowError: The text is not YAML, or not the part of it described above.
    """
    source = Source(file=file)
    try:
        _check_depth(text, file)
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else None
        problem = f"is not YAML: {wrong.problem or wrong}"
        raise FlowError(file=file, line=line, path=(), problem=problem) from None
    except (yaml.YAMLError, UnicodeError) as wrong:
        problem = f"is not YAML text in UTF-8: {str(wrong).splitlines()[0]}"
        raise FlowError(file=file, line=None, path=(), problem=problem) from None
    if root is not None:
        source.value = _plain(root, (), source)
    return source


def _check_depth(text: str | bytes, file: str) -> None:
    """Refuse what is nested deeper than any flow before the parser descends into it.

    The compiled parser composes by recursion without a limit and would end the process; its events
    come one by one.
    """
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MAX:
            problem = "is nested too deeply; a flow needs some ten levels"
            line = event.start_mark.line + 1 if event.start_mark else None
            raise FlowError(file=file, line=line, path=(), problem=problem)


def _plain(node: yaml.Node, path: Path, source: Source) -> Plain:
    if path not in source.lines:
        source.lines[path] = node.start_mark.line + 1
    if len(source.lines) > VALUES_MAX or len(path) > DEPTH_MAX:
        raise source.error((), "unfolds to more values than any flow has")
    if str(node.tag) not in _TAGS:
        raise source.error(path, f"tag {node.tag} is not understood; leave it out")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, source)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, index), source) for index, child in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return str(node.value) if node.style else _scalar(node.value)


def _mapping(node: yaml.MappingNode, path: Path, source: Source) -> dict[str, Plain]:
    values: dict[str, Plain] = {}
    for key_node, child in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise source.error(path, "a key must be a word, not a list or a mapping")
        key = str(key_node.value)
        source.lines[*path, key] = key_node.start_mark.line + 1
        if key in values:
            raise source.error((*path, key), "is written twice; the first would be lost")
        values[key] = _plain(child, (*path, key), source)
    return values


def _scalar(text: str) -> Plain:
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
