"""`cordboard flow`: a call flow for its author: proved, drawn, walked, described to editors.

None of it needs a centre, an account or a call: a flow is one file, and what callers would meet in
it follows from that file alone.
"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli import releases
from cordboard.cli.check import Found, around_flows, flow_findings, print_found
from cordboard.cli.flow_draw import draw
from cordboard.cli.flow_file import FlowFile, parse_flow
from cordboard.cli.output import FOUND, UserError, print_json, print_table
from cordboard.cli.trial import try_flow

if TYPE_CHECKING:
    from ivr.flow import FlowError
    from ivr.proofs import Centre, Distance

app = typer.Typer(help="Check, draw, try and describe call flows.", no_args_is_help=True)


@app.command("check")
def check(
    file: FlowFile,
    centre: Annotated[
        Path | None,
        typer.Option(help="Folder of a centre: queues and skills must be among its own."),
    ] = None,
    distances: Annotated[
        bool, typer.Option("--distances", help="Also print how far a person is from each node.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Prove what has to hold of a flow; exit code 1 when an error is found."""
    from ivr.drawing.parts import farthest
    from ivr.flow import FlowError

    around = None if centre is None else _around(centre)
    far: dict[str, Distance] = {}
    try:
        flow = parse_flow(file)
    except FlowError as error:
        found = [_unreadable(error)]
    else:
        found = list(flow_findings(flow, around))
        worked_out = farthest(flow) if distances else {}
        far = {name: worked_out[name] for name in flow.nodes if name in worked_out}
    if as_json:
        _print_check_json(found, far)
    else:
        print_found(str(file), found)
        if far:
            _print_distances(far)
    if any(one.is_error for one in found):
        raise SystemExit(FOUND)


def _unreadable(error: "FlowError") -> Found:
    where = f"{error.file}:{error.line}" if error.line else error.file
    return Found(where, str(error).removeprefix(f"{where}:").strip(), is_error=True)


def _around(folder: Path) -> "Centre":
    from cordboard.runtime.settings import SettingsError, load_settings

    try:
        return around_flows(load_settings(folder))
    except SettingsError as error:
        raise UserError(str(error)) from error


def _print_check_json(found: list[Found], far: "dict[str, Distance]") -> None:
    report: dict[str, object] = {"findings": [asdict(one) for one in found]}
    if far:
        report["distances"] = {name: asdict(one) for name, one in far.items()}
    print_json(report)


def _print_distances(far: "dict[str, Distance]") -> None:
    print_table(
        "How far a person is, for a caller who wants one",
        ("from", "questions", "seconds of prompts"),
        [(name, str(one.turns), f"{one.seconds:.0f}") for name, one in far.items()],
    )


app.command("draw")(draw)
app.command("try")(try_flow)
releases.install(app)


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of a flow document, for editors that check while one types."""
    from ivr.schema import flow_schema

    print_json(flow_schema())
