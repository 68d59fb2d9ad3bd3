"""Routing policies of a site's own: what installed packages offer under an entry point.

A package offers a policy of agent choice by naming a function in the entry-point group `GROUP`; a
queue then names it as its `agent_choice`. Whoever makes a centre gives it all that are installed,
the live worker and every process of the twin alike, so that a day in the twin is routed by the same
function as a live one. What such a function must keep is told in `acd.routing.agent_choice`.

Source: https://packaging.python.org/en/latest/specifications/entry-points/.
"""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from acd.config import ConfigError
from acd.routing.agent_choice import AGENT_CHOICES, AgentChoice

GROUP = "cordboard.agent_choice"
"""The entry-point group in which packages offer policies of agent choice."""


@cache
def installed_choices() -> Mapping[str, AgentChoice]:
    """Return the policies of agent choice that installed packages offer, by name.

    Raises:
        ConfigError: One cannot be used; the text names its package, to be mended or removed.
    """
    choices: dict[str, AgentChoice] = {}
    for point in sorted(entry_points(group=GROUP)):
        if point.name in AGENT_CHOICES:
            raise ConfigError(f"{_whose(point)}: that is the name of a policy of ours; use another")
        if point.name in choices:
            raise ConfigError(f"{_whose(point)}: another package offers one of that name; keep one")
        choices[point.name] = _loaded(point)
    return choices


def _loaded(point: EntryPoint) -> AgentChoice:
    try:
        choice: object = point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"{_whose(point)}: {point.value} cannot be imported: {error}") from error
    if not callable(choice):
        raise ConfigError(f"{_whose(point)}: {point.value} is no function of an agent and needs")
    return choice


def _whose(point: EntryPoint) -> str:
    package = point.dist.name if point.dist else "an installed package"
    return f"agent choice '{point.name}' of {package}"
