"""What modelled callers do at the prompts of a call flow: `people.yaml` of a centre.

A *way* is a list of reactions that leads through the flow to a queue or to self-service. There are
several for each, so that keys, speech and languages all occur; which one a caller takes is drawn
from their own random stream.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from cordboard.cli.output import UserError
from simulator.carrier.people.manners import Reaction


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reaction to one prompt."""

    when: str
    key: str = ""
    say: str = ""
    after_s: float = 1.0

    def reaction(self) -> Reaction:
        """Return it as the stand-in's people have it."""
        return Reaction(when=self.when, key=self.key, say=self.say, after_s=self.after_s)


class CallTypeWays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ways of one call type."""

    queued: tuple[tuple[Step, ...], ...]
    self_served: tuple[tuple[Step, ...], ...] = ()


Ways = Mapping[str, CallTypeWays]
"""By the name of the call type in the scenario."""


def read_ways(path: Path, call_types: Sequence[str]) -> Ways:
    """Read `people.yaml`.

    Raises:
        UserError: The file is missing or wrong, or says nothing about one of the call types.
    """
    try:
        ways = msgspec.yaml.decode(path.read_bytes(), type=dict[str, CallTypeWays])
    except OSError as error:
        raise UserError(
            f"{path}: {error.strerror}; the demo's callers are described there"
        ) from error
    except msgspec.DecodeError as error:
        raise UserError(f"{path}: {error}") from error
    for name in call_types:
        if name not in ways or not ways[name].queued:
            raise UserError(f"{path}: no way leads the callers of '{name}' to a queue; add one")
    return ways
