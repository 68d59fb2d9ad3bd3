"""Written conversations on the wallboard: which ones an agent is offered or has.

Each function writes into the floor what one notice means; `CONVERSATIONS` says which takes which.
Slots are kept by their names, for an agent may have several conversations at once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from acd.notices import OfferClosed, SlotChanged
from cordboard.runtime.board import ConversationLine
from cordboard.runtime.floor import FloorState, SlotNow

_SHOWN = ("reserved", "talking")
"""States of a slot in which its agent can do something about the conversation."""


def _slot_changed(floor: FloorState, notice: SlotChanged) -> None:
    if notice.call_id is None or notice.state not in _SHOWN:
        floor.slots.pop(notice.slot_id, None)
    else:
        floor.slots[notice.slot_id] = SlotNow(notice.agent_id, notice.state, notice.call_id)


def offer_closed(floor: FloorState, notice: OfferClosed) -> None:
    """Forget an offer, if it was one of a conversation."""
    floor.text_offers.pop(notice.call_id, None)


CONVERSATIONS: Mapping[type, Callable[[FloorState, Any], None]] = {SlotChanged: _slot_changed}


def conversations_of(floor: FloorState, agent_id: str) -> tuple[ConversationLine, ...]:
    """Return an agent's conversations, offers first, then in the order of their slots."""
    lines = [
        ConversationLine(
            call_id=slot.call_id,
            queue_id=floor.calls[slot.call_id].queue_id if slot.call_id in floor.calls else "",
            is_open=slot.state == "talking",
            reservation_id=floor.text_offers.get(slot.call_id, ""),
        )
        for _, slot in sorted(floor.slots.items())
        if slot.agent_id == agent_id
    ]
    return tuple(sorted(lines, key=lambda line: line.is_open))
