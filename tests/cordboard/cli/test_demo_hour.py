"""The demo from end to end: real processes, a killed worker, books that balance, a replay."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def cordboard(*words, program="cordboard.cli.main", **environment):
    return subprocess.run(
        [sys.executable, "-m", program, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=420,
        check=False,
    )


@pytest.fixture(scope="module")
def hour(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    outcome = cordboard(
        *("demo", "--headless", "--minutes", "0.5", "--speed", "20", "--seed", "7"),
        *("--kill-worker-every", "12", "--data", folder / "data"),
        *("--json", folder / "summary.json"),
        *("--journal", folder / "journal.jsonl", "--commands", folder / "commands.jsonl"),
        program="tests.contract.witnessed",
    )
    return folder, outcome


def test_books_balance_although_the_worker_was_killed(hour):
    folder, outcome = hour
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["problems"] == []
    assert summary["balances"]
    assert sum(summary["calls"].values()) > 0
    assert sum(summary["dials"].values()) > 0
    assert "worker killed" in outcome.stdout


def test_nothing_is_left_running(hour):
    folder, _ = hour
    assert not (folder / "data/processes.json").exists()


def test_replay_gives_the_same_state_and_commands_under_two_hash_seeds(hour):
    folder, _ = hour
    words = (
        *("replay", folder / "journal.jsonl"),
        *("--commands", folder / "commands.jsonl", "--json"),
    )
    once, again = (cordboard(*words, PYTHONHASHSEED=seed) for seed in ("0", "1"))
    assert once.returncode == 0, once.stderr
    assert once.stdout == again.stdout
    replayed = json.loads(once.stdout)
    assert replayed["difference"] == ""
    assert replayed["paced"] > 0
    assert replayed["paced_otherwise"] == "", "a pacer answers otherwise than it did live"


def test_tampered_journal_is_found_out(hour, tmp_path):
    folder, _ = hour
    lines = (folder / "journal.jsonl").read_text().splitlines()
    kept = [line for line in lines if '"CallQueued"' not in line]
    assert len(kept) < len(lines)
    (tmp_path / "other.jsonl").write_text("\n".join(kept) + "\n")
    outcome = cordboard("replay", tmp_path / "other.jsonl", "--commands", folder / "commands.jsonl")
    assert outcome.returncode == 1
    assert "differs" in outcome.stderr
