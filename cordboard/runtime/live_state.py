"""The centre as it is now, read by a process that does not lead it.

The newest snapshot is folded on with the journal's tail, as a new leader would do, and nothing is
written: whoever asks gets a copy to play with. The pacers hear the questions of the tail too, so
they know what the live ones know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from acd.config import AcdConfig
from acd.replay import Fold, JournalEntry
from cordboard.runtime.connection import Client, Store
from cordboard.runtime.journal import JournalReader
from cordboard.runtime.snapshots import Snapshots
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from dialer.commands import CentreCommand, PaceCampaign
from dialer.config import CentreConfig
from dialer.events import CentreEvent, SettingsApplied
from dialer.pacing.desk import PacingDesk
from simulator.policies import installed_choices

_NOTHING = CentreConfig(acd=AcdConfig(queues=(), agents=()))
"""What a centre knows before its journal tells it."""

PAGE = 1_000


class NothingYet(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The centre has no settings yet: its worker has never run."""


@dataclass(frozen=True, slots=True)
class LiveState:
    """A copy of the centre, and of what its pacers have learnt."""

    centre: Centre
    at_ms: int  #: on the centre's own clock
    desk: Mapping[str, object]


def read_live_state(store: Store, client: Client) -> LiveState:
    """Return a copy of the centre at the journal's end.

    Raises:
        NothingYet: Neither a snapshot nor a journal tells of a centre.
        StoreDown: The store did not answer.
    """
    snapshot = Snapshots(store, client).load()
    reader = JournalReader(store, client)
    cursor = "0-0" if snapshot is None else snapshot.cursor

    def tail() -> Iterable[JournalEntry]:
        at = cursor
        while page := reader.read(at, count=PAGE):
            yield from page
            at = page[-1].entry_id

    return folded(tail(), None if snapshot is None else snapshot.state)


def folded(entries: Iterable[JournalEntry], since: Mapping[str, object] | None = None) -> LiveState:
    """Return the centre after some entries of its journal.

    Args:
        entries: From the beginning, or from after the snapshot.
        since: The state that a snapshot holds; None for a journal from its beginning.

    Raises:
        NothingYet: No settings are among them.
        EngineError: The entries are out of order, or the snapshot is damaged.
    """
    centre = Centre(_NOTHING, installed_choices())
    desk = PacingDesk(())
    fold: Fold[CentreEvent, CentreCommand] = Fold(centre, EVENT_CODEC)
    if since is not None:
        fold.restore(cast("Mapping[str, object]", since["fold"]))
        desk.configure(centre.config.campaigns)
        desk.restore(cast("Mapping[str, object]", since["desk"]))
    for entry in entries:
        commands = fold.apply(entry)
        if entry.type == SettingsApplied.__name__:
            desk.configure(centre.config.campaigns)
        for command in commands:
            if isinstance(command, PaceCampaign):
                desk.answer(command)
    if not centre.config.acd.queues and not centre.config.acd.agents:
        raise NothingYet("the centre has no settings yet: its worker has never run")
    return LiveState(centre, fold.clock.at_ms, desk.snapshot())
