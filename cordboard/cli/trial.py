"""`cordboard flow try`: a caller's way through a flow, typed at the terminal or read from a pipe.

What an author types is what `ivr.trial` says it stands for: keys, words, silence, `[hang up]`. The
end of the input, and Ctrl-C, are the caller hanging up. The whole call happens at one instant, so
that opening hours can be tried for any day.
"""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer

from cordboard.cli.flow_file import FlowFile, read_understanding_flow
from cordboard.cli.output import OUT, UserError

if TYPE_CHECKING:
    from ivr.flow import Flow
    from ivr.session import Session

HANG_UP = "[hang up]"
NUMBER = "+14155550100"
"""A number nobody has: what the flow is told when no other is given."""


def try_flow(
    file: FlowFile,
    at: Annotated[
        str, typer.Option(help="When the call comes, as 2026-11-23T10:00 in the flow's zone; now.")
    ] = "",
    caller: Annotated[
        list[str] | None,
        typer.Option(help="Something known of the caller, as segment=gold; may be repeated."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="A file of finished calls to add this one to, as JSON.")
    ] = None,
) -> None:
    """Walk a flow: 5 presses a key, an empty line is silence, anything else is spoken."""
    flow = read_understanding_flow(file)
    zone = flow.document.zone
    at_ms = _instant_ms(at, zone)
    moment = datetime.fromtimestamp(at_ms / 1_000, ZoneInfo(zone))
    _print(f"[the call comes on {moment:%A %Y-%m-%d %H:%M}, {zone}]", style="dim")
    session = _walk(flow, at_ms, _known(caller or []))
    _print("\nWhat the agent would see:")
    for entry in session.trail:
        _print(f"  {entry.node}: {entry.kind} {entry.text}")
    if record is not None:
        _record(session, record)


def _record(session: "Session", file: Path) -> None:
    """Add a call to a file that `flow draw --walks` and `intents learn` read."""
    walk = {"call": session.call, "trail": session.trail, "way": session.way}
    try:
        with file.open("ab") as lines:
            lines.write(msgspec.json.encode(walk) + b"\n")
    except OSError as error:
        raise UserError(f"cannot write {file}: {error.strerror}") from error


def _instant_ms(at: str, zone: str) -> int:
    from cordboard.runtime.clock import LiveClock

    if not at:
        return LiveClock().wall_ms()
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        raise UserError(f"--at is {at}; write a day and a time such as 2026-11-23T10:00") from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=ZoneInfo(zone))
    return int(instant.timestamp() * 1_000)


def _known(pairs: list[str]) -> dict[str, str]:
    known = {"number": NUMBER}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise UserError(f"--caller is {pair}; write name=value, such as segment=gold")
        known[name] = value
    return known


def _walk(flow: "Flow", at_ms: int, caller: Mapping[str, str]) -> "Session":
    """Answer what is typed until the call ends; a flow's limit of turns bounds it."""
    from ivr.inputs import Input, Started
    from ivr.interpreter import advance
    from ivr.session import new_session
    from ivr.steps import HangUp, Reject, ending_of
    from ivr.trial import shown, typed

    session = new_session(
        call="trial", flow=flow.name, version=flow.version, language=flow.first_language
    )
    given: Input = Started(at_ms=at_ms, caller=caller)
    while True:
        session, steps = advance(flow, session, given)
        for line in shown(steps):
            _print(line, style="dim" if line.startswith("[") else "")
        ending = ending_of(steps)
        if isinstance(ending, HangUp | Reject):
            return session
        given = typed(_line_typed(session.node), after=ending, at_ms=at_ms)


def _line_typed(node: str) -> str:
    """Ask for a line, with the node the caller is at; what comes from a pipe is shown as well."""
    try:
        line = input(f"{node}> ")
    except (EOFError, KeyboardInterrupt):
        _print(HANG_UP)
        return HANG_UP
    if not sys.stdin.isatty():
        _print(line)
    return line


def _print(line: str, style: str = "") -> None:
    OUT.print(line, style=style, markup=False, soft_wrap=True)
