"""Messages of the whole centre as plain data: the distributor's and the dialer's in one codec."""

from typing import get_args

from acd.codec import COMMANDS, EVENTS, NOTICES, Codec
from dialer.commands import CentreCommand, DialerCommand
from dialer.events import CentreEvent, DialerEvent
from dialer.notices import CentreNotice, DialerNotice

CENTRE_EVENTS: tuple[type[CentreEvent], ...] = (*EVENTS, *get_args(DialerEvent))
CENTRE_COMMANDS: tuple[type[CentreCommand], ...] = (*COMMANDS, *get_args(DialerCommand))
CENTRE_NOTICES: tuple[type[CentreNotice], ...] = (*NOTICES, *get_args(DialerNotice))

EVENT_CODEC: Codec[CentreEvent] = Codec(CENTRE_EVENTS)
COMMAND_CODEC: Codec[CentreCommand] = Codec(CENTRE_COMMANDS)
NOTICE_CODEC: Codec[CentreNotice] = Codec(CENTRE_NOTICES)
