"""Dial: connect the call to somebody else, and go on when that is over.

What is dialled decides how: numbers, clients and SIP addresses ring as child legs (`legs`), a
conference is joined (`conference`), a queue gives its head (`queue`). All of them end in the same
way: the `action` is requested with DialCallStatus, or the next verb runs.

Source:
    https://www.twilio.com/docs/voice/twiml/dial.
"""

from simulator.carrier.execution import Execution, Steps
from simulator.carrier.timeline import Alarm
from simulator.carrier.twiml import Document, Element, Source, is_true, seconds
from simulator.carrier.verbs.conference import join_conference
from simulator.carrier.verbs.legs import RINGING_NOUNS, dial_legs
from simulator.carrier.verbs.queue import dial_queue

TIME_LIMIT_S = 14_400.0


class Star:
    """Listens for the caller's `*` while a Dial with `hangupOnStar` goes on."""

    def __init__(self, execution: Execution) -> None:
        self.pressed_star = execution.timeline.event()

    def pressed(self, key: str) -> None:
        """Take a key."""
        if key == "*" and not self.pressed_star.triggered:
            self.pressed_star.succeed()

    def spoke(self, text: str, confidence: float | None) -> None:
        """Hear nothing: only keys matter here."""


def dial(execution: Execution, verb: Element, document: Document) -> Steps[Source | None]:
    """Connect the call and say to `action` how it went."""
    nouns = [noun for noun in verb if noun.tag in RINGING_NOUNS | {"Conference", "Queue"}]
    if not nouns:
        nouns = [_number(verb)]
    star = Star(execution)
    limit: Alarm = execution.timeline.later(
        seconds(verb, "timeLimit", TIME_LIMIT_S), lambda: star.pressed("*")
    )
    if is_true(verb, "hangupOnStar"):
        execution.call.listener = star
    try:
        first = nouns[0]
        if first.tag == "Conference":
            over = join_conference(execution, first, document, star.pressed_star)
        elif first.tag == "Queue":
            over = dial_queue(execution, verb, first, document, star.pressed_star)
        else:
            over = dial_legs(execution, verb, nouns, document, star.pressed_star)
        facts = yield from over
    finally:
        limit.cancel()
        execution.call.listener = None
    return execution.after_action(verb, document, facts)


def _number(verb: Element) -> Element:
    number = Element("Number")
    number.text = verb.text
    return number
