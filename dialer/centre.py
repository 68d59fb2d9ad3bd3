"""The centre: distributor and dialer as one deterministic machine, without IO and without a clock.

    centre.handle(event) -> commands        centre.next_due_ms        centre.notices

Facts go in, in the order of the journal; instructions come out. The live worker and the simulated
day drive this same object. What it does with a fact:

1. Every deadline due at or before the fact's instant fires, in one order for both halves, each at
   its own instant.
2. The fact goes to the half it concerns. `CallEnded` of a dial goes to the dialer, which tells the
   distributor; a change of leader concerns both; settings are taken by both.
3. What the distributor concluded (its notices) is heard by the dialer, whose answers may lead to
   further notices, until all is quiet; then pacers and lead store are asked where it is time to.

**A refused fact** (`EventError`) changes nothing. What the deadlines before it led to is not lost:
it comes with the commands and notices of the next call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

from acd.config import ConfigError
from acd.deadlines import Deadlines
from acd.engine import Engine
from acd.events import CallEnded, Event, LeaderElected
from acd.ids import QueueId
from acd.messages import EventError
from acd.notices import Notice
from dialer import settings, snapshot
from dialer.codec import COMMAND_CODEC, NOTICE_CODEC
from dialer.commands import CentreCommand
from dialer.config import CentreConfig
from dialer.engine import Dialer
from dialer.events import CentreEvent, DialerEvent, SettingsApplied
from dialer.notices import CentreNotice

_DIALER_EVENTS = frozenset(get_args(DialerEvent))


class Centre:
    """One site's centre."""

    def __init__(self, config: CentreConfig) -> None:
        # As settings come out of plain data, so that a restored centre is equal to the byte.
        self.config = config = settings.from_plain(settings.to_plain(config))
        self.digest = ""  #: of the settings in force, empty for those it was made with
        self.deadlines = Deadlines()  #: one heap for both halves
        self.acd = Engine(settings.acd_config(config), self.deadlines)
        self.dialer = Dialer(config, self.acd, self.deadlines)
        self.notices: list[CentreNotice] = []  #: what the last call of `handle` turned out to mean
        self._commands: list[CentreCommand] = []
        self._is_handed_out = True  #: False while commands of a refused event are owed

    @property
    def next_due_ms(self) -> int | None:
        """The instant at which the next deadline fires, or None when nothing is waited for."""
        return self.deadlines.next_due_ms

    def handle(self, event: CentreEvent) -> list[CentreCommand]:
        """Fire what is due at or before the event's instant, then take the event.

        Returns:
            What is to be done, in order.

        Raises:
            EventError: The event cannot be; whoever wrote it is wrong. It has changed nothing.
            EngineError: The centre is wrong. Its state must not be used any further.

        Cost:
            O(classes + log n) for the distributor's part, O(campaigns) beside it.
        """
        is_plain = self._is_handed_out and type(event) not in _DIALER_EVENTS
        if is_plain and not self.dialer.campaigns:
            # Without campaigns the centre is its distributor: this spares a third of the time.
            # (`Any` says to mypy what `cast` would say by a call.)
            plain: Any = event
            commands: list[Any] = self.acd.handle(plain)
            notices: list[Any] = self.acd.notices
            self.notices = notices
            return commands
        if self._is_handed_out:
            self.notices = []
            self._is_handed_out = False
        self._fire_due(event.at_ms)
        self._take(event)
        self._finish(event.at_ms)
        commands, self._commands = self._commands, []
        self._is_handed_out = True
        return commands

    def to_plain(self) -> dict[str, object]:
        """Return the whole state as plain data, equal for equal states."""
        return {
            "settings": settings.to_plain(self.config),
            "digest": self.digest,
            "acd_settings": settings.acd_to_plain(self.acd.config),
            "acd": self.acd.to_plain(),
            "dialer": snapshot.to_plain(self.dialer),
            "owed": snapshot.messages_to_plain(self._commands, COMMAND_CODEC),
            "noticed": snapshot.messages_to_plain(
                [] if self._is_handed_out else self.notices, NOTICE_CODEC
            ),
        }

    def restore(self, plain: Mapping[str, object]) -> None:
        """Replace the state by what `to_plain` returned.

        Raises:
            EngineError: The data was not made by `to_plain`; the snapshot is damaged.
        """
        with snapshot.reading():
            state = cast("Mapping[str, Any]", plain)
            self.config = settings.from_plain(state["settings"])
            self.digest = state["digest"]
            self.deadlines = Deadlines()
            acd_config = settings.acd_from_plain(state["acd_settings"])
            self.acd = Engine(acd_config, self.deadlines)
            self.acd.restore(state["acd"])
            self.dialer = Dialer(replace(self.config, campaigns=()), self.acd, self.deadlines)
            snapshot.restore(self.dialer, state["dialer"], self.config)
            self._commands = snapshot.messages_from_plain(state["owed"], COMMAND_CODEC)
            self.notices = snapshot.messages_from_plain(state["noticed"], NOTICE_CODEC)
            self._is_handed_out = not (self._commands or self.notices)

    def _fire_due(self, at_ms: int) -> None:
        """Fire every deadline due at or before an instant, in order, each at its own."""
        while (due := self.deadlines.pop(at_ms)) is not None:
            if self.acd.is_mine(due[2]):
                self._commands += self.acd.fire(due)
            else:
                self.dialer.fire(due)
            self._finish(due[0])

    def _take(self, event: CentreEvent) -> None:
        kind = type(event)
        if kind is SettingsApplied:
            self._apply(cast("SettingsApplied", event))
        elif kind in _DIALER_EVENTS or self._is_end_of_dial(event):
            self.dialer.handle(cast("DialerEvent | CallEnded", event))
        else:
            self._commands += self.acd.handle(cast("Event", event))
            self._hear(self.acd.notices)
            if kind is LeaderElected:
                self.dialer.handle(cast("LeaderElected", event))

    def _is_end_of_dial(self, event: CentreEvent) -> bool:
        return isinstance(event, CallEnded) and self.dialer.attempts.owns(event.call_id)

    def _apply(self, event: SettingsApplied) -> None:
        """Take new settings; agents, queues and campaigns that vanish finish what they do."""
        config = settings.from_plain(event.settings)
        lines = {QueueId(dial.campaign_id) for dial in self.dialer.attempts.dials.values()}
        wanted = settings.acd_config(config)
        try:
            self._commands += self.acd.reconfigure(event.at_ms, wanted, expected=lines)
        except ConfigError as error:
            raise EventError(f"settings cannot be taken: {error}") from error
        self.dialer.configure(config)
        self.config, self.digest = config, event.digest

    def _finish(self, at_ms: int) -> None:
        """Let the dialer hear what the distributor concluded, then ask pacers and lead store."""
        self._hear(self.acd.drain_notices())
        self.dialer.settle(at_ms)
        self._collect()
        self._hear(self.acd.drain_notices())

    def _hear(self, heard: Sequence[Notice]) -> None:
        """Pass notices on to the dialer, and those its answers lead to, until all is quiet."""
        while heard:
            self.notices += heard
            for notice in heard:
                self.dialer.hear(notice)
            self._collect()
            heard = self.acd.drain_notices()

    def _collect(self) -> None:
        """Take what the dialer has to say, behind what was said before."""
        attempts = self.dialer.attempts
        if attempts.commands:
            self._commands += attempts.commands
            attempts.commands.clear()
        if attempts.notices:
            self.notices += attempts.notices
            attempts.notices.clear()
