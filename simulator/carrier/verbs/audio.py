"""Say, Play, Pause: what takes time and can be heard.

Source:
    https://www.twilio.com/docs/voice/twiml/say, .../play, .../pause.
"""

from simulator.carrier.execution import Execution, Steps
from simulator.carrier.people.speech import RECORDING_S, speech_s
from simulator.carrier.twiml import Document, Element, Source, seconds

#: Modelled time of one key played with `<Play digits>`; `w` waits half a second.
KEY_S = 0.3
SHORT_WAIT_S = 0.5

LOUD = ("Say", "Play", "Pause")


def words(verb: Element) -> str:
    """Return what is heard of a Say (its text), a Play (its address) or anything else ("")."""
    if verb.tag == "Pause":
        return ""
    return " ".join("".join(verb.itertext()).split())


def lasts_s(verb: Element) -> float:
    """Return how long a Say, Play or Pause takes; `loop="0"` is for ever."""
    if verb.tag == "Pause":
        return max(0.0, seconds(verb, "length", 1.0))
    times = seconds(verb, "loop", 1.0)
    if times == 0:
        return float("inf")
    return times * _once_s(verb)


def _once_s(verb: Element) -> float:
    if verb.tag == "Say":
        return speech_s(words(verb))
    digits = verb.get("digits")
    return digits_s(digits) if digits else RECORDING_S


def digits_s(digits: str) -> float:
    """Return how long keys take to be sent, `w` and `W` waiting half a second and a second."""
    return sum({"w": SHORT_WAIT_S, "W": 1.0}.get(digit, KEY_S) for digit in digits)


def _aloud(execution: Execution, verb: Element, _document: Document) -> Steps[Source | None]:
    length_s = lasts_s(verb)
    text = words(verb)
    if text:
        execution.tell(text, length_s)
    yield execution.timeline.sleep(length_s)
    return None


say = play = pause = _aloud
