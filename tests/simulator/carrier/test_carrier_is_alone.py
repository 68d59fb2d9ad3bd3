"""The stand-in imports nothing of the rest of the house, not even its neighbours."""

import ast
from pathlib import Path

import simulator.carrier

OURS = ("acd", "ivr", "dialer", "simulator", "webhooks", "cordboard")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_nothing_of_ours_is_imported():
    files = sorted(Path(simulator.carrier.__file__).parent.rglob("*.py"))
    assert len(files) > 30
    foreign = [
        (path.name, name)
        for path in files
        for name in imported(path)
        if name.partition(".")[0] in OURS and not name.startswith("simulator.carrier")
    ]
    assert foreign == []
