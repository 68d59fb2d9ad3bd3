"""The document for a call flow's steps: what is heard, then one verb that asks or ends.

The interpreter's steps have one shape, so the document has: prompts, then the ending's verb. A verb
that asks is followed by a redirect to the same step: should the carrier fall through (a silence it
does not report, an empty recording), the step is answered with nothing rather than the caller being
hung up on. With a verb that reports silence itself, the redirect is never reached.

Errands (`SendMessage`, `BookCallback`) are not heard and leave no trace here.

Source: https://www.twilio.com/docs/voice/twiml/gather, .../record, .../enqueue, .../dial, .../pay.
"""

from collections.abc import Callable
from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from acd.ids import CallId
from ivr.steps import (
    Ask,
    Asking,
    Enqueue,
    FetchData,
    Final,
    HangUp,
    Pause,
    Play,
    Reject,
    Say,
    Steps,
    TakePayment,
    Transfer,
    Voicemail,
    ending_of,
)
from webhooks.addresses import Addresses
from webhooks.twiml import put_prompts, seconds, serialized

HINTS_MAX = 500
HINT_CHARACTERS_MAX = 100


@dataclass(frozen=True, slots=True)
class StepPlace:
    """Where the answer to a document's question goes."""

    call_id: CallId
    token: str
    answer_url: str
    has_partials: bool = False  #: somebody listens to what is heard while the caller speaks


class FlowDocuments:
    """Writes documents whose addresses are under one base."""

    def __init__(self, addresses: Addresses, *, talk_s_max: int) -> None:
        self._addresses = addresses
        self._talk_s_max = talk_s_max
        self._put: dict[type, Callable[..., None]] = {
            Ask: self._put_ask,
            Voicemail: self._put_voicemail,
            FetchData: self._put_nothing,
            TakePayment: self._put_payment,
            Enqueue: self._put_enqueue,
            Transfer: self._put_transfer,
            HangUp: _put_hang_up,
            Reject: _put_reject,
        }

    def document(self, steps: Steps, place: StepPlace) -> str:
        """Write the document for the steps of one answer."""
        response = VoiceResponse()
        ending = ending_of(steps)
        put_prompts(response, [step for step in steps if isinstance(step, Say | Play | Pause)])
        self._put[type(ending)](response, ending, place)
        if isinstance(ending, Asking):
            response.redirect(place.answer_url, method="POST")
        return serialized(response)

    def place(self, call_id: CallId, token: str, *, has_partials: bool = False) -> StepPlace:
        """Say where the answer to the step of this token goes."""
        return StepPlace(call_id, token, self._addresses.flow(call_id, token), has_partials)

    def _put_nothing(self, response: VoiceResponse, ending: Asking, place: StepPlace) -> None:
        """Let the redirect that follows carry out the question to another system."""

    def _put_ask(self, response: VoiceResponse, ask: Ask, place: StepPlace) -> None:
        hears = "speech" in ask.inputs
        partials = place.has_partials and hears and not ask.is_sensitive
        gather = Gather(
            input=" ".join("dtmf" if kind == "digits" else kind for kind in ask.inputs),
            action=place.answer_url,
            method="POST",
            timeout=seconds(ask.timeout_ms),
            finish_on_key=ask.finish_key,
            num_digits=ask.digits_max,
            language=ask.language if hears else None,
            hints=_hints(ask.hints) if hears and ask.hints else None,
            speech_timeout=_speech_timeout(ask) if hears else None,
            partial_result_callback=self._addresses.partial(place.call_id) if partials else None,
            action_on_empty_result=True,
        )
        put_prompts(gather, ask.prompts)
        response.append(gather)

    def _put_voicemail(self, response: VoiceResponse, step: Voicemail, place: StepPlace) -> None:
        response.record(
            action=place.answer_url,
            method="POST",
            timeout=seconds(step.silence_ms),
            finish_on_key=step.finish_key,
            max_length=seconds(step.duration_ms_max),
            play_beep=True,
            recording_status_callback=self._addresses.voicemail_recorded(place.call_id),
            recording_status_callback_event="completed",
        )

    def _put_payment(self, response: VoiceResponse, step: TakePayment, place: StepPlace) -> None:
        response.pay(
            action=place.answer_url,
            charge_amount=f"{step.charge_cents // 100}.{step.charge_cents % 100:02}",
            currency=step.currency,
            max_attempts=step.attempts_max,
            language=step.language,
            description=step.description or None,
        )

    def _put_enqueue(self, response: VoiceResponse, step: Enqueue, place: StepPlace) -> None:
        """Let the caller wait, and go on in the flow should they leave without being taken.

        No `action`: of a caller whom the centre takes out by REST the carrier would ask it too, and
        it is not documented whether its answer or the centre's document is run then. Without one,
        only a caller who left, or for whom there was no room, falls through to the next verb.
        """
        response.enqueue(
            step.queue,
            wait_url=self._addresses.wait(place.call_id, step.language),
            wait_url_method="POST",
        )
        response.redirect(self._addresses.left_queue(place.call_id, place.token), method="POST")

    def _put_transfer(self, response: VoiceResponse, step: Transfer, place: StepPlace) -> None:
        dial = Dial(
            action=place.answer_url,
            method="POST",
            timeout=max(5, seconds(step.ring_ms)),
            time_limit=self._talk_s_max,
        )
        dial.number(
            step.to,
            status_callback=self._addresses.transfer_status(place.call_id),
            status_callback_event="answered",
        )
        response.append(dial)


def _put_hang_up(response: VoiceResponse, _ending: Final, _place: StepPlace) -> None:
    response.hangup()


def _put_reject(response: VoiceResponse, ending: Reject, _place: StepPlace) -> None:
    response.reject(reason=ending.reason)


def _speech_timeout(ask: Ask) -> int | None:
    return None if ask.speech_timeout_ms is None else seconds(ask.speech_timeout_ms)


def _hints(hints: tuple[str, ...]) -> str:
    words = [hint.replace(",", " ")[:HINT_CHARACTERS_MAX] for hint in hints[:HINTS_MAX]]
    return ",".join(words)
