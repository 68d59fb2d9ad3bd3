"""What became of callers in the call flow on one day: how long, how far, where they hung up.

Counted is a caller's way until they leave the flow for the first time: to a queue, to another
number, to the end of the call, or by hanging up. Who comes back from a queue is not counted again.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from simulator.figure_names import FLOW


@dataclass(slots=True)
class FlowDay:
    """Callers in the flow."""

    callers: int = 0
    time_ms: int = 0  #: of all callers together, from arrival to leaving the flow
    questions: int = 0  #: that callers were asked, likewise
    outcomes: Counter[str] = field(default_factory=Counter)  #: by the flow's own word
    visits: Counter[str] = field(default_factory=Counter)  #: callers by node, each once
    drops: Counter[str] = field(default_factory=Counter)  #: who hung up there with nothing done

    def leave(self, outcome: str, way: Sequence[str], *, time_ms: int, questions: int) -> None:
        """Count a caller who leaves the flow.

        Args:
            outcome: `queued`, `self_served`, `abandoned` ...
            way: The nodes they came through, in order.
            time_ms: Since their arrival.
            questions: How many they were asked.
        """
        self.callers += 1
        self.time_ms += time_ms
        self.questions += questions
        self.outcomes[outcome] += 1
        self.visits.update(dict.fromkeys(way, 1))
        if outcome == "abandoned" and way:
            self.drops[way[-1]] += 1

    def figures(self) -> dict[str, float | None]:
        """Return the day's measures of the flow by name.

        For all callers: mean time and questions in the flow, the share that hung up with nothing
        done. For each node, under `flow.<node>.`: its callers, and the share of them that hung up
        there.
        """
        if not self.callers:
            return {}
        figures: dict[str, float | None] = {
            "flow_time_s": self.time_ms / self.callers / 1_000,
            "flow_questions": self.questions / self.callers,
            "flow_drop_out": self.drops.total() / self.callers,
        }
        for node, callers in sorted(self.visits.items()):
            figures[f"{FLOW}{node}.callers"] = float(callers)
            figures[f"{FLOW}{node}.drop_out"] = self.drops[node] / callers
        return figures
