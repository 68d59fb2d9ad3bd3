"""The centre's messages as plain data: events of the journal, commands of the outbox."""

from typing import get_args

from acd.codec import COMMANDS, EVENTS, Codec
from acd.commands import Command
from acd.events import Event
from dialer.commands import DialerCommand
from dialer.events import DialerEvent

CentreEvent = Event | DialerEvent
CentreCommand = Command | DialerCommand

EVENT_CODEC: Codec[CentreEvent] = Codec((*EVENTS, *get_args(DialerEvent)))
COMMAND_CODEC: Codec[CentreCommand] = Codec((*COMMANDS, *get_args(DialerCommand)))
