"""Points of the worker at which a test may kill it: before and after each step that matters."""

import itertools
from collections.abc import Callable
from typing import Any

from cordboard.runtime.commit import Committer
from cordboard.runtime.gateway import Gateway
from cordboard.runtime.outbox import Outbox
from cordboard.runtime.retention import Retention
from cordboard.runtime.snapshots import Snapshots
from cordboard.runtime.term import Term
from dialer.commands import PlaceCall

STEPS: dict[str, tuple[type, str]] = {
    "elected": (Term, "begin"),
    "read": (Term, "_take"),
    "commit": (Committer, "commit"),
    "claim": (Outbox, "claim"),
    "carry-out": (Gateway, "carry_out"),
    "settle": (Outbox, "settle"),
    "snapshot": (Snapshots, "save"),
    "trim": (Retention, "forget_before"),
}

POINTS = [f"{when}-{step}" for step in STEPS for when in ("before", "after")] + ["after-dial"]


def install(point: str, nth: int, die: Callable[[], None]) -> None:
    """Make the process die at the nth pass of a point."""
    when, _, step = point.partition("-")
    is_dial = step == "dial"
    owner, name = STEPS["carry-out" if is_dial else step]
    whole = getattr(owner, name)
    passes = itertools.count(1)

    def stepping(self: Any, *args: Any, **kwargs: Any) -> Any:
        is_it = (not is_dial or isinstance(args[0], PlaceCall)) and next(passes) == nth
        if when == "before" and is_it:
            die()
        result = whole(self, *args, **kwargs)
        if when == "after" and is_it:
            die()
        return result

    setattr(owner, name, stepping)
