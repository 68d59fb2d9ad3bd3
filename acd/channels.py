"""Channels: by which way a contact reaches an agent, and which slot of the agent it takes.

    voice     a call: has legs and rooms; one at a time
    task      work without a customer present (a voicemail to hear, a promise to keep); takes the
              slot of calls, as it needs the agent's whole attention
    message   a written conversation; each agent has slots for so many at once

A queue carries one channel, so a line, its calls and the slots that serve it agree on it.
"""

from enum import StrEnum


class Channel(StrEnum):
    """By which way a contact reaches an agent."""

    VOICE = "voice"
    TASK = "task"
    MESSAGE = "message"


def serves(slot: Channel, channel: Channel) -> bool:
    """Tell whether a slot (of `VOICE` or `MESSAGE`) takes contacts of a channel."""
    return channel is slot or (slot is Channel.VOICE and channel is Channel.TASK)
