"""How often machine detection errs, estimated from what people found out.

Two errors are made, and each is seen only by somebody who listens:

- a *person taken for a machine* is never heard of, unless some machine verdicts are checked: a
  campaign may pass a small random share of them to a free agent (`machine_sample_percent`);
- a *machine taken for a person* reaches an agent, who says so at the end of the contact.

An agent's disposition settles either. The first share, times the machine verdicts, is how many
people were hung up on; where a regulator counts those as abandoned, the meter adds them. A prior of
one in thirty-three keeps the first few checks from deciding.

`best_threshold` weighs the two errors of several settings of the detector against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

PPM = 1_000_000

PRIOR_ERRORS, PRIOR_CALLS = 1, 33
"""What is believed of either error before anything was checked."""


@dataclass(slots=True)
class DetectionTally:
    """Verdicts of one campaign, or of one setting of the detector."""

    machines: int = 0  #: verdicts "machine"
    checked: int = 0  #: of those, passed to an agent who said what it was
    people_checked: int = 0  #: of those, people
    live: int = 0  #: verdicts "person" of which an agent said what it was
    machines_live: int = 0  #: of those, machines

    @property
    def people_ppm(self) -> int:
        """Return the share of people among machine verdicts."""
        return _share_ppm(self.people_checked, self.checked)

    @property
    def machines_ppm(self) -> int:
        """Return the share of machines among those taken for people."""
        return _share_ppm(self.machines_live, self.live)

    def on_disposition(self, *, was_checked: bool, is_machine: bool) -> None:
        """Count what an agent found: of a checked machine verdict, or of a supposed person."""
        if was_checked:
            self.checked += 1
            self.people_checked += not is_machine
        else:
            self.live += 1
            self.machines_live += is_machine


def is_sampled(call_id: str, percent: float) -> bool:
    """Tell whether this call's machine verdict is checked: a fixed draw by the call's name.

    Example:
        >>> is_sampled("1.7", 0.0), is_sampled("1.7", 100.0)
        (False, True)
    """
    return crc32(call_id.encode()) % 10_000 < percent * 100


def best_threshold(
    trials: Mapping[int, DetectionTally], *, person_worth_s: float, machine_cost_s: float
) -> int:
    """Return the setting of the detector whose errors cost least per answered call.

    Args:
        trials: What was seen under each setting, such as its speech-end threshold in milliseconds.
        person_worth_s: What hanging up on a person costs, in seconds of an agent's time.
        machine_cost_s: What a machine that reaches an agent costs.

    Raises:
        ValueError: No setting was tried.
    """
    if not trials:
        raise ValueError("no setting of the detector was tried: there is nothing to choose from")

    def cost(setting: int) -> tuple[float, int]:
        seen = trials[setting]
        people_lost = seen.machines * seen.people_ppm
        machines_passed = seen.live * seen.machines_ppm
        weighed = people_lost * person_worth_s + machines_passed * machine_cost_s
        return weighed / max(1, seen.machines + seen.live), setting

    return min(trials, key=cost)


def _share_ppm(errors: int, calls: int) -> int:
    return PPM * (errors + PRIOR_ERRORS) // (calls + PRIOR_CALLS)
