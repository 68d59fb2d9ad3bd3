"""The distributor: one event in, commands out, with no clock and no IO.

`front` is the face; the parts below it are plain functions over one `acd.board.Board`, each owning
the transitions of one noun:

    front                                          who takes what, and in what order
    agent_events  leg_events  call_events          what is told, checked against the tables
    case_events  conversations                     the same for cases and written contacts
    in_call  settings                              hold and transfer; new settings
    matching                                       who gets whom, at the end of each event
    offers  supervision                            from the reservation to the bridge; guests
    talks  callbacks  relaxation                   the talk and its wrap-up; what waiting changes
    availability  waiting  floor                   when an agent is free; how a call keeps its place
    slots  cases                                   an agent's contacts side by side; follow-ups
"""

from acd.engine.floor import Floor
from acd.engine.front import FIRINGS, HANDLERS, ROUTING_VERSION, Engine

__all__ = ["FIRINGS", "HANDLERS", "ROUTING_VERSION", "Engine", "Floor"]
