"""Processes: started together, watched, ended together, and cleaned up after a crash."""

import signal
import subprocess
import sys

import psutil
import pytest
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError
from cordboard.cli.processes import QUICK_DEATHS_MAX, ProcessDied, Processes, Program, end_leftovers
from cordboard.runtime.embedded import EmbeddedRedis

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
QUITTER = [sys.executable, "-c", "raise SystemExit(3)"]


def pid_of(processes, name):
    return processes._running[name][1].pid


def test_stopping_ends_every_process(tmp_path):
    with Processes(tmp_path) as processes:
        processes.start(Program("one", SLEEPER))
        processes.start(Program("two", SLEEPER))
        pids = [pid_of(processes, "one"), pid_of(processes, "two")]
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not (tmp_path / "processes.json").exists()


def test_dead_process_that_must_run_is_reported_with_its_log(tmp_path):
    with Processes(tmp_path) as processes:
        processes.start(Program("web", QUITTER))
        processes._running["web"][1].wait(30)
        with pytest.raises(ProcessDied, match=r"web ended with code 3.*web\.log"):
            processes.watch()


def test_process_that_cannot_stay_up_is_given_up_with_its_log(tmp_path):
    with Processes(tmp_path) as processes:
        processes.start(Program("web", QUITTER, restarts=True))
        for _ in range(QUICK_DEATHS_MAX):
            processes._running["web"][1].wait(30)
            processes.watch()
        processes._running["web"][1].wait(30)
        with pytest.raises(ProcessDied, match=r"web\.log"):
            processes.watch()


def test_killed_process_that_may_restart_is_started_again(tmp_path):
    with Processes(tmp_path) as processes:
        processes.start(Program("worker", SLEEPER, restarts=True))
        first = pid_of(processes, "worker")
        processes.kill("worker")
        processes.watch()
        assert pid_of(processes, "worker") != first
        assert processes.restart_count == 1


CRASH = """
import os, sys
from pathlib import Path
from cordboard.cli.processes import Processes, Program
processes = Processes(Path(sys.argv[1]))
processes.start(Program("worker", [sys.executable, "-c", "import time; time.sleep(600)"]))
print(processes._running["worker"][1].pid, flush=True)
os._exit(1)
"""


def test_next_start_ends_what_a_crash_left_behind(tmp_path):
    crashed = subprocess.run(
        [sys.executable, "-c", CRASH, str(tmp_path)], stdout=subprocess.PIPE, check=False
    )
    orphan = psutil.Process(int(crashed.stdout))
    assert end_leftovers(tmp_path) == 1
    orphan.wait(30)
    assert end_leftovers(tmp_path) == 0


def test_process_id_given_to_somebody_else_is_left_alone(tmp_path):
    other = subprocess.Popen(SLEEPER)
    try:
        (tmp_path / "processes.json").write_text(f'{{"{other.pid}": 1.0}}')
        assert end_leftovers(tmp_path) == 0
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_second_demo_on_the_same_folder_leaves_the_first_alone(tmp_path):
    data = tmp_path / "data"
    with EmbeddedRedis(data / "redis"), Processes(data) as processes:
        processes.start(Program("worker", SLEEPER))
        outcome = CliRunner().invoke(app, ["demo", "--headless", "--data", str(data)])
        assert isinstance(outcome.exception, UserError)
        assert "uses the data folder" in str(outcome.exception)
        processes.watch()
        assert (data / "worker.log").exists()


SIGNALLED = """
import sys, time
from pathlib import Path
from cordboard.cli.processes import Processes, Program, end_with_signals
end_with_signals()
with Processes(Path(sys.argv[1])) as processes:
    processes.start(Program("worker", [sys.executable, "-c", "import time; time.sleep(600)"]))
    print(processes._running["worker"][1].pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_process_told_to_end_takes_with_it_what_it_started(tmp_path, number):
    words = [sys.executable, "-c", SIGNALLED, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.send_signal(number)
        assert parent.wait(60) == 128 + number
    assert not psutil.pid_exists(worker)


@pytest.mark.parametrize("option", ["--json", "--journal", "--commands"])
def test_demo_refuses_a_result_file_it_could_not_write_before_it_starts(tmp_path, option):
    words = ["demo", "--headless", "--data", str(tmp_path / "data"), option]
    outcome = CliRunner().invoke(app, [*words, str(tmp_path / "nowhere" / "result")])
    assert isinstance(outcome.exception, UserError)
    assert f"{option} is" in str(outcome.exception)
    assert not (tmp_path / "data").exists()
