"""`cordboard replay`: a recorded journal through the same centre, byte for byte.

Prints digests of the state and of the commands, which must be the same wherever and whenever the
journal is replayed, and the measures of the recorded time. With `--commands` what the live centre
ordered is compared with what is ordered now, one by one.

With `--lives` (or `--report`, which shows it) the recorded people are let live the day again in the
twin, several times: does it come out as it was (fidelity)? With `--policy` or `--staffing` they do
so under other settings or other shifts as well, and the difference is told with its interval.
"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from cordboard.cli.day_view import print_account
from cordboard.cli.output import ERR, FOUND, OUT, UserError, print_figures, print_json
from cordboard.cli.relived import Wishes, relive_journal
from cordboard.cli.study_file import ReportFiles, check_report_files

LIVES = 20

if TYPE_CHECKING:
    from simulator.replay import Fidelity


def replay(
    journal: Annotated[Path, typer.Argument(help="A journal file, one entry a line.")],
    commands: Annotated[
        Path | None, typer.Option(help="A file of the commands the live centre gave.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="Live the day again under this centre's settings too.")
    ] = None,
    staffing: Annotated[
        Path | None, typer.Option(help="Live the day again with this scenario's agents too.")
    ] = None,
    lives: Annotated[
        int | None, typer.Option(help="How often the day is lived again; 20 with the above.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of what the journal does not know.")] = 1,
    workers: Annotated[int, typer.Option(help="Processes to use.")] = 1,
    time_zone: Annotated[str, typer.Option(help="In which the day begins.")] = "UTC",
    report: ReportFiles = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fold a journal through the centre; exit code 1 if it now orders something else."""
    files = check_report_files(report)
    if lives is not None or policy is not None or staffing is not None or files:
        wishes = Wishes(
            policy=policy,
            staffing=staffing,
            lives=LIVES if lives is None else lives,
            seed=seed,
            workers=workers,
            time_zone=time_zone,
            report=files,
        )
        relive_journal(journal, wishes, as_json=as_json)
        return
    _fold(journal, commands, as_json=as_json)


def _fold(journal: Path, commands: Path | None, *, as_json: bool) -> None:
    from acd.messages import EngineError
    from cordboard.runtime.archive import read_entries
    from cordboard.runtime.recording import read_commands
    from simulator.replay import Ordered
    from simulator.replay import replay as fold

    try:
        recorded = None
        if commands is not None:
            recorded = [
                Ordered(one.entry_id, one.ordinal, one.type, one.facts)
                for one in read_commands(commands)
            ]
        fidelity = fold(read_entries(journal), recorded=recorded)
        if not fidelity.entries:
            raise UserError(f"{journal} is empty; a journal begins with its first leader")
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise UserError(str(error)) from error
    except EngineError as error:
        raise UserError(f"{journal}: {error}; this is no whole journal") from error
    if as_json:
        print_json(asdict(fidelity) | {"figures": fidelity.account.figures()})
    else:
        print_account(str(journal), fidelity.account, fidelity.problems)
        print_figures(
            "Replayed",
            {
                "entries": str(fidelity.entries),
                "told twice": str(fidelity.duplicates),
                "put aside": str(fidelity.quarantined),
                "commands": str(fidelity.commands),
                "compared with the live centre's": _compared(recorded, fidelity.difference),
                "answers of pacers, given again": _given_again(fidelity),
            },
        )
        OUT.print(f"commands, SHA-256: {fidelity.commands_digest}", soft_wrap=True)
        OUT.print(f"state, SHA-256:    {fidelity.state_digest}", soft_wrap=True)
    if _has_findings(fidelity):
        raise SystemExit(FOUND)


def _has_findings(fidelity: "Fidelity") -> bool:
    """Say what is not as it was recorded; a pacer's change of mind is told but is no finding."""
    if fidelity.difference:
        ERR.print(f"[red]differs:[/] {escape(fidelity.difference)}", soft_wrap=True)
    if fidelity.paced_otherwise:
        ERR.print(f"[yellow]paced otherwise:[/] {escape(fidelity.paced_otherwise)}", soft_wrap=True)
    if fidelity.quarantined:
        ERR.print(f"[red]put aside:[/] {fidelity.quarantined} entries that cannot be")
    return bool(fidelity.difference or fidelity.quarantined)


def _given_again(fidelity: "Fidelity") -> str:
    return f"{fidelity.paced}, {'one differs' if fidelity.paced_otherwise else 'all equal'}"


def _compared(recorded: object, difference: str) -> str:
    if recorded is None:
        return "not asked for"
    return "differs" if difference else "all equal"
