"""Dial into a conference: the leg stays until it leaves or the conference lets it go.

Source:
    https://www.twilio.com/docs/voice/twiml/conference (attributes; `waitUrl` is not looped; the
    Dial action gets DialCallStatus=answered, and neither DialCallSid nor DialCallDuration).
"""

from collections.abc import Mapping

import simpy

from simulator.carrier.calls import Callback, Ended
from simulator.carrier.conferences import PARTICIPANTS_MAX, Conference, Seat
from simulator.carrier.execution import Execution, Steps, Verb
from simulator.carrier.twiml import Document, Element, TwimlError, is_true
from simulator.carrier.verbs.audio import pause, play, say
from simulator.carrier.verbs.flow import redirect
from simulator.carrier.verbs.record import recording_callback

#: What a document heard before a conference starts may do.
LOBBY_VERBS: Mapping[str, Verb] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Redirect": redirect,
}


def seat_of(noun: Element, document: Document) -> Seat:
    """Read the attributes of `<Conference>`."""
    callback = noun.get("statusCallback")
    wait_url = noun.get("waitUrl")
    most = noun.get("maxParticipants", "")
    return Seat(
        label=noun.get("participantLabel", ""),
        muted=is_true(noun, "muted"),
        starts=is_true(noun, "startConferenceOnEnter", default=True),
        ends=is_true(noun, "endConferenceOnExit"),
        coaches=noun.get("coach", ""),
        callback=Callback(
            document.resolve(callback) if callback else "",
            noun.get("statusCallbackMethod", "POST"),
            tuple(noun.get("statusCallbackEvent", "").split()),
        ),
        participants_max=int(most) if most.isdigit() else PARTICIPANTS_MAX,
        wait_url=document.resolve(wait_url) if wait_url else wait_url,
        wait_method=noun.get("waitMethod", "POST"),
        recording=recording_callback(noun, document)
        if noun.get("record", "").startswith("record")
        else None,
    )


def join_conference(
    execution: Execution, noun: Element, document: Document, cut: simpy.Event
) -> Steps[Mapping[str, str]]:
    """Take part in a conference until it is over for this leg.

    Args:
        execution: The execution of the joining call.
        noun: The `<Conference>` element.
        document: Where it stands.
        cut: Happens when the leg itself cuts the Dial short (`*`, time limit).
    """
    exchange, call = execution.exchange, execution.call
    seat = seat_of(noun, document)
    room = exchange.conferences.on_demand((noun.text or "").strip())
    _check(room, seat)
    participant = room.join(call, seat)
    lobby = _start_lobby(execution, room, seat, document)
    try:
        yield participant.removed | cut
        if not participant.removed.triggered:
            room.leave(participant, "participant_hung_up")
    except simpy.Interrupt as interrupt:
        room.leave(participant, _reason(interrupt.cause))
        raise
    finally:
        if lobby is not None and not lobby.triggered:
            lobby.succeed()
    return {"DialCallStatus": "answered", "DialBridged": "true"}


def _reason(cause: object) -> str:
    hung_up = isinstance(cause, Ended) and cause.who != "rest"
    return "participant_hung_up" if hung_up else "participant_updated_via_api"


def _check(room: Conference, seat: Seat) -> None:
    if len(room.present) >= seat.participants_max:
        raise TwimlError(16020, f"the conference has {seat.participants_max} participants")
    if seat.coaches and room.find(seat.coaches) is None:
        raise TwimlError(13240, f"the call to coach, {seat.coaches}, is not in the conference")
    if "/" in seat.label or len(seat.label) > 128:
        raise TwimlError(16025, "a participantLabel has at most 128 characters and no '/'")
    holder = room.find(seat.label) if seat.label else None
    if holder is not None and holder.is_present:
        raise TwimlError(16023, f"the label {seat.label!r} is taken in this conference")


def _start_lobby(
    execution: Execution, room: Conference, seat: Seat, document: Document
) -> simpy.Event | None:
    """Play the waiting document in the background until the conference begins."""
    if room.status != "init" or not seat.wait_url:
        return None
    begun = execution.timeline.event()
    room.started.append(begun)
    source = document.follow(seat.wait_url, seat.wait_method)

    def wait() -> Steps[None]:
        try:
            yield from execution.follow(source, LOBBY_VERBS)
        except simpy.Interrupt:
            return
        except TwimlError as error:
            execution.exchange.alert(error.code, execution.call, str(error))

    waiting = execution.timeline.spawn(wait())

    def stop(_begun: simpy.Event) -> None:
        if waiting.is_alive:
            waiting.interrupt()

    assert begun.callbacks is not None
    begun.callbacks.append(stop)
    return begun
