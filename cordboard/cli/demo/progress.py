"""What is seen while the demo runs: how far the day is, and what has happened so far."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn

from cordboard.cli.demo.running import BEGINS_AT_S, Plan, Tape
from cordboard.cli.output import ERR
from simulator.books import Books


class _Bar:
    """A progress bar of the modelled day."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar = bar
        self._task = task

    def show(self, played_ms: int, books: Books, restarts: int) -> None:
        """Show how far the window has gone by."""
        answered, abandoned = (books.calls.get(end, 0) for end in ("connected", "abandoned"))
        parts = [f"{books.calls_opened} calls", f"{answered} answered", f"{abandoned} abandoned"]
        parts.append(f"{books.dials_placed} dials")
        if restarts:
            parts.append(f"worker restarted {restarts} times")
        hours, minutes = divmod((BEGINS_AT_S * 1_000 + played_ms) // 60_000, 60)
        self._bar.update(
            self._task,
            completed=played_ms,
            description=f"{hours:02}:{minutes:02}",
            counts=", ".join(parts),
        )

    def note(self, what: str) -> None:
        """Say what is being done now."""
        self._bar.update(self._task, counts=what)


@contextmanager
def tape(plan: Plan) -> Iterator[Tape]:
    """Show progress on standard error while the block runs."""
    total = None if plan.minutes is None else plan.minutes * 60_000 * plan.speed
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[counts]}"))
    with Progress(*columns, console=ERR, transient=True) as bar:
        yield _Bar(bar, bar.add_task("10:00", total=total, counts=""))
