"""`cordboard demo`: starts everything, shows where to look, ends it, and closes the books."""

import os
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cordboard.cli.day_view import print_account, report
from cordboard.cli.demo.progress import tape
from cordboard.cli.demo.running import Demo, Plan
from cordboard.cli.live import Ports, found, programs, wait_until_up
from cordboard.cli.output import ERR, FOUND, UserError, print_figures
from cordboard.cli.ports import LOOPBACK, free_port, require_free
from cordboard.cli.processes import ProcessDied, Processes, end_with_signals
from cordboard.runtime.connection import Store, StoreError
from cordboard.runtime.embedded import EmbeddedRedis
from cordboard.runtime.recording import record_commands, record_journal
from cordboard.runtime.settings import Settings, SettingsError, load_settings
from simulator.scenario import Scenario, ScenarioError
from simulator.scenario_file import read_scenario


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where results go."""

    summary: Path | None
    journal: Path | None
    commands: Path | None
    is_headless: bool


EXAMPLE = Path(__file__).parents[3] / "examples/retail-bank"

SPEED_MAX = 60
"""Beyond this the machine's own delays are longer than a caller's patience."""


def demo(
    centre: Annotated[Path, typer.Option(help="Folder of the centre.")] = EXAMPLE,
    minutes: Annotated[
        float | None, typer.Option(help="Real minutes to run; without it until Ctrl-C.")
    ] = None,
    speed: Annotated[int, typer.Option(help="Modelled seconds in a real second.")] = 10,
    seed: Annotated[int, typer.Option(help="Decides who calls, when, and what they need.")] = 1,
    headless: Annotated[
        bool, typer.Option("--headless", help="Print no addresses; for scripts.")
    ] = False,
    kill_worker_every: Annotated[
        float, typer.Option(help="Kill the worker without warning, every so many real seconds.")
    ] = 0,
    port: Annotated[int, typer.Option(help="Port of the pages.")] = 8080,
    data: Annotated[Path, typer.Option(help="Folder for this run's data.")] = Path("data/demo"),
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the summary to this file.")
    ] = None,
    journal: Annotated[
        Path | None, typer.Option(help="Write the journal to this file, for `cordboard replay`.")
    ] = None,
    commands: Annotated[
        Path | None, typer.Option(help="Write the commands given to this file, likewise.")
    ] = None,
) -> None:
    """Run a whole centre with modelled callers and agents on this machine."""
    if not 1 <= speed <= SPEED_MAX:
        raise UserError(f"--speed is {speed}; it must be 1 to {SPEED_MAX}")
    if minutes is not None and not minutes > 0:
        raise UserError(f"--minutes is {minutes:g}; it must be above 0")
    if not headless:
        require_free(port, "--port")
    for option, path in (("--json", json_file), ("--journal", journal), ("--commands", commands)):
        _require_writable(option, path)
    ports = Ports(port if port and not headless else free_port(), free_port())
    folder = _prepared(data)
    plan = Plan(
        centre.resolve(), folder, minutes, speed, seed, kill_worker_every, ports, free_port()
    )
    try:
        settings = load_settings(plan.folder)
        scenario = read_scenario(plan.folder / "scenario.yaml").with_centre(settings.centre)
        problems = _run(plan, settings, scenario, Outputs(json_file, journal, commands, headless))
    except (SettingsError, ScenarioError, StoreError, ProcessDied) as error:
        raise UserError(str(error)) from error
    if problems:
        raise SystemExit(FOUND)


def _require_writable(option: str, path: Path | None) -> None:
    """Refuse a file that could not be written when the run is over.

    Raises:
        UserError: It is a folder, or there is no folder for it, or it is not ours to write.
    """
    if path is None:
        return
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UserError(
            f"{option} is {path}, which cannot be written; name a file in a folder that is there"
        )


def _prepared(folder: Path) -> Path:
    """Return the data folder, which is there and can be written.

    Raises:
        UserError: It cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "redis").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    return folder.resolve()


def _clear(folder: Path) -> None:
    """Remove what an earlier run has left; the folder must be held, and nobody be at work in it.

    Raises:
        UserError: It cannot be removed.
    """
    try:
        for pattern in ("*.log", "leads.sqlite*", "history.db*"):
            for old in folder.glob(pattern):
                old.unlink()
    except OSError as error:
        raise _unusable(folder, error) from error
    shutil.rmtree(folder / "archive", ignore_errors=True)


def _unusable(folder: Path, error: OSError) -> UserError:
    return UserError(
        f"cannot use {error.filename or folder} ({error.strerror}); name another folder with --data"
    )


def _run(plan: Plan, settings: Settings, scenario: Scenario, outputs: Outputs) -> tuple[str, ...]:
    """Run the demo from start to books; return what does not balance."""
    end_with_signals()
    with EmbeddedRedis(plan.data / "redis") as redis, Processes(plan.data) as processes:
        _clear(plan.data)
        store = Store(redis.url, settings.site)
        store.client().flushall()
        running = Demo(plan, settings, scenario, store)
        running.add_accounts()
        with tape(plan) as shown:
            shown.note("starting the live processes")
            found(running.environment())
            for program in programs(running.environment(), plan.ports):
                processes.start(program)
            wait_until_up(plan.ports, processes)
            if not outputs.is_headless:
                _announce(running)
            try:
                running.play(processes, shown)
            except KeyboardInterrupt:
                ERR.print(
                    "Ending: the last calls come to their end. Ctrl-C once more ends at once."
                )
            try:
                running.drain(processes, shown)
            finally:
                running.carrier.stop()
        account, problems = running.close_books()
        client, archive = store.client(timeout_s=5.0), plan.data / "archive"
        if outputs.journal is not None:
            record_journal(outputs.journal, store, client, archive)
        if outputs.commands is not None:
            record_commands(outputs.commands, store, client, archive)
    print_account(_title(plan, running), account, problems)
    if outputs.summary is not None:
        summary = report(plan.seed, account, problems)
        text = msgspec.json.format(msgspec.json.encode(summary), indent=2)
        outputs.summary.write_bytes(text + b"\n")
    return problems


def _title(plan: Plan, running: Demo) -> str:
    played = timedelta(milliseconds=running.played_ms)
    kills = f", worker killed {running.kill_count} times" if plan.kill_every_s else ""
    return f"{str(played).split('.')[0]} of the day from 10:00, seed {plan.seed}{kills}"


def _announce(running: Demo) -> None:
    base = f"http://{LOOPBACK}:{running.plan.ports.console}"
    print_figures(
        "The centre runs. Ctrl-C ends it.",
        {
            "wallboard": f"{base}/supervisor/",
            "sign in as": f"supervisor, password {running.password}",
            "an agent's desk": f"{base}/agent/",
            "sign in": f"as {next(iter(running.settings.endpoints))}, same password",
            "what happens": str(running.plan.data / "worker.log"),
        },
    )
