"""The outbox: commands that are committed but not settled, and the three steps of an effect.

An effect is *claimed* before it is carried out, carried out under the claim, and *settled* with the
facts that follow from it, both steps fenced. What a crash leaves is plain to see:

| found | it means | what to do |
| --- | --- | --- |
| ``new`` | nothing was sent | claim it, carry it out |
| ``started:...`` | sent or about to be, outcome unknown | look for it at the carrier |
| anything else | settled, only the box was not emptied | drop it |

A claim that certainly led to nothing (the carrier was busy and said so) is given back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import msgspec
import structlog

from acd.messages import EventError
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.entries import Draft, pack
from cordboard.runtime.leader import Fenced
from cordboard.runtime.scripts import script
from dialer.codec import COMMAND_CODEC, EVENT_CODEC
from dialer.commands import CentreCommand
from dialer.events import CentreEvent

NEW = "new"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """A command as it lies in the outbox."""

    outbox_id: str
    key: str  #: its identity: cause and ordinal
    command: CentreCommand
    at_ms: int  #: the journal's instant of its cause


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim found."""

    is_ours: bool  #: nothing was sent before; now it may be
    started_wall_ms: int | None  #: since when the outcome is unknown, if it is
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of an effect."""

    result: str  #: for people and for the checker: ``sid:...``, ``done``, ``failed:21211`` ...
    facts: Sequence[tuple[CentreEvent, str]] = field(default=())  #: with their natural keys
    leg: tuple[str, str] | None = None  #: id of a leg that came to be, and its row in the table


class Outbox:
    """A site's outbox, as the leader of one term sees it."""

    def __init__(self, store: Store, client: Client, clock: Clock, token: str) -> None:
        self._keys = store.keys
        self._client = client
        self._clock = clock
        self._token = token
        self._epoch = token.partition(":")[0]
        self._claim = script(client, "claim")
        self._unclaim = script(client, "unclaim")
        self._settle = script(client, "settle")

    def read(self, after: str, *, block_ms: int, count: int = 256) -> list[Posted]:
        """Return commands posted after an id, waiting at most `block_ms` for the first.

        A command that this version does not know any more is taken out of the box: the code that
        could carry it out is gone, and the centre's own deadlines deal with what it led to.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            answer = self._client.xread({self._keys.outbox: after}, count=count, block=block_ms)
        streams = cast("list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]", answer)
        found: list[Posted] = []
        for outbox_id, row in streams[0][1] if streams else []:
            try:
                found.append(_posted(outbox_id, row))
            except (EventError, KeyError, ValueError, msgspec.DecodeError) as error:
                _log.error("command dropped", outbox_id=outbox_id.decode(), reason=str(error))
                with telling_downs():
                    self._client.xdel(self._keys.outbox, outbox_id)
        return found

    def claim(self, posted: Posted) -> Claim:
        """Claim an effect before carrying it out.

        Raises:
            Fenced: Somebody else leads.
            StoreDown: The store did not answer; claim again.
        """
        mark = f"started:{self._epoch}:{self._clock.wall_ms()}"
        with telling_downs():
            found = self._claim(
                keys=[self._keys.token, self._keys.effects], args=[self._token, posted.key, mark]
            )
        _check_fence(found)
        state = cast("bytes", found).decode()
        if state.startswith("started:"):
            return Claim(is_ours=False, started_wall_ms=int(state.split(":")[2]), is_settled=False)
        return Claim(is_ours=state == NEW, started_wall_ms=None, is_settled=state != NEW)

    def give_back(self, posted: Posted) -> None:
        """Undo a claim that certainly led to nothing.

        Raises:
            Fenced: Somebody else leads.
            StoreDown: The store did not answer.
        """
        with telling_downs():
            answer = self._unclaim(
                keys=[self._keys.token, self._keys.effects], args=[self._token, posted.key]
            )
        _check_fence(answer)

    def settle(self, posted: Posted, settlement: Settlement) -> None:
        """Write what became of an effect, and the facts that follow from it.

        The facts' append ids are made of the command's key, so settling twice tells nothing twice.

        Raises:
            Fenced: Somebody else leads; they will find the effect started and look for it.
            StoreDown: The store did not answer; settle again.
        """
        keys = self._keys
        drafts = [
            self._draft(event, natural_key, f"{posted.key}/{index}")
            for index, (event, natural_key) in enumerate(settlement.facts)
        ]
        leg_id, leg_row = settlement.leg or ("", "")
        with telling_downs():
            answer = self._settle(
                keys=[
                    keys.token,
                    keys.effects,
                    keys.outbox,
                    keys.settled,
                    keys.journal,
                    keys.legs,
                ],
                args=[
                    self._token,
                    posted.key,
                    posted.outbox_id,
                    settlement.result,
                    pack(drafts),
                    leg_id,
                    leg_row,
                ],
            )
        _check_fence(answer)

    def drop(self, posted: Posted) -> None:
        """Take a command out of the box whose effect was settled before.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            self._client.xdel(self._keys.outbox, posted.outbox_id)

    def _draft(self, event: CentreEvent, natural_key: str, append_id: str) -> Draft:
        kind, facts = EVENT_CODEC.encode(event)
        return Draft(kind, append_id, natural_key, facts, self._clock.wall_ms())


def _check_fence(answer: object) -> None:
    if answer == b"FENCED":
        raise Fenced("an effect was left alone: somebody else leads")


def _posted(outbox_id: bytes, row: dict[bytes, bytes]) -> Posted:
    facts = msgspec.json.decode(row[b"d"], type=dict[str, object])
    at_ms = int(row[b"m"])
    command = COMMAND_CODEC.decode(row[b"t"].decode(), facts, at_ms)
    return Posted(outbox_id.decode(), row[b"k"].decode(), command, at_ms)
