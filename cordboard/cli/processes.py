"""The processes of a running centre: started together, watched, ended together.

Every process started here is written down in the data folder with its start time, so that the next
start can end what a crash has left behind, and nothing else: a process id that was given away again
has another start time. Processes get their own group each, so that a Ctrl-C in the terminal reaches
the parent alone, which ends them in order.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Never, Self

import msgspec
import psutil

REGISTER = "processes.json"
QUICK_S = 15.0
"""A process that lives shorter than this has not come up."""

QUICK_DEATHS_MAX = 3
"""So often in a row may a process fail to come up before it is given up."""

PATIENCE_S = 10.0
"""How long a process may take to end after SIGTERM; then it is killed."""

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""What a service manager and a closing terminal send."""


class ProcessDied(Exception):  # noqa: N818  (a fact, not a mistake)
    """A process that must run has ended by itself."""


@dataclass(frozen=True, slots=True)
class Program:
    """One process to run."""

    name: str
    words: Sequence[str]  #: the command line
    environment: Mapping[str, str] = field(default_factory=dict)  #: added to our own
    restarts: bool = False  #: whether its death is mended by starting it again


class Processes:
    """The running processes of one data folder; a context manager that ends them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._register = folder / REGISTER
        self._running: dict[str, tuple[Program, psutil.Popen]] = {}
        self._quick_deaths: dict[str, int] = {}  #: in a row, by program
        self.restart_count = 0
        end_leftovers(folder)

    def start(self, program: Program) -> None:
        """Start a program; what it prints goes to `<name>.log` in the data folder."""
        log = (self._folder / f"{program.name}.log").open("ab")
        with log:
            process = psutil.Popen(
                list(program.words),
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running[program.name] = (program, process)
        self._write_register()

    def watch(self) -> None:
        """Start again what died and may be restarted.

        Raises:
            ProcessDied: Another one died, or one that cannot stay up; the message says which and
                where its log is.
        """
        for name, (program, process) in list(self._running.items()):
            code = process.poll()
            if code is None:
                continue
            is_quick = time.time() - process.create_time() < QUICK_S
            self._quick_deaths[name] = self._quick_deaths.get(name, 0) + 1 if is_quick else 0
            if not program.restarts or self._quick_deaths[name] > QUICK_DEATHS_MAX:
                log = self._folder / f"{name}.log"
                raise ProcessDied(f"{name} ended with code {code}; its last words are in {log}")
            self.restart_count += 1
            self.start(program)

    def kill(self, name: str) -> None:
        """Kill one process without warning, as a crash would."""
        self._running[name][1].send_signal(signal.SIGKILL)
        self._running[name][1].wait()

    def stop(self) -> None:
        """End all, the last started first; kill what does not end in time."""
        for _, process in reversed(self._running.values()):
            _end(process)
        self._running.clear()
        self._register.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _write_register(self) -> None:
        started = {str(process.pid): process.create_time() for _, process in self._running.values()}
        self._register.write_bytes(msgspec.json.encode(started))


def python(module: str, *words: str) -> list[str]:
    """Return the command line that runs a module of ours in this same environment."""
    return [sys.executable, "-m", module, *words]


def end_with_signals() -> None:
    """Make SIGTERM and SIGHUP end this process as an error does, so that what it started ends too.

    By default they end it on the spot. A second signal does not interrupt the ending.
    """

    def end(number: int, _frame: object) -> Never:
        for one in ENDING:
            signal.signal(one, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for one in ENDING:
        signal.signal(one, end)


def end_leftovers(folder: Path) -> int:
    """End the processes that an earlier run of this data folder has left behind.

    Returns:
        How many there were.
    """
    register = folder / REGISTER
    if not register.exists():
        return 0
    started = msgspec.json.decode(register.read_bytes(), type=dict[str, float])
    count = 0
    for pid, created in started.items():
        try:
            process = psutil.Process(int(pid))
            is_ours = abs(process.create_time() - created) < 1.0
        except psutil.NoSuchProcess:
            continue
        if is_ours:
            _end(process)
            count += 1
    register.unlink()
    return count


def _end(process: psutil.Process) -> None:
    try:
        family = [process, *process.children(recursive=True)]
        process.terminate()
        _, alive = psutil.wait_procs([process], timeout=PATIENCE_S)
        left = alive or [child for child in family[1:] if child.is_running()]
        for straggler in left:
            straggler.kill()
        psutil.wait_procs(left, timeout=PATIENCE_S)
    except psutil.NoSuchProcess:
        return
