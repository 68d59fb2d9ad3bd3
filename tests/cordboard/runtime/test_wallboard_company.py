"""Who is in an agent's conversation, on the wallboard, when one contact follows another at once."""

from acd.config import AcdConfig
from acd.notices import AgentChanged, CallConnected, CallOpened, HoldChanged, TalkEnded
from cordboard.runtime.wallboard import Wallboard
from dialer.config import CentreConfig


def test_a_hold_ends_with_its_talk_though_the_next_contact_begins_at_the_same_instant():
    wall = Wallboard(CentreConfig(acd=AcdConfig(queues=(), agents=()), campaigns=()), "UTC", 1)
    wall.heed(
        1_000,
        [
            CallOpened(1_000, "CA1", "inbound", "k"),
            CallConnected(1_000, "CA1", "q", "ana", 0),
            AgentChanged(1_000, "ana", "ready", "", "talking", "CA1"),
            HoldChanged(1_000, "CA1", "q", "ana", is_on_hold=True, hold_ms=0),
        ],
    )
    assert wall.state.agents["ana"].is_on_hold
    wall.heed(
        5_000,
        [
            TalkEnded(5_000, "CA1", "q", "ana", 4_000),
            AgentChanged(5_000, "ana", "ready", "", "talking", "0.7"),
        ],
    )
    assert not wall.state.agents["ana"].is_on_hold
