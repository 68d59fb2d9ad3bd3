"""Counts of requests that all web processes share, so that four processes allow no fourfold rate.

The counts lie in the site's store, each for the minute it is about. While the store is down every
process counts for itself: a limit that is too wide for a while, rather than nobody let in.

What is counted under a name is the caller's business; it should not be something people typed.
"""

from collections.abc import Mapping

from redis.backoff import NoBackoff
from redis.retry import Retry

from cordboard.runtime.connection import WEB_TIMEOUT_S, Store

ALONE: Mapping[str, object] = {"RATELIMIT_STORAGE_URI": "memory://"}
"""Each process counts for itself: for one that is alone."""


def shared_counts(store: Store) -> Mapping[str, object]:
    """Return how `flask_limiter` is told, in an application's configuration, to count in a store.

    Source: https://flask-limiter.readthedocs.io/en/stable/configuration.html (the names),
    https://limits.readthedocs.io/en/stable/storage.html (the addresses).
    """
    url = store.url
    return {
        "RATELIMIT_STORAGE_URI": f"redis+{url}" if url.startswith("unix:") else url,
        "RATELIMIT_STORAGE_OPTIONS": {
            "key_prefix": store.keys.rates,
            "socket_timeout": WEB_TIMEOUT_S,
            "socket_connect_timeout": WEB_TIMEOUT_S,
            "retry": Retry(NoBackoff(), 0),
        },
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
    }
