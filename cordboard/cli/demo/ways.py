"""What modelled callers of the demo do at the prompts of a call flow: `people.yaml` of a centre."""

from collections.abc import Sequence
from pathlib import Path

from cordboard.cli.output import UserError
from simulator import ways


def read_ways(path: Path, call_types: Sequence[str]) -> ways.Ways:
    """Read `people.yaml`.

    Raises:
        UserError: The file is missing or wrong, or says nothing about one of the call types.
    """
    try:
        return ways.read_ways(path, call_types)
    except ways.WaysError as error:
        raise UserError(str(error)) from error
