"""What the leader publishes beside its commands: the board, waits, legs and the applied settings.

One fold over entries and notices, kept in the snapshot with the centre, written by the same commit.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from acd.replay import JournalEntry
from cordboard.runtime.clock import Clock
from cordboard.runtime.commit import Writes
from cordboard.runtime.keys import Keys
from cordboard.runtime.legs import heed_leg
from cordboard.runtime.owed import Owed
from cordboard.runtime.promises import heed_promise
from cordboard.runtime.readmodel import Publisher
from cordboard.runtime.threads import heed_conversation_end
from cordboard.runtime.wallboard import Wallboard
from dialer.commands import PaceCampaign
from dialer.config import CentreConfig


class Projection:
    """The fold of everything published."""

    def __init__(self, keys: Keys, clock: Clock, config: CentreConfig, time_zone: str) -> None:
        self._keys = keys
        self.board = Wallboard(config, time_zone, clock.scale)
        self._publisher = Publisher(keys, self.board, clock, config)
        self._owed = Owed(keys)
        self.settings_digest = ""  #: of the settings the centre works by

    def configure(self, config: CentreConfig) -> None:
        """Take new settings, for what is shown."""
        self.board.configure(config)
        self._publisher.configure(config)

    def heed(
        self,
        entry: JournalEntry,
        notices: Sequence[object],
        commands: Sequence[object],
        at_ms: int,
        writes: Writes,
    ) -> None:
        """Take one entry that was applied and what it meant."""
        self.board.heed(at_ms, notices)
        self._publisher.heed(entry, notices, commands, at_ms, writes)
        self._owed.heed(notices, writes)
        heed_leg(entry, self._keys, writes)
        heed_promise(entry, notices, self._keys, writes)
        heed_conversation_end(notices, self._keys, writes)
        if entry.type in ("CampaignStarted", "CampaignPaused"):
            self.board.set_running(
                str(entry.facts["campaign_id"]), is_running=entry.type == "CampaignStarted"
            )
        elif entry.type == "SettingsApplied":
            self.settings_digest = str(entry.facts["digest"])

    def heed_question(self, question: PaceCampaign) -> None:
        """Take what the centre told a pacer."""
        self.board.heed_question(question)

    def publish_board(self, at_ms: int, writes: Writes) -> None:
        """Write the wallboard, if the last time is long enough ago."""
        self._publisher.publish_board(at_ms, writes)

    def publish_all(self, writes: Writes) -> None:
        """Write all waits anew: the first act of a term."""
        self._publisher.publish_all(writes)
        self._owed.publish_all(writes)

    def to_plain(self) -> dict[str, object]:
        """Return the fold's state as plain data."""
        return {
            "board": self.board.to_plain(),
            "publisher": self._publisher.to_plain(),
            "owed": self._owed.to_plain(),
            "settings_digest": self.settings_digest,
        }

    def restore(self, plain: Mapping[str, object]) -> None:
        """Go on from what `to_plain` returned."""
        self.board.restore(cast("Mapping[str, object]", plain["board"]))
        self._publisher.restore(cast("Mapping[str, object]", plain["publisher"]))
        self._owed.restore(cast("Mapping[str, object]", plain.get("owed", {})))
        self.settings_digest = str(plain["settings_digest"])
