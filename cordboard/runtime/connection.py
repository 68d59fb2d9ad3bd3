"""Connections to the site's Redis, and how its troubles are told.

The client library's own retries are off everywhere: measured on redis-py 8.1, a server that stood
still for 1.2 s during one append made its default client append twice and report one. Whoever may
repeat something here does so knowingly, with the same append id or the same key.

A `Store` is an address and a name; it can be handed to another process. Connections are made from
it by `client`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from cordboard.runtime.keys import Keys

WEB_TIMEOUT_S = 0.5
"""A caller hears silence while a webhook is answered: better a comfort message than a long wait."""

WORKER_TIMEOUT_S = 5.0
"""The worker waits longer: giving up costs it a new epoch."""

VERSION_MIN = (6, 2)
"""`XADD ... MINID` and `XTRIM ... MINID` came with Redis 6.2."""

Client = redis.Redis


class StoreError(Exception):
    """The store cannot be used as set up; the operator must change something."""


class StoreDown(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The store does not answer now, or refuses; whether it did what was asked is not known."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where a site's Redis is."""

    url: str
    site: str

    @property
    def keys(self) -> Keys:
        """The names of the site's keys."""
        return Keys(self.site)

    def client(self, *, timeout_s: float = WEB_TIMEOUT_S) -> Client:
        """Make a client: bytes in and out, no retries, no wait longer than `timeout_s`."""
        return redis.Redis.from_url(
            self.url,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            retry=Retry(NoBackoff(), 0),
        )


@contextmanager
def telling_downs() -> Iterator[None]:
    """Turn whatever a store in trouble raises into `StoreDown`.

    Answers that refuse a write (disk full, no replica, a read-only replica, still loading) count
    as down too: none of them is the asker's mistake, and all of them pass.
    """
    try:
        yield
    except (redis.ConnectionError, redis.TimeoutError) as error:
        raise StoreDown(f"Redis does not answer: {error}") from error
    except redis.ResponseError as error:
        if not _is_refusal(str(error)):
            raise
        raise StoreDown(f"Redis refuses: {error}") from error


def _is_refusal(answer: str) -> bool:
    """Tell a server that cannot now from a command that is wrong.

    Inside a script the refusal is wrapped in the script's own error, so the word may stand
    anywhere.
    """
    words = ("MISCONF", "NOREPLICAS", "READONLY", "LOADING", "OOM", "CLUSTERDOWN", "MASTERDOWN")
    return any(word in answer for word in words) or "used memory" in answer


def check_reachable(store: Store) -> None:
    """Make sure that the store answers and is new enough.

    Raises:
        StoreError: It does not; one line says what was tried and what would be right.
    """
    place = _without_password(store.url)
    try:
        with store.client(timeout_s=WORKER_TIMEOUT_S) as client:
            version = str(client.info("server")["redis_version"])
    except (redis.RedisError, ValueError, OSError) as error:
        raise StoreError(
            f"no Redis at {place} ({_first_line(error)}); start one there, correct REDIS_URL, or"
            " unset it to use the one that comes with Cordboard"
        ) from error
    if tuple(int(part) for part in version.split(".")[:2]) < VERSION_MIN:
        raise StoreError(f"the Redis at {place} is version {version}; 6.2 or newer is needed")


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
