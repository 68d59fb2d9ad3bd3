"""What the carrier tells the application, and when: the parameter sets of every webhook.

A voice webhook asks for TwiML and says who calls whom; a status callback tells how a leg gets on;
conference, detection, recording and message callbacks tell the rest. Values are strings, dates RFC
2822 in GMT. `SequenceNumber` counts the callbacks of one call from 0, so that a receiver can put
them in order.

Source:
    https://www.twilio.com/docs/voice/twiml (request parameters),
    https://www.twilio.com/docs/voice/api/call-resource (status callbacks),
    https://www.twilio.com/docs/voice/twiml/conference (conference events),
    https://www.twilio.com/docs/voice/answering-machine-detection (verdicts).
"""

import math
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

import simpy

from simulator.carrier.account import Account
from simulator.carrier.calls import API_VERSION, Call, Callback
from simulator.carrier.conferences import EVENT_GROUPS, Conference
from simulator.carrier.faults import FaultPlan, FaultyPost
from simulator.carrier.messages import Message
from simulator.carrier.places import place_parameters
from simulator.carrier.recordings import Recording
from simulator.carrier.timeline import Timeline
from simulator.carrier.twiml import Fetch
from simulator.carrier.webhooks import Courier, Delivery

#: CallStatus that goes with a progress event; `completed` goes with the final status.
EVENT_STATUS: Mapping[str, str] = {
    "initiated": "initiated",
    "ringing": "ringing",
    "answered": "in-progress",
}

#: What the far end's network answered, by final status.
SIP_CODES: Mapping[str, str] = {
    "completed": "200",
    "busy": "486",
    "no-answer": "487",
    "canceled": "487",
    "failed": "404",
}


#: How calls placed by the account are attested: the carrier knows whose number is shown.
ATTESTATION = "A"


def rfc2822(instant: datetime) -> str:
    """Return an instant as the carrier writes it, such as `Tue, 03 Nov 2026 09:00:00 +0000`."""
    return format_datetime(instant)


class Reporter:
    """Build and send every kind of webhook."""

    def __init__(
        self, account: Account, timeline: Timeline, courier: Courier, plan: FaultPlan
    ) -> None:
        self._account = account
        self._timeline = timeline
        self._courier = courier
        self._post = FaultyPost(timeline, plan, courier.post)

    def voice_parameters(self, call: Call, status: str | None = None) -> dict[str, str]:
        """Return the parameters of every voice webhook about a call."""
        parameters = {
            "CallSid": call.sid,
            "AccountSid": self._account.sid,
            "From": call.from_,
            "To": call.to,
            "Caller": call.from_,
            "Called": call.to,
            "CallStatus": status or call.status,
            "ApiVersion": API_VERSION,
            "Direction": call.direction,
            **place_parameters("From", "Caller", call.from_),
            **place_parameters("To", "Called", call.to),
            **dict(call.extra),
        }
        if call.parent is not None:
            parameters["ParentCallSid"] = call.parent.sid
        return parameters

    def ask(self, call: Call, source: Fetch, extra: Mapping[str, str]) -> simpy.Event:
        """Request a document; the event's value will be the `Answer`."""
        params = {**self.voice_parameters(call), **extra, **source.extra}
        return self._courier.post(
            Delivery(
                "voice",
                source.url,
                tuple(params.items()),
                source.method,
                call_sid=call.sid,
                jar=call.cookies,
            )
        )

    def progress(self, call: Call, event: str, extra: Mapping[str, str] | None = None) -> None:
        """Tell how a leg gets on, if that event was asked for; `extra` is said beside the usual."""
        callback = call.terms.callback
        if not callback.wants(event):
            return
        params = {
            **self.voice_parameters(call, EVENT_STATUS.get(event, call.status)),
            "Timestamp": rfc2822(self._timeline.instant()),
            "SequenceNumber": str(call.sequence),
            "CallbackSource": "call-progress-events",
            **(extra or {}),
        }
        if event in {"ringing", "answered"} and call.is_attested:
            params["StirStatus"] = ATTESTATION
        if event == "completed":
            params |= self._ending(call)
        call.sequence += 1
        self._send("status", callback, params, call_sid=call.sid, lane=call.sid)

    def conference_event(
        self, conference: Conference, event: str, about: Mapping[str, str]
    ) -> None:
        """Tell what happened in a conference, if its first participant asked for it."""
        callback = conference.callback
        if callback is None or not callback.wants(EVENT_GROUPS[event]):
            return
        conference.sequence += 1
        params = {
            "ConferenceSid": conference.sid,
            "FriendlyName": conference.name,
            "AccountSid": self._account.sid,
            "SequenceNumber": str(conference.sequence),
            "Timestamp": rfc2822(self._timeline.instant()),
            "StatusCallbackEvent": event,
            **about,
        }
        self._send(
            "conference",
            callback,
            params,
            call_sid=about.get("CallSid", ""),
            lane=conference.sid,
        )

    def verdict(self, call: Call, callback: Callback) -> None:
        """Tell what machine detection found."""
        params = {
            "CallSid": call.sid,
            "AccountSid": self._account.sid,
            "AnsweredBy": call.answered_by,
            "MachineDetectionDuration": str(call.detection_ms or 0),
        }
        self._send("amd", callback, params, call_sid=call.sid)

    def partial_speech(self, call: Call, callback: Callback, words: str) -> None:
        """Tell what has been understood of an utterance so far; the answer controls nothing."""
        params = {
            **self.voice_parameters(call),
            "UnstableSpeechResult": words,
            "SequenceNumber": "0",
        }
        self._send("partial", callback, params, call_sid=call.sid)

    def recording(self, recording: Recording) -> None:
        """Tell that a recording changed its status, if that was asked for."""
        if not recording.callback.wants(recording.status):
            return
        subject = (
            {"CallSid": recording.call_sid}
            if recording.call_sid
            else {"ConferenceSid": recording.conference_sid}
        )
        params = {
            "AccountSid": self._account.sid,
            **subject,
            "RecordingSid": recording.sid,
            "RecordingUrl": recording.url,
            "RecordingStatus": recording.status,
            "RecordingDuration": str(max(0, recording.seconds())),
            "RecordingChannels": str(recording.channels),
            "RecordingStartTime": rfc2822(self._timeline.instant(recording.began_at_s)),
            "RecordingSource": recording.source,
            "RecordingTrack": recording.track,
        }
        self._send(
            "recording", recording.callback, params, call_sid=recording.call_sid, lane=recording.sid
        )

    def message_status(self, message: Message) -> None:
        """Tell how an outbound message gets on."""
        if not message.callback_url:
            return
        params = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "AccountSid": self._account.sid,
            "From": message.from_,
            "To": message.to,
            "MessageStatus": message.status,
            "SmsStatus": message.status,
            "ApiVersion": API_VERSION,
        }
        if message.error_code is not None:
            params["ErrorCode"] = str(message.error_code)
        self._send("message-status", Callback(message.callback_url), params, lane=message.sid)

    def incoming_message(self, message: Message, url: str, method: str) -> simpy.Event:
        """Bring a message to the application; the answer may hold replies."""
        params = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "AccountSid": self._account.sid,
            "From": message.from_,
            "To": message.to,
            "Body": message.body,
            "NumMedia": "0",
            "NumSegments": str(message.segments),
            "SmsStatus": "received",
            "ApiVersion": API_VERSION,
            **_side("From", message.from_),
            **_side("To", message.to),
        }
        delivery = Delivery("message", url, tuple(params.items()), method, call_sid=message.sid)
        return self._courier.post(delivery)

    def _ending(self, call: Call) -> dict[str, str]:
        seconds = math.floor(call.answered_s)
        return {
            "CallDuration": str(seconds),
            "Duration": str(math.ceil(seconds / 60)),
            "SipResponseCode": SIP_CODES[call.status],
        }

    def _send(
        self,
        kind: str,
        callback: Callback,
        params: Mapping[str, str],
        *,
        call_sid: str = "",
        lane: str = "",
    ) -> None:
        delivery = Delivery(
            kind, callback.url, tuple(params.items()), callback.method, call_sid=call_sid, lane=lane
        )
        self._post.send(delivery)


def _side(side: str, address: str) -> dict[str, str]:
    """Return where one side of a text is; texts know each side by one name."""
    return place_parameters(side, side, address)
