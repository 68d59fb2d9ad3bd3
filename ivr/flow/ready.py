"""A flow ready to be walked: the document with its calendars resolved and its speech model."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ivr.flow.document import FlowDocument
from ivr.flow.nodes import Node
from ivr.flow.source import Path
from ivr.hours import LocalTime, OpeningHours
from ivr.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Flow:
    """One version of a call flow, ready for `advance`."""

    document: FlowDocument
    file: str
    nodes: Mapping[str, Node]
    hours: Mapping[str, OpeningHours]
    local: LocalTime
    """The clock of "today" and "tomorrow"."""
    lines: Mapping[Path, int] = field(default_factory=dict)
    """The line on which each part of the document stands, for findings."""
    understanding: Understanding | None = None
    """None leaves intents to their keywords; a flow without intents needs nothing else."""
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words the recogniser should expect at open questions, per language."""

    helpfulness: Mapping[str, float] = field(default_factory=dict)
    """How much each self-service answer has helped lately; see `ivr.knowledge`."""

    @property
    def name(self) -> str:
        """The flow's name."""
        return self.document.name

    @property
    def version(self) -> int:
        """The flow's version."""
        return self.document.version

    @property
    def first_language(self) -> str:
        """The language spoken until the caller's is known."""
        return next(iter(self.document.languages))

    def with_understanding(
        self, understanding: Understanding, hints: Mapping[str, tuple[str, ...]] | None = None
    ) -> "Flow":
        """Give the same flow with a model that understands speech."""
        return replace(self, understanding=understanding, hints=hints or {})

    def with_helpfulness(self, helpfulness: Mapping[str, float]) -> "Flow":
        """Give the same flow with what callers lately thought of its answers."""
        return replace(self, helpfulness=helpfulness)
