"""What-ifs of `cordboard staff` as a planner types them.

--what-if self-service=+5%           the flow serves five more of a hundred callers
--what-if self-service:cards=+5%     of those for one queue
--what-if aht=+10%                   handle times; likewise calls and patience
--what-if no-shows=5%                each agent stays away with this probability
--what-if "learn:general=cards"      the agents of group general learn to take cards
--what-if learn                      every such training, one by one
--what-if usual                      the usual questions
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cordboard.cli.output import UserError

if TYPE_CHECKING:
    from simulator.distributions import Floats
    from simulator.kernel.tables import Integers
    from simulator.scenario import Scenario
    from simulator.staffing import Centre
    from simulator.staffing.variants import Variant

LESS_SELF_SERVICE = "self-service=-5%"
USUAL = (
    *("self-service=+5%", LESS_SELF_SERVICE, "aht=+10%", "aht=-10%"),
    *("patience=+20%", "patience=-20%", "no-shows=5%", "learn"),
)

_FORM = re.compile(r"(?P<what>[a-z-]+)(:(?P<of>[^=]+))?(=(?P<change>.+))?")
_LESS = 0.05
_KINDS = "self-service, calls, aht, patience, no-shows, learn or usual"


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """The centre to be planned, and what its scenario says of the call flow."""

    centre: "Centre"
    served: "Floats"  #: share of each type's callers whom the flow serves: (T,)
    lost: "Floats"  #: share of them that it loses otherwise: (T,)
    premium: float  #: what one more queue adds to the cost of an hour
    has_shifts: bool
    team: "Integers | None" = None  #: agents of the plan, (G, I); None before there is one


def circumstances_of(
    centre: "Centre", world: "Scenario | None", *, premium: float, has_shifts: bool
) -> Circumstances:
    """Return a centre's circumstances; without a scenario, no call flow serves anybody."""
    import numpy as np

    from cordboard.cli.staff_inputs import main_callers

    names = [demand.name for demand in centre.demands]
    flows = [] if world is None else [main_callers(name, world).flow for name in names]
    nobody = np.zeros(len(names))
    return Circumstances(
        centre=centre,
        served=np.array([flow.self_served for flow in flows]) if flows else nobody,
        lost=np.array([flow.voicemail + flow.abandoned for flow in flows]) if flows else nobody,
        premium=premium,
        has_shifts=has_shifts,
    )


def variants_of(texts: list[str], now: Circumstances) -> "list[Variant]":
    """Return the variants that texts ask for.

    Raises:
        UserError: A text says nothing known, or nothing possible.
    """
    from simulator.staffing import PlanError

    variants: list[Variant] = []
    for text in texts:
        try:
            variants += _variants(text.strip(), now)
        except PlanError as error:
            raise UserError(f"--what-if {text}: {error}") from error
    return variants


def _variants(text: str, now: Circumstances) -> "Iterator[Variant]":
    found = _FORM.fullmatch(text)
    if found is None:
        raise UserError(f"--what-if {text}: write for example aht=+10% or self-service:cards=+5%")
    what, of, change = found["what"], found["of"], found["change"]
    if text == "usual":
        for usual in USUAL:
            if _is_possible(usual, now):
                yield from _variants(usual, now)
    elif what == "learn":
        yield from _trainings(text, of, change, now)
    elif what in ("self-service", "calls", "aht", "patience", "no-shows"):
        yield _variant(text, what, of, _share(text, change), now)
    else:
        raise UserError(f"--what-if {text}: '{what}' is not known; ask for {_KINDS}")


def _is_possible(usual: str, now: Circumstances) -> bool:
    """Whether a usual question makes sense: absence needs a roster, less self-service some."""
    if usual.startswith("no-shows"):
        return now.has_shifts
    return usual != LESS_SELF_SERVICE or bool((now.served >= _LESS).all())


def _share(text: str, change: str | None) -> float:
    """Return a change in percent as a share."""
    number = re.fullmatch(r"([+-]?\d+(?:\.\d+)?) ?%", change or "")
    if number is None:
        raise UserError(f"--what-if {text}: say how much in percent, as +10% or -5%")
    return float(number[1]) / 100


def _variant(text: str, what: str, of: str | None, share: float, now: Circumstances) -> "Variant":
    from simulator.staffing.circumstances import factors, more_self_service
    from simulator.staffing.variants import Variant

    centre = now.centre
    if what == "self-service":
        calls = more_self_service(centre, share, now.served, now.lost, of)
        return Variant(name=text, calls=calls)
    if what == "no-shows":
        if of is not None or not 0 < share < 1:
            raise UserError(f"--what-if {text}: write no-shows=5%, from above 0 to below 100 %")
        if not now.has_shifts:
            raise UserError("--what-if no-shows are agents of a roster: give --shifts")
        return Variant(name=text, absent_share=share)
    if share <= -1:
        raise UserError(f"--what-if {text}: less than nothing is left; take less than 100 % off")
    scaled = factors(centre, 1 + share, of)
    if what == "calls":
        return Variant(name=text, calls=scaled)
    return (
        Variant(name=text, handle=scaled) if what == "aht" else Variant(name=text, patience=scaled)
    )


def _trainings(
    text: str, group: str | None, call_type: str | None, now: Circumstances
) -> "Iterator[Variant]":
    from simulator.staffing.circumstances import learned, trainings

    if (group is None) != (call_type is None):
        raise UserError(f'--what-if {text}: write "learn:GROUP=QUEUE", or learn for every training')
    pairs = trainings(now.centre)
    if now.team is not None:  # nobody learns in a group of nobody
        groups = now.centre.tables.groups
        pairs = [pair for pair in pairs if now.team[groups.index(pair[0])].any()]
    if group is not None and call_type is not None:
        pairs = [(group.strip(), call_type.strip())]
    for pupil, subject in pairs:
        yield learned(now.centre, pupil, subject, premium=now.premium)
