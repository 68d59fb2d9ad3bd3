"""Sounds played into a conference by REST: announcements, and what a held leg hears.

Source:
    https://www.twilio.com/docs/voice/api/conference-participant-resource (AnnounceUrl, HoldUrl;
    events announcement-end and announcement-fail).
"""

from collections.abc import Callable, Mapping

from simulator.carrier.conferences import Conference, Participant
from simulator.carrier.execution import Execution, Steps, Verb
from simulator.carrier.twiml import Fetch, TwimlError
from simulator.carrier.verbs.audio import pause, play, say
from simulator.carrier.verbs.flow import redirect

#: What may be announced or played to somebody held.
ANNOUNCED: Mapping[str, Verb] = {"Say": say, "Play": play, "Pause": pause, "Redirect": redirect}


def announce(
    execution: Execution, room: Conference, participant: Participant, source: Fetch
) -> Steps[None]:
    """Play a document to one participant and tell how that went."""
    event = "announcement-end"
    try:
        yield from execution.follow(source, ANNOUNCED)
    except TwimlError as error:
        event = "announcement-fail"
        execution.exchange.alert(error.code, participant.call, str(error))
    room.publish(room, event, participant.parameters())


def hold_music(execution: Execution, source: Fetch, is_held: Callable[[], bool]) -> Steps[None]:
    """Play a document to a held participant, again and again while they are held."""
    try:
        while is_held():
            began_s = execution.timeline.now_s
            yield from execution.follow(source, ANNOUNCED)
            if execution.timeline.now_s == began_s:
                return
    except TwimlError as error:
        execution.exchange.alert(error.code, execution.call, str(error))
