"""Whether agents' desks are heard: the beats of their pages, and what their absence means.

A page asks for the wallboard every second; the console notes when it last did. The leader looks at
the notes and appends a fact when a desk has missed two beats, and another when it is heard again,
so that nobody is offered a call in front of a closed browser.

A desk counts from the first beat after its agent's shift, or the leader's term, began: whoever
works by telephone alone has none and is never silent. A beat is long because browsers let a page
that nobody sees run once a minute only.

Source: https://developer.chrome.com/blog/timer-throttling-in-chrome-88 (intensive throttling).
"""

from collections.abc import Collection
from typing import cast

import redis
import structlog

from acd.events import UNSTAMPED, AgentFellSilent, AgentHeardAgain
from acd.ids import AgentId
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import Client, telling_downs
from cordboard.runtime.floor import FloorState
from cordboard.runtime.keys import Keys

BEAT_MS = 35_000
"""A desk is silent when it was not heard for two of these."""

NOTE_MS = 2_000
"""A process of the console notes a desk at most this often."""

LOOK_MS = 1_000
"""The leader looks at the notes this often."""

_log = structlog.get_logger(__name__)


class DeskNotes:
    """Notes which desks are heard; one for each process of the console."""

    def __init__(self, client: Client, keys: Keys, clock: Clock) -> None:
        self._client = client
        self._key = keys.desks
        self._clock = clock
        self._noted_ms: dict[str, int] = {}

    def heard(self, agent_id: str) -> None:
        """Note that an agent's desk is heard; a store in trouble loses no more than a note."""
        now_ms = self._clock.monotonic_ms()
        if now_ms - self._noted_ms.get(agent_id, now_ms - NOTE_MS) < NOTE_MS:
            return
        self._noted_ms[agent_id] = now_ms
        try:
            self._client.hset(self._key, agent_id, str(self._clock.wall_ms()))
        except redis.RedisError as error:
            _log.warning("desk not noted", reason=type(error).__name__)


class DeskWatch:
    """Looks for silent desks during one term."""

    def __init__(self, client: Client, keys: Keys, clock: Clock) -> None:
        self._client = client
        self._key = keys.desks
        self._clock = clock
        self._looked_ms = clock.monotonic_ms()
        self._since_ms: dict[str, int] = {}  # wall: when an agent was first seen signed in

    def look_if_due(
        self, floor: FloorState, silent: Collection[str]
    ) -> list[AgentFellSilent | AgentHeardAgain]:
        """Return what is to be told about desks, if it is time to look.

        Args:
            floor: Who is signed in.
            silent: Whom the centre holds for silent.

        Raises:
            StoreDown: The store did not answer.
        """
        now_ms = self._clock.monotonic_ms()
        if now_ms - self._looked_ms < LOOK_MS:
            return []
        self._looked_ms = now_ms
        with telling_downs():
            rows = cast("dict[bytes, bytes]", self._client.hgetall(self._key))
        beats = {agent_id.decode(): int(beat) for agent_id, beat in rows.items()}
        return self._compare(floor, silent, beats)

    def _compare(
        self, floor: FloorState, silent: Collection[str], beats: dict[str, int]
    ) -> list[AgentFellSilent | AgentHeardAgain]:
        now_ms = self._clock.wall_ms()
        here = [name for name, agent in floor.agents.items() if agent.presence != "signed_out"]
        self._since_ms = {name: self._since_ms.get(name, now_ms) for name in here}
        told: list[AgentFellSilent | AgentHeardAgain] = []
        for name, since_ms in self._since_ms.items():
            beat_ms = beats.get(name, 0)
            if beat_ms < since_ms:
                continue
            is_silent = now_ms - beat_ms > 2 * BEAT_MS
            if is_silent and name not in silent:
                told.append(AgentFellSilent(UNSTAMPED, AgentId(name)))
            elif not is_silent and name in silent:
                told.append(AgentHeardAgain(UNSTAMPED, AgentId(name)))
        return told
