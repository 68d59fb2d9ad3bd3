"""What made a study: command, seed and version, so that anyone can make it again.

No clock time is told: the same command on the same files gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from simulator.report.frame import definitions


def _version() -> str:
    try:
        return version("cordboard")
    except PackageNotFoundError:
        return "from source"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a study comes from."""

    command: str = ""
    """As it would be typed; empty for a study made in Python."""
    seed: int | None = None
    """None where nothing is drawn."""
    version: str = field(default_factory=_version)


def origin_section(origin: Origin) -> str:
    """Return the part of a page that says how to make it again."""
    told = {"command": origin.command} if origin.command else {}
    told |= {"seed": str(origin.seed)} if origin.seed is not None else {}
    return definitions(
        "What made this", told | {"version": f"Cordboard {origin.version}"}, is_code=True
    )
