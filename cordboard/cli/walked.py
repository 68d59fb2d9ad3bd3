"""`cordboard simulate --flow`: the call flow that modelled callers walk, ready with its ways."""

from pathlib import Path
from typing import TYPE_CHECKING

from cordboard.cli.flow_file import read_understanding_flow
from cordboard.cli.output import UserError

if TYPE_CHECKING:
    from ivr.flow import Flow
    from simulator.flow_in_use import FlowInUse
    from simulator.scenario import Scenario


def walked_flow(scenario: Path, world: "Scenario", file: Path | None) -> "FlowInUse | None":
    """Return the flow that a scenario's callers walk, if they walk one.

    Args:
        scenario: The scenario file, or its folder: paths in it start there.
        world: The scenario itself, with its centre.
        file: The flow to walk; None leaves it to the scenario, which may name none.

    Raises:
        UserError: A file is wrong, or the flow and the scenario do not go together.
    """
    from simulator.flow_in_use import flow_in_use
    from simulator.scenario import ScenarioError
    from simulator.ways import CallFlow, WaysError, read_ways

    folder = scenario if scenario.is_dir() else scenario.parent
    habits = world.call_flow or CallFlow()
    if file is None:
        if not habits.file:
            return None
        file = folder / habits.file
    flow = read_understanding_flow(file)
    try:
        ways = read_ways(folder / habits.people, ())
        return flow_in_use(world, flow, ways, _zone(folder, flow))
    except (WaysError, ScenarioError) as error:
        raise UserError(str(error)) from error


def _zone(folder: Path, flow: "Flow") -> str:
    """Return the zone of the scenario's times of day: the centre's, else the flow's."""
    from cordboard.runtime.settings import load_settings

    if (folder / "centre.yaml").exists():
        return load_settings(folder).time_zone
    return flow.document.zone
