"""Compiles the centre and the twin to C, into a folder of its own beside the source.

    python -m tools.compiled .compiled
    PYTHONPATH=.compiled cordboard simulate scenario.yaml

The folder holds a copy of all our packages in which the modules of `MODULES` are compiled by mypyc
(which comes with mypy). Nothing ever needs it: the same source runs in the interpreter, more slowly
and to the same byte. It needs a C compiler and some two minutes of processor time.

Only typed modules without numpy or IO are compiled, and of those the ones that a simulated day
spends its time in. Before that, `tools.native_source` says in their text what mypyc must be told.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tools.native_source import native_source

ROOT = Path(__file__).parents[1]
PACKAGES = ("acd", "ivr", "dialer", "simulator", "webhooks", "cordboard")

MODULES = (
    "acd/*.py",
    "acd/engine/*.py",
    "acd/routing/*.py",
    "dialer/*.py",
    *(
        f"simulator/{name}.py"
        for name in ("books", "callers", "customers", "staff", "timers", "world")
    ),
    "simulator/outbound.py",
)
"""What is compiled, as patterns under the root."""

INTERPRETED = frozenset(
    {"codec.py", "invariants.py", "messages.py", "replay.py", "settings.py", "snapshot.py"}
)
"""Modules of those folders that stay as they are: they look at classes, or run now and then."""


class CompileError(Exception):
    """mypyc or the C compiler could not do it; the text is theirs."""


def copy_into(folder: Path) -> list[str]:
    """Copy our packages, with what mypyc must be told; what the folder held before goes.

    Returns:
        The modules to be compiled, as paths under the folder.

    Raises:
        UnreadableError: A declaration is of a kind that `tools.native_source` does not know.
    """
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    paths = modules_in(folder)
    for path in paths:
        path.write_text(native_source(path.read_text()))
    return [str(path.relative_to(folder)) for path in paths]


def compile_into(folder: Path) -> None:
    """Make a compiled copy of our packages; what the folder held before goes.

    Raises:
        CompileError: The machine has no C compiler, or the source has what mypyc cannot take.
    """
    names = copy_into(folder)
    (folder / "mypy.ini").write_text("[mypy]\nignore_missing_imports = True\n")
    made = subprocess.run(  # noqa: S603  (mypyc of this environment, on names of ours)
        [sys.executable, "-m", "mypyc", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise CompileError(f"{made.stdout}\n{made.stderr}")
    shutil.rmtree(folder / "build")


def modules_in(folder: Path) -> list[Path]:
    """Return the modules to compile under a folder, in order."""
    found = {path for pattern in MODULES for path in folder.glob(pattern)}
    return sorted(path for path in found if path.name not in INTERPRETED)


if __name__ == "__main__":
    try:
        compile_into(Path(sys.argv[1]).resolve())
    except CompileError as error:
        sys.exit(f"not compiled: {error}")
