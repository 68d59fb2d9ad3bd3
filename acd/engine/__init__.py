"""The distributor: one event in, commands out, with no clock and no IO.

`front` is the face; the parts below it are plain functions over one `acd.board.Board`, each owning
the transitions of one noun:

    front                                    who takes what, and in what order
    agent_events  leg_events  call_events    what is told, checked against the tables
    matching                                 who gets whom, once at the end of each event
    offers                                   from the reservation to the bridge
    talks                                    from the bridge to the end of wrap-up
    settings                                 new settings for what is under way
    availability  waiting  floor             when an agent is free; how a call keeps its place
"""

from acd.engine.floor import Floor
from acd.engine.front import FIRINGS, HANDLERS, ROUTING_VERSION, Engine

__all__ = ["FIRINGS", "HANDLERS", "ROUTING_VERSION", "Engine", "Floor"]
