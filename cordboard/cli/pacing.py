"""`cordboard pacing`: which rule keeps agents busy, and what that costs in abandoned calls.

Every pacer runs on the same modelled floor with the same seeds. Floors come by name from
`simulator.floor_scenarios`, or from a campaign of a scenario: its agents, as if they took nothing
but this campaign, its opening hours, and the people on its list.
"""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from cordboard.cli.output import ERR, UserError, print_json, print_table
from cordboard.cli.simulate import read_world
from cordboard.cli.spread import deviation

if TYPE_CHECKING:
    from dialer.config import CampaignConfig
    from simulator.distributions import Distribution
    from simulator.floor_scenarios import FloorScenario
    from simulator.floor_table import FloorRow
    from simulator.scenario import Scenario

PACERS = "preview,progressive,ratio:1.6,adaptive,predictive"
HEAD = ("pacer", "utilisation", "abandoned", "worst 30 min", "idle wait", "live", "decision")
BESIDE = ("utilisation", "abandoned")
"""The figures that are shown a second time, with the verdict of machine detection delayed."""
CV_MIN = 0.01
WRAP_S_MIN = 0.001
"""The floor draws durations from lognormals, which need some length and some spread."""


def pacing(
    floor: Annotated[
        str, typer.Argument(help="A floor such as s10 or s50, a scenario file, or its folder.")
    ],
    pacers: Annotated[str, typer.Option(help="Which rules, separated by commas.")] = PACERS,
    hours: Annotated[
        float | None, typer.Option(help="Length of a shift; by default the floor's own.")
    ] = None,
    runs: Annotated[int, typer.Option(help="Shifts of each pacer, pooled.")] = 1,
    seed: Annotated[int, typer.Option(help="Of the first shift; the next have the next.")] = 1,
    target: Annotated[
        float, typer.Option(help="Percent of live answers that may be abandoned.")
    ] = 3.0,
    verdict_delay: Annotated[
        float,
        typer.Option(
            help="Shown beside: everybody offered at a verdict so many seconds after the answer,"
            " on average; 0 leaves it out."
        ),
    ] = 4.0,
    campaign: Annotated[str, typer.Option(help="Which campaign of a scenario with several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run pacing rules side by side on one modelled floor."""
    if runs < 1:
        raise UserError(f"--runs is {runs}; at least one shift is needed")
    if hours is not None and not 0 < hours <= 24:
        raise UserError(f"--hours is {hours:g}; a shift is longer than 0 and at most 24")
    if not 0 < target <= 100:
        raise UserError(f"--target is {target:g}; it must be above 0 and at most 100 percent")
    if not 0 <= verdict_delay <= 30:
        raise UserError(f"--verdict-delay is {verdict_delay:g}; use 0 to 30 seconds")
    names = checked_pacers(pacers)
    place = find_floor(floor, campaign)
    if hours is not None:
        place = replace(place, hours=hours)
    delayed = _delayed(place, verdict_delay)
    seeds = range(seed, seed + runs)
    pairs: list[tuple[FloorRow, FloorRow | None]] = []
    with Progress(console=ERR, transient=True) as bar:
        task = bar.add_task("pacers", total=len(names))
        for name in names:
            row = _row(place, name, seeds, target)
            beside = None if delayed is None else _row(delayed, name, seeds, target)
            pairs.append((row, beside))
            bar.advance(task)
    if as_json:
        print_json(
            [asdict(row) | {"beside": beside and asdict(beside)} for row, beside in pairs],
        )
        return
    shifts = f"{runs} shift{'s' if runs > 1 else ''} of {place.hours:g} h, seed {seed}"
    title = f"{place.name}: {place.agents} agents, {shifts}, target {target:g} %"
    head: tuple[str, ...] = HEAD
    if delayed is not None:
        title += f"; on the right with the verdict {verdict_delay:g} s after the answer"
        head += BESIDE
    print_table(title, head, (_cells(row) + _beside(beside) for row, beside in pairs))


def _delayed(place: "FloorScenario", delay_s: float) -> "FloorScenario | None":
    """Return the floor with the verdict delayed, if it was asked for and is not so anyway."""
    from simulator.floor_scenarios import with_verdict_delay

    if not delay_s or place.network.verdict_delay_s > 0.0:
        return None
    return with_verdict_delay(place, delay_s)


def checked_pacers(text: str) -> list[str]:
    """Return the pacers' names, each known to the catalogue.

    Raises:
        UserError: One is unknown, or none is given.
    """
    from dialer.config import PACER_FORMS
    from dialer.pacing.catalogue import pacer_named

    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise UserError(f"--pacers names none; write {PACER_FORMS}, separated by commas")
    try:
        for name in names:
            pacer_named(name)
    except ValueError as error:
        raise UserError(f"--pacers: {error}") from error
    return names


def find_floor(text: str, campaign: str) -> "FloorScenario":
    """Return the floor of this name, or that of a scenario's campaign.

    Raises:
        UserError: There is neither, or the scenario has no such campaign.
    """
    from simulator.floor_scenarios import SCENARIOS, VARIANTS, floor_named

    named = floor_named(text)
    if named is not None:
        return named
    path = Path(text)
    if not path.exists():
        raise UserError(
            f"'{text}' is neither a file nor a floor; floors are {', '.join(SCENARIOS)},"
            f" each also with {', '.join(f'-{name}' for name in VARIANTS)}"
        )
    world = read_world(path)
    name = campaign or next(iter(world.campaigns), "")
    if name not in world.campaigns or (not campaign and len(world.campaigns) > 1):
        listed = ", ".join(world.campaigns) or "none"
        raise UserError(f"{path}: --campaign must name one of its campaigns; it has {listed}")
    return _campaign_floor(world, name)


def _campaign_floor(world: "Scenario", name: str) -> "FloorScenario":
    """Return a campaign as a floor of its own."""
    from simulator.floor_scenarios import FloorScenario
    from simulator.scenario import seconds_of

    people = world.campaigns[name]
    config = _config(world, name)
    opens_s, closes_s = seconds_of(people.opens_at), seconds_of(people.closes_at)
    return FloorScenario(
        name=f"{world.name}, {name}",
        agents=_agents(world, config),
        hours=(closes_s - opens_s) / 3600,
        answer_shares=(people.answer_share,),
        grace_s=config.agent_due_ms / 1000,
        network=people.network,
        talk_s=people.talk_s.mean,
        talk_cv=_variation(people.talk_s),
        wrap_s=max(WRAP_S_MIN, people.wrap_s.mean),
        wrap_cv=_variation(people.wrap_s),
    )


def _config(world: "Scenario", name: str) -> "CampaignConfig":
    if world.centre is None:
        raise UserError(f"'{world.name}' has no centre; put it beside its centre.yaml")
    return next(one for one in world.centre.campaigns if one.campaign_id == name)


def _agents(world: "Scenario", config: "CampaignConfig") -> int:
    """Return how many agents of the scenario may take the campaign's calls."""
    assert world.centre is not None
    skilled = [
        str(agent.agent_id)
        for agent in world.centre.acd.agents
        if all(agent.skills.get(skill, 0) >= level for skill, level in config.skills.items())
    ]
    agents = sum(agent in world.agents for agent in skilled)
    if not agents:
        raise UserError(f"campaign '{config.campaign_id}': no agent of the scenario has its skills")
    return agents


def _variation(duration_s: "Distribution") -> float:
    """Return the coefficient of variation of a duration."""
    return max(CV_MIN, deviation(duration_s) / duration_s.mean) if duration_s.mean else CV_MIN


def _row(place: "FloorScenario", name: str, seeds: range, target_percent: float) -> "FloorRow":
    import time

    from simulator.floor_table import floor_row

    return floor_row(place, name, seeds, target=target_percent / 100, stopwatch=time.perf_counter)


def _cells(row: "FloorRow") -> tuple[str, ...]:
    return (
        row.pacer,
        f"{100 * row.utilisation:.1f} %",
        f"{100 * row.abandonment:.2f} %",
        f"{100 * row.worst_half_hour:.1f} %",
        f"{row.idle_wait_s:.1f} s",
        f"{100 * row.live_share:.1f} %",
        "" if row.decision_us is None else f"{row.decision_us:.0f} us",
    )


def _beside(row: "FloorRow | None") -> tuple[str, ...]:
    if row is None:
        return ()
    return (f"{100 * row.utilisation:.1f} %", f"{100 * row.abandonment:.2f} %")
