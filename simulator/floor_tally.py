"""What a run of an outbound floor is judged by.

Utilisation is (talk + wrap-up) over signed-in time, cold start included. Abandonment is abandoned
people over people offered; machines that pass for people take an agent's time and count in neither.
A pooled rate hides bad half hours, so the worst one is kept beside it.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class FloorTally:
    """What a run is judged by."""

    busy_s: float = 0.0
    signed_in_s: float = 0.0
    dials: int = 0
    answers_at_s: list[float] = field(default_factory=list)
    """When each person who passed detection was offered."""
    abandons_at_s: list[float] = field(default_factory=list)
    refused_people: int = 0
    """People taken for machines: counted apart, not as abandons."""
    idle_waits_s: list[float] = field(default_factory=list)
    """How long each agent who got a call had been ready."""
    decisions: int = 0
    decision_s: float = 0.0

    @property
    def utilisation(self) -> float:
        """Return (talk + wrap-up) over signed-in time."""
        return self.busy_s / self.signed_in_s if self.signed_in_s else 0.0

    @property
    def abandonment(self) -> float:
        """Return abandoned people over people offered."""
        return len(self.abandons_at_s) / len(self.answers_at_s) if self.answers_at_s else 0.0

    def worst_window(self, window_s: float = 1800.0, answers_min: int = 20) -> float:
        """Return the highest abandonment rate of any aligned window with enough answers."""
        answers = Counter(int(at_s // window_s) for at_s in self.answers_at_s)
        abandons = Counter(int(at_s // window_s) for at_s in self.abandons_at_s)
        rates = [
            abandons[window] / count for window, count in answers.items() if count >= answers_min
        ]
        return max(rates, default=0.0)
