"""`--report`: a study as files, a page, a table or JSON by the file's ending.

All commands that make a study take the same option, as often as wanted, so one run can leave the
page for people and the figures for programs. What made the study is written into it: the command
as it could be typed again, without what changes nothing in the result.
"""

import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.output import UserError, write_file

if TYPE_CHECKING:
    from simulator.report import AnyStudy, Origin

ENDINGS = (".html", ".csv", ".json")

ReportFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--report",
        help="Write the study to this file: a page (.html), a table (.csv) or all of it (.json);"
        " may be given again.",
    ),
]
"""The option, for every command that makes a study."""

_NO_MATTER = {
    "--report": True,
    "--out": True,
    "--roster": True,
    "--workers": True,
    "--dask": True,
    "--json": False,
}
"""Options that leave the study as it is, and whether a value follows."""

_PROGRAMS = ("cordboard", "main.py")
"""Names under which the command line runs; anything else is another program that calls us."""

_PASSWORD = re.compile(r"(://[^:/@\s]*):[^@/\s]*@")


def check_report_files(files: list[Path] | None) -> tuple[Path, ...]:
    """Return the files of `--report`, before any work is done for them.

    Raises:
        UserError: An ending names no way to write a study.
    """
    for file in files or ():
        if file.suffix.lower() not in ENDINGS:
            raise UserError(f"--report is {file}; its name must end in {', '.join(ENDINGS)}")
    return tuple(files or ())


def write_study(study: "AnyStudy", files: tuple[Path, ...]) -> None:
    """Write a study to files, each by its ending.

    Raises:
        UserError: A file cannot be written.
    """
    from simulator.report import study_csv, study_json, study_page

    spellings = {".html": study_page, ".csv": study_csv, ".json": study_json}
    for file in files:
        write_file(file, spellings[file.suffix.lower()](study))


def origin(seed: int | None) -> "Origin":
    """Return what made a study: the running command, and the seed it used."""
    from simulator.report import Origin

    is_ours = Path(sys.argv[0]).name in _PROGRAMS
    return Origin(command=command_line(sys.argv[1:]) if is_ours else "", seed=seed)


def command_line(words: Sequence[str]) -> str:
    """Return a command as it would be typed, without the options that leave the result as it is.

    A password in the address of a database is left out.

    Example:
        >>> command_line(["simulate", "my bank", "--days", "20", "--report", "day.html"])
        "cordboard simulate 'my bank' --days 20"
    """
    told, is_skipped = ["cordboard"], False
    for word in words:
        name = word.partition("=")[0]
        if is_skipped or name in _NO_MATTER:
            is_skipped = not is_skipped and _NO_MATTER.get(word, False)
        else:
            told.append(_PASSWORD.sub(r"\1:***@", word))
    return shlex.join(told)
