"""Does a fresh pacing desk give the answers that were recorded?

Everything a pacer may know travels with its question, so a desk that hears the questions of a
journal from the beginning must answer each as the live one did: the same integer to the same
question. On another processor numpy's last bits may differ and, once in a while, turn a decision;
that is why the journal keeps the answers and a replay uses them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dialer.commands import CentreCommand, PaceCampaign
from dialer.config import CampaignConfig
from dialer.events import DialsPaced
from dialer.ids import CampaignId
from dialer.pacing.desk import PacingDesk


@dataclass(slots=True)
class PacingFidelity:
    """Recorded answers against those of a desk that hears the same questions."""

    answers: int = 0  #: recorded ones that answer a question of the replay
    difference: str = ""  #: the first that was otherwise, in words; or empty
    _desk: PacingDesk = field(default_factory=lambda: PacingDesk(()))
    _given: dict[tuple[CampaignId, int], DialsPaced] = field(default_factory=dict)

    def configure(self, campaigns: Iterable[CampaignConfig]) -> None:
        """Take the settings that the centre has taken."""
        self._desk.configure(tuple(campaigns))

    def ask(self, commands: Iterable[CentreCommand]) -> None:
        """Put the questions among the commands of one entry to the desk."""
        for command in commands:
            if isinstance(command, PaceCampaign):
                key = (command.campaign_id, command.view)
                self._given[key] = self._desk.answer(command)

    def compare(self, recorded: DialsPaced) -> None:
        """Compare a recorded answer with the one given here."""
        given = self._given.pop((recorded.campaign_id, recorded.view), None)
        if given is None:
            return
        self.answers += 1
        if given.dials != recorded.dials and not self.difference:
            self.difference = (
                f"question {recorded.view} of '{recorded.campaign_id}': {recorded.dials} dials were"
                f" recorded ({recorded.why}), {given.dials} are given ({given.why})"
            )
