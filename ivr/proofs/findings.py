"""What a proof has to say: findings, and what they are checked against."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.flow.ready import Flow
from ivr.flow.source import Path, path_text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a flow, with the way a caller gets there."""

    file: str
    line: int | None
    check: str
    """The name of the check, such as `unreachable`."""
    at: str
    """Where in the document, such as `nodes.menu.choices[0].to`."""
    problem: str
    """What is wrong and what would be right."""
    node: str = ""
    """The node it is about; empty when it is about something else."""
    way: tuple[str, ...] = ()
    """Nodes that lead there from the start; empty when no caller gets there."""

    def __str__(self) -> str:
        """Write the finding on one line."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        way = f" (by {' > '.join(_shortened(self.way))})" if self.way else ""
        return f"{where}: [{self.check}] {self.at}: {self.problem}{way}"


WAY_SHOWN_MAX = 12


def _shortened(way: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the middle of a way that nobody would read to its end."""
    half = WAY_SHOWN_MAX // 2
    return way if len(way) <= WAY_SHOWN_MAX else (*way[:half], "...", *way[-half:])


@dataclass(frozen=True, slots=True)
class Centre:
    """What exists outside the flow; None means: not known here, so not checked."""

    queues: frozenset[str] | None = None
    skills: frozenset[str] | None = None
    numbers: frozenset[str] | None = None
    """Numbers that callers may be transferred to."""
    number_beginnings: tuple[str, ...] | None = None
    """Beginnings of numbers that callers may be transferred to."""
    hosts: frozenset[str] | None = None
    """Hosts that may be asked for data."""
    values: frozenset[str] = frozenset()
    """Values of the call that the shell brings along, besides the caller's usual ones."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a person may be away, and how long a prompt may be."""

    person_turns_max: int = 3
    person_s_max: float = 120.0
    prompt_s_max: float = 60.0
    examples_min: int = 5
    examples_per_script_min: int = 2
    """In Chinese, and in other writing, where callers speak both."""


@dataclass(slots=True)
class Report:
    """Collects the findings of one flow."""

    flow: Flow
    findings: list[Finding] = field(default_factory=list)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, check: str, path: Path, problem: str, way: Sequence[str] = ()) -> None:
        """Add a finding about a place in the document."""
        known = path
        while known and known not in self.flow.lines:
            known = known[:-1]
        finding = Finding(
            file=self.flow.file,
            line=self.flow.lines.get(known),
            check=check,
            at=path_text(path) or self.flow.name,
            problem=problem,
            node=str(path[1]) if path[:1] == ("nodes",) and len(path) > 1 else "",
            way=tuple(way),
        )
        same = (finding.check, finding.at, finding.problem)
        if same not in self._seen:  # else: the same node, reached through another sub-flow
            self._seen.add(same)
            self.findings.append(finding)


def path_of(node: str, field_name: str = "") -> Path:
    """Give the path of a node's field, from a name such as `choices[0].to`."""
    path: list[str | int] = ["nodes", node]
    for part in field_name.split(".") if field_name else ():
        name, _, index = part.partition("[")
        path.append(name)
        if index:
            path.append(int(index.rstrip("]")))
    return tuple(path)


def counted(count: int, thing: str) -> str:
    """Write how many there are of something.

    Example:
        >>> counted(1, "question"), counted(2, "question")
        ('1 question', '2 questions')
    """
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
