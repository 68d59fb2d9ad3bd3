"""Recordings of conversations: what has been ordered, and the words the carrier tells of them.

    off       nothing is recorded
    on        the customer's leg is recorded, both voices
    paused    it goes on in silence, while something is said that must not be kept

A queue says whether its conversations are recorded: never (`off`), if the customer agreed
(`with_consent`), or unless they objected (`always`). What the law asks for where the customer and
the agent are is for whoever writes the settings to know.
"""

from enum import StrEnum


class RecordingState(StrEnum):
    """What has been ordered (see the module)."""

    OFF = "off"
    ON = "on"
    PAUSED = "paused"


class RecordingStep(StrEnum):
    """What is asked for; `RecordCall` carries it out."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


class RecordingPolicy(StrEnum):
    """Whether conversations of a queue are recorded."""

    OFF = "off"
    WITH_CONSENT = "with_consent"
    ALWAYS = "always"
