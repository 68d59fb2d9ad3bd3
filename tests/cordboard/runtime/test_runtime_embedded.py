"""The embedded Redis: private, locked, cleaned up after, started again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from cordboard.runtime.connection import Store, StoreError, check_reachable
from cordboard.runtime.embedded import EmbeddedRedis, find_server


def until(holds, within_s=20.0):
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_server_keeps_what_was_acknowledged_and_nobody_else_gets_in(tmp_path):
    with EmbeddedRedis(tmp_path / "redis") as server:
        Store(server.url, "s").client().set("key", "value")
        socket = tmp_path / "redis" / "redis.sock"
        assert (tmp_path / "redis").stat().st_mode & 0o777 == 0o700
        assert socket.stat().st_mode & 0o777 == 0o700
    with EmbeddedRedis(tmp_path / "redis") as server:
        assert Store(server.url, "s").client().get("key") == b"value"


def test_server_that_was_killed_is_started_again_with_its_data(tmp_path):
    with EmbeddedRedis(tmp_path / "redis") as server:
        client = Store(server.url, "s").client(timeout_s=5.0)
        client.set("key", "value")
        before = server.pid
        os.kill(before, signal.SIGKILL)
        until(lambda: server.pid != before)
        until(lambda: _value(client) == b"value")


def _value(client):
    try:
        return client.get("key")
    except redis.RedisError:
        return None


def test_server_of_a_crashed_predecessor_is_ended_first(tmp_path):
    program = (
        "import os; from pathlib import Path; from cordboard.runtime.embedded import EmbeddedRedis;"
        f"s = EmbeddedRedis(Path({str(tmp_path / 'redis')!r})).start();"
        "print(s.pid, flush=True); os._exit(9)"
    )
    crashed = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    left = int(crashed.stdout)
    with EmbeddedRedis(tmp_path / "redis") as server:
        assert server.pid != left
        until(lambda: not _is_alive(left))


def _is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_folder_in_use_is_refused_in_one_line(tmp_path):
    second = EmbeddedRedis(tmp_path / "redis")
    holder = f"process {os.getpid()} uses the data folder"
    with EmbeddedRedis(tmp_path / "redis"), pytest.raises(StoreError, match=holder):
        second.start()


def test_folder_that_cannot_be_written_is_refused_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be written .*choose another with CORDBOARD_DATA"):
        EmbeddedRedis(tmp_path / "file" / "redis").start()


def test_long_path_gets_a_socket_elsewhere(tmp_path):
    folder = tmp_path / ("long-" * 20) / "redis"
    with EmbeddedRedis(folder) as server:
        check_reachable(Store(server.url, "s"))
        assert str(tmp_path) not in server.url


def test_missing_server_says_what_to_install(monkeypatch):
    monkeypatch.setattr("cordboard.runtime.embedded.shutil.which", lambda name: None)
    monkeypatch.setattr("cordboard.runtime.embedded.find_spec", lambda name: None)
    with pytest.raises(StoreError, match="apt install redis-server"):
        find_server()


def test_store_that_is_not_there_is_one_line_without_its_password(tmp_path):
    with pytest.raises(StoreError, match=r"no Redis at redis://127\.0\.0\.1:1") as told:
        check_reachable(Store("redis://user:hunter2@127.0.0.1:1/0", "s"))
    assert "hunter2" not in str(told.value)
    assert "\n" not in str(told.value)
