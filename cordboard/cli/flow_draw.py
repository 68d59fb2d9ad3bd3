"""`cordboard flow draw`: a call flow as a picture, and, of given calls, where callers went."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.flow_file import FlowFile, read_flow_file
from cordboard.cli.kept_walks import ways_of
from cordboard.cli.output import OUT, UserError

if TYPE_CHECKING:
    from ivr.drawing.parts import Way
    from ivr.flow import Flow

NO_RASTER = "PNG needs the extra `drawing`: pip install 'cordboard[drawing]'; .svg needs nothing"


def draw(
    file: FlowFile,
    out: Annotated[
        Path | None,
        typer.Option(help="A picture: .svg, .png or .mmd; without it, Mermaid is printed."),
    ] = None,
    walks: Annotated[
        Path | None,
        typer.Option(help="Finished calls, one JSON object a line: shows where callers went."),
    ] = None,
    history: Annotated[
        str, typer.Option(help="Database URL: shows where the callers of this version went.")
    ] = "",
) -> None:
    """Draw a flow as SVG, PNG or Mermaid text."""
    from ivr.drawing import mermaid

    flow = read_flow_file(file)
    if walks is not None and history:
        raise UserError("give --walks or --history: the same call in both would count twice")
    callers = _callers(walks, flow) if walks is not None else _kept_callers(history, flow)
    if out is None:
        print(mermaid(flow, callers), end="")
        return
    write = _WRITERS.get(out.suffix)
    if write is None:
        raise UserError(f"--out is {out}; its name must end in {' or '.join(_WRITERS)}")
    try:
        out.write_bytes(write(flow, callers))
    except OSError as error:
        raise UserError(f"cannot write {out}: {error.strerror}") from error
    OUT.print(f"Written: {out}", markup=False, soft_wrap=True)


def _callers(file: Path, flow: "Flow") -> "Mapping[Way, int]":
    """Count who went where; calls that came through none of these nodes are of another flow."""
    from ivr.drawing import callers_of
    from ivr.intents.walks import read_walks

    try:
        calls = read_walks(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        raise UserError(f"{file}: {error}") from error
    counted = callers_of(call.way for call in calls)
    if not any(source in flow.nodes and target in flow.nodes for source, target in counted):
        raise UserError(f"{file} holds no call that went through this flow, with its `way`")
    return counted


def _kept_callers(history: str, flow: "Flow") -> "Mapping[Way, int]":
    """Count who went where, as history has it; without a history, nobody."""
    from ivr.drawing import callers_of

    return callers_of(ways_of(history, flow)) if history else {}


def _svg(flow: "Flow", callers: "Mapping[Way, int]") -> bytes:
    from ivr.drawing import svg

    return svg(flow, callers).encode()


def _png(flow: "Flow", callers: "Mapping[Way, int]") -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ModuleNotFoundError:
        raise UserError(NO_RASTER) from None
    return bytes(svg_to_bytes(svg_string=_svg(flow, callers).decode()))


def _mermaid(flow: "Flow", callers: "Mapping[Way, int]") -> bytes:
    from ivr.drawing import mermaid

    return mermaid(flow, callers).encode()


_WRITERS: "Mapping[str, Callable[[Flow, Mapping[Way, int]], bytes]]" = {
    ".svg": _svg,
    ".png": _png,
    ".mmd": _mermaid,
}
"""How a picture is written, by the end of its name."""
