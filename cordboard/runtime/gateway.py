"""Which lane a command belongs to, who carries it out, and what overtakes it.

The gateway decides nothing: it knows for each kind of command what it is about (its lane) and which
part of the runtime does it. What may be pointless by now is told by what waits behind it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from acd.commands import (
    ChangeSupervision,
    CloseConversation,
    ConnectCall,
    EndCall,
    EndLeg,
    HoldCall,
    MoveLeg,
    OfferCall,
    OpenStandingLeg,
    ParkCall,
    PlaceCallback,
    RecordCall,
    RingOutside,
    SendCall,
    SuperviseTalk,
)
from cordboard.runtime.carrier.callbacks import Callbacks
from cordboard.runtime.carrier.calls import CustomerCalls
from cordboard.runtime.carrier.dials import Dials
from cordboard.runtime.carrier.effects import Effect, Try
from cordboard.runtime.carrier.farewells import Farewells
from cordboard.runtime.carrier.legs import AgentLegs
from cordboard.runtime.carrier.recordings import CallRecordings
from cordboard.runtime.carrier.rooms import Rooms
from cordboard.runtime.listwork import ListWork
from dialer.commands import (
    CentreCommand,
    CloseAttempt,
    LeaveMessage,
    OptOut,
    PlaceCall,
    PlaySafeHarbour,
    RequestLeads,
)

CarryOut = Callable[[Any, Try], Effect]

_LANE_FIELDS: Mapping[type, str] = {
    OfferCall: "reservation_id",
    OpenStandingLeg: "leg_id",
    EndLeg: "leg_id",
    SuperviseTalk: "leg_id",
    ChangeSupervision: "leg_id",
    RingOutside: "leg_id",
    MoveLeg: "leg_id",
    ConnectCall: "call_id",
    ParkCall: "call_id",
    HoldCall: "call_id",
    RecordCall: "call_id",
    PlaceCallback: "call_id",
    SendCall: "call_id",
    CloseConversation: "call_id",
    EndCall: "call_id",
    PlaceCall: "call_id",
    PlaySafeHarbour: "call_id",
    LeaveMessage: "call_id",
    RequestLeads: "campaign_id",
    CloseAttempt: "campaign_id",
    OptOut: "campaign_id",
}

_OVERTAKES: Mapping[type, tuple[type, ...]] = {
    OfferCall: (EndLeg,),
    OpenStandingLeg: (EndLeg,),
    SuperviseTalk: (EndLeg,),
    RingOutside: (EndLeg,),
    MoveLeg: (MoveLeg, EndLeg),
    ChangeSupervision: (ChangeSupervision, EndLeg),
    HoldCall: (HoldCall, ParkCall, EndCall),
    PlaceCallback: (EndCall,),
    RecordCall: (EndCall,),
    PlaceCall: (EndCall,),
    ConnectCall: (ConnectCall, ParkCall, SendCall, EndCall, PlaySafeHarbour, LeaveMessage),
    ParkCall: (ConnectCall, SendCall, EndCall),
    SendCall: (EndCall,),
    PlaySafeHarbour: (EndCall,),
    LeaveMessage: (EndCall,),
    RequestLeads: (RequestLeads,),
}
"""For each kind of command, what makes it pointless when it waits behind it in its lane."""


def lane_of(command: CentreCommand) -> str:
    """Return what a command is about: commands of one lane are carried out in turn."""
    return str(getattr(command, _LANE_FIELDS[type(command)]))


def is_overtaken(command: CentreCommand, behind: Sequence[CentreCommand]) -> bool:
    """Tell whether something that waits behind a command makes it pointless."""
    return any(isinstance(later, _OVERTAKES.get(type(command), ())) for later in behind)


class Gateway:
    """Carries out commands, one at a time per lane, from many threads."""

    def __init__(  # noqa: PLR0913  (one part of the runtime each; the composition calls it once)
        self,
        *,
        legs: AgentLegs,
        calls: CustomerCalls,
        rooms: Rooms,
        recordings: CallRecordings,
        dials: Dials,
        callbacks: Callbacks,
        lists: ListWork,
        farewells: Farewells,
    ) -> None:
        self._carry_out: dict[type, CarryOut] = {
            OfferCall: legs.offer,
            OpenStandingLeg: legs.open_standing,
            EndLeg: legs.end,
            SuperviseTalk: legs.supervise,
            RingOutside: legs.ring_outside,
            MoveLeg: legs.move,
            ChangeSupervision: rooms.change_supervision,
            HoldCall: rooms.hold,
            RecordCall: recordings.record,
            PlaceCallback: callbacks.place,
            ConnectCall: calls.connect,
            ParkCall: calls.park,
            SendCall: calls.send,
            EndCall: calls.end,
            CloseConversation: farewells.close,
            PlaySafeHarbour: calls.play_safe_harbour,
            LeaveMessage: calls.leave_message,
            PlaceCall: dials.place,
            RequestLeads: lists.supply,
            CloseAttempt: lists.close,
            OptOut: lists.opt_out,
        }

    def carry_out(self, command: CentreCommand, attempt: Try) -> Effect:
        """Carry out one command, or find out what became of an earlier try."""
        return self._carry_out[type(command)](command, attempt)
