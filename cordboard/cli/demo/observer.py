"""A second reader of the journal: what happens in the centre, as it happens.

The demo stands beside the live centre and learns of it in the only honest way: by folding the
journal through a centre of its own. Books, measures and the modelled agents listen here, as they
listen to a simulated world.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from acd.agents import Agent
from acd.config import AcdConfig
from acd.measures import Measures
from acd.notices import Notice
from acd.replay import Fold
from cordboard.history.projecting import WholeJournal
from cordboard.runtime.archive import Archive
from cordboard.runtime.connection import Store
from cordboard.runtime.journal import JournalReader
from cordboard.runtime.settings import Settings
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from dialer.commands import CentreCommand
from dialer.config import CentreConfig
from dialer.notices import CentreNotice
from dialer.settings import acd_config
from simulator.policies import installed_choices

TIMEOUT_S = 5.0


class Observer:
    """Folds the journal; a place where notices are heard and commands are seen."""

    def __init__(self, settings: Settings, store: Store, archive: Path) -> None:
        self.doers: dict[type, Callable[[Any], None]] = {}
        self._listeners: dict[type, list[Callable[[Any], None]]] = {}
        nothing = CentreConfig(acd=AcdConfig(queues=(), agents=()))
        self.centre = Centre(nothing, installed_choices())
        self.fold = Fold(self.centre, EVENT_CODEC)
        self.measures = Measures(acd_config(settings.centre).queues)
        # On a slow machine the first entries are archived before anybody looks.
        reader = JournalReader(store, store.client(timeout_s=TIMEOUT_S))
        self._journal = WholeJournal(Archive(archive), reader)
        self.entries = 0

    @property
    def at_ms(self) -> int:
        """The modelled instant of the last entry read."""
        return self.fold.clock.at_ms

    @property
    def agents(self) -> list[Agent]:
        """All agents as they are now."""
        return list(self.centre.acd.board.agents.values())

    def listen(self, kind: type[CentreNotice], listener: Callable[[Any], None]) -> None:
        """Call `listener` with every notice of this class."""
        self._listeners.setdefault(kind, []).append(listener)

    def look(self, block_ms: int = 0) -> int:
        """Read what the journal has gained; return how many entries.

        Raises:
            StoreDown: The store did not answer.
        """
        entries = list(self._journal.after(self.fold.cursor, block_ms=block_ms))
        for entry in entries:
            commands = self.fold.apply(entry)
            self._hear(cast("Sequence[CentreNotice]", self.fold.notices))
            self._see(commands)
        self.entries += len(entries)
        return len(entries)

    def _hear(self, notices: Sequence[CentreNotice]) -> None:
        self.measures.feed(cast("Sequence[Notice]", notices))
        for notice in notices:
            for listener in self._listeners.get(type(notice), ()):
                listener(notice)

    def _see(self, commands: Sequence[CentreCommand]) -> None:
        for command in commands:
            doer = self.doers.get(type(command))
            if doer is not None:
                doer(command)
