"""What commands print: tables for people, JSON for programs, one line for a problem."""

import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Never, TextIO

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

WRONG_USE = 2
FOUND = 1

PIPED_WIDTH = 120
"""Columns of tables that go to a file or another program; a terminal has a width of its own."""

OUT = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
ERR = Console(stderr=True, highlight=False)

NOTHING = "-"
"""What stands where nothing was there to measure."""


class UserError(Exception):
    """Whoever called the command must change something: the message says what.

    Raised with one sentence that names what is wrong, where, and what would be right.
    """


def print_json(result: object) -> None:
    """Print a result as JSON text."""
    text = msgspec.json.format(msgspec.json.encode(result), indent=2)
    OUT.out(text.decode(), highlight=False)


def print_figures(title: str, figures: Mapping[str, str]) -> None:
    """Print named figures, one a line."""
    table = Table(title=title, show_header=False, box=None, title_justify="left", pad_edge=False)
    table.add_column(style="dim")
    table.add_column(justify="right", overflow="fold")
    for name, value in figures.items():
        table.add_row(name, value)
    OUT.print(table)


def print_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; the first column is text, the others are figures."""
    OUT.print(f"[italic]{escape(title)}[/]", soft_wrap=True)  # a table would wrap its own title
    table = Table(box=None, pad_edge=False, header_style="dim")
    for index, name in enumerate(head):
        table.add_column(name, justify="left" if index == 0 else "right")
    for row in rows:
        table.add_row(*row)
    OUT.print(table)


def write_file(path: Path, text: str) -> None:
    """Write a result to a file.

    Raises:
        UserError: It cannot be written there.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from error


def percent(share: float | None) -> str:
    """Write a share (0..1) in percent."""
    return NOTHING if share is None else f"{100 * share:.1f} %"


def seconds(value: float | None) -> str:
    """Write a time in seconds."""
    return NOTHING if value is None else f"{value:.1f} s"


OURS = ("acd.", "cordboard.", "dialer.", "ivr.", "simulator.", "webhooks.")
"""Where warnings come from that are written for people."""


def tell_warnings() -> None:
    """From now on print our own warnings as one sentence, without the place in the program.

    Those of libraries keep their place: whoever develops needs it.
    """
    others = warnings.showwarning

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if category.__module__.startswith(OURS):
            ERR.print(f"[yellow]note:[/] {escape(str(message))}", soft_wrap=True)
        else:
            others(message, category, filename, lineno, file, line)

    warnings.showwarning = show


def stop(problem: str, code: int = WRONG_USE) -> Never:
    """Print a problem in one line and end the program."""
    ERR.print(f"[bold red]cordboard:[/] {escape(problem)}", soft_wrap=True)
    raise SystemExit(code)
