"""Who leads a site: a lease says whether somebody does, a token says who may write.

The lease is for liveness only: when it has run out, anybody may take over. What keeps a site safe
is the *fence*: taking over writes a new token, and every script by which a leader writes compares
it first. A leader that slept through its lease, however long and whatever its clock says, finds
another token and stops (`Fenced`). One that merely renewed late, and was not replaced, goes on.

The token is ``<epoch>:<nonce>``; its equality admits one writer even if the store lost its tail and
an epoch number comes back.
"""

import secrets
from typing import cast

from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.scripts import script

LEASE_MS = 3_000
"""How long a dead leader is waited for. It renews four times in that time."""


class Fenced(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """Somebody else leads now: stop at once, everything in memory is history."""


class Leadership:
    """One term of leading a site."""

    def __init__(
        self, store: Store, client: Client, clock: Clock, token: str, lease_ms: int
    ) -> None:
        self.token = token
        epoch, _, nonce = token.partition(":")
        self.epoch, self.nonce = int(epoch), nonce
        self._keys = store.keys
        self._clock = clock
        self._lease_ms = lease_ms
        self._renewed_ms = clock.monotonic_ms()
        self._renew = script(client, "renew")
        self._release = script(client, "release")

    def renew_if_due(self) -> None:
        """Renew the lease when a quarter of it has passed.

        Called from the leader's own loop, so that a loop that stands still is replaced.

        Raises:
            Fenced: Somebody else leads.
            StoreDown: The store did not answer.
        """
        now_ms = self._clock.monotonic_ms()
        if now_ms - self._renewed_ms < self._lease_ms // 4:
            return
        with telling_downs():
            is_ours = self._renew(
                keys=[self._keys.lease, self._keys.token], args=[self.token, self._lease_ms]
            )
        if not is_ours:
            raise Fenced(f"epoch {self.epoch} is over")
        self._renewed_ms = now_ms

    def release(self) -> None:
        """Give the lease back, if it is still ours.

        Raises:
            StoreDown: The store did not answer; the lease will run out by itself.
        """
        with telling_downs():
            self._release(keys=[self._keys.lease], args=[self.token])


def acquire(
    store: Store, client: Client, clock: Clock, *, before: str = "", lease_ms: int = LEASE_MS
) -> Leadership | None:
    """Take the lead of a site, or return None while somebody has it.

    Args:
        store: The site.
        client: The leader's connection.
        clock: Measures the lease's age.
        before: The token of an earlier term of this very process, whose lease need not run out.
        lease_ms: How long the lease lasts without renewal.

    Raises:
        StoreDown: The store did not answer.
    """
    keys = store.keys
    take = script(client, "acquire")
    with telling_downs():
        token = take(
            keys=[keys.lease, keys.epoch, keys.token],
            args=[secrets.token_hex(8), lease_ms, before],
        )
    if token is None:
        return None
    return Leadership(store, client, clock, cast("bytes", token).decode(), lease_ms)
