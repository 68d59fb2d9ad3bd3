"""Why a pacer dialled as many as it did: every decision carries its own explanation.

A `Decision` names the candidate (what the pacing rule alone wanted), what was granted, the limit
that bound, and the inputs it was taken on. Supervisors read `sentence`; the audit stream keeps
`as_dict()`. The sentence is made only when somebody reads it, so a decision costs nothing extra.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Limit(StrEnum):
    """What kept a pacer from starting one more call."""

    NOBODY = "nobody"
    NO_AGENTS = "no_agents"
    READY_AGENTS = "ready_agents"
    LINES_PER_AGENT = "lines_per_agent"
    PREVIEWS = "previews"
    LEVEL = "level"
    BETWEEN_LOOPS = "between_loops"
    ABANDON_RISK = "abandon_risk"
    HARD_WINDOW = "hard_window"
    NUMBERS = "numbers"
    CALL_RATE = "call_rate"
    TRUNKS = "trunks"


#: One sentence per limit; the names in braces are inputs of the decision.
SENTENCES: dict[Limit, str] = {
    Limit.NOBODY: "No agent is signed in who could take an answer.",
    Limit.NO_AGENTS: "No agent is needed: a second's worth of calls, {wanted}, was wanted.",
    Limit.READY_AGENTS: "One call per ready agent: {ready} ready, {in_flight} on the way.",
    Limit.LINES_PER_AGENT: (
        "{ratio:.2f} lines per ready agent make {goal} for {ready} ready; "
        "{in_flight} are on the way."
    ),
    Limit.PREVIEWS: "Agents dial from preview: {previewed} pressed dial.",
    Limit.LEVEL: (
        "Level {level:.2f} over {counted} agents allows {goal} lines; {lines} are in use."
    ),
    Limit.BETWEEN_LOOPS: "The next dial loop is due in {due_in_s:.1f} s.",
    Limit.ABANDON_RISK: (
        "One more call would cost an abandon with probability {loss:.4f}; "
        "{threshold:.4f} is allowed at present."
    ),
    Limit.HARD_WINDOW: (
        "Window '{window}' stands at {window_percent:.2f} % of answers abandoned, its cap is "
        "{window_percent_max:.2f} %: one call per ready agent until it recovers."
    ),
    Limit.NUMBERS: "Numbers at hand to dial: {numbers}, and all of them are worth dialling.",
    Limit.CALL_RATE: "The carrier takes {calls_per_s_max:g} calls a second; {wanted} were wanted.",
    Limit.TRUNKS: "Only {trunks_free} lines are free; {wanted} calls were wanted.",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """How many calls to start now, and what stopped the next one."""

    dials: int
    wanted: int
    """What the pacing rule asked for before the carrier's limits."""
    limit: Limit
    inputs: Mapping[str, float | int | str]

    @property
    def sentence(self) -> str:
        """Say in one sentence what bound the decision."""
        return SENTENCES[self.limit].format_map({"wanted": self.wanted, **self.inputs})

    def as_dict(self) -> dict[str, object]:
        """Return plain values for the audit stream."""
        return {
            "dials": self.dials,
            "wanted": self.wanted,
            "limit": str(self.limit),
            "inputs": dict(self.inputs),
            "sentence": self.sentence,
        }
