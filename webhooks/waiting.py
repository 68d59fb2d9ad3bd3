"""Callers in line: what they hear, the key that leaves, and what comes after the longest wait.

The carrier asks for the waiting document again and again, as long as somebody waits: that is the
heart-beat of a waiting call, and each beat is a fact. The first document is short, because only
from the first beat on can the caller be moved; should a move then fail with "not yet", the centre
tries again at the next beat, which must not be half a minute away.
"""

from flask import Blueprint
from twilio.twiml.voice_response import Gather, VoiceResponse

from webhooks import facts
from webhooks.admission import Admission
from webhooks.degraded import keep_waiting
from webhooks.desk import Desk
from webhooks.hook import Hook
from webhooks.phrases import Phrases
from webhooks.ports import Wait
from webhooks.recordings import recording_in
from webhooks.routes import Routes
from webhooks.twiml import hold, last_words, say, serialized

FIRST_PAUSE_S = 3
TURN_S = 60
"""One piece of music is played per so many seconds of waiting."""


class Waiting:
    """Handlers of the waiting line."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def wait(self, hook: Hook) -> str:
        """Tell the caller where they stand, and let time pass."""
        self._desk.journal.append([facts.call_waited(hook)])
        wait = self._desk.waits.of(hook.call_id)
        language = hook.query.get("language", "") or (wait.language if wait is not None else "")
        phrases = self._desk.phrases(language)
        waited_s = hook.number("QueueTime")
        response = VoiceResponse()
        if waited_s == 0:
            say(response, phrases, phrases.waiting)
            response.pause(length=FIRST_PAUSE_S)
            return serialized(response)
        parent = self._gather(response, hook)
        self._announce(parent, phrases, wait)
        hold(parent, self._desk.settings.hold_music, turn=waited_s // TURN_S)
        return serialized(response)

    def key(self, hook: Hook) -> str:
        """Let the caller out of the line if they pressed the key that leaves it."""
        response = VoiceResponse()
        if hook.get("Digits") == self._desk.settings.leave_key != "":
            response.leave()
        else:
            response.redirect(self._wait_address(hook), method="POST")
        return serialized(response)

    def voicemail(self, hook: Hook) -> str:
        """Take a message from somebody whom the centre could not connect."""
        phrases = self._desk.phrases(self._desk.language_of(hook.call_id))
        response = VoiceResponse()
        say(response, phrases, phrases.record_message)
        response.record(
            action=self._desk.addresses.voicemail_done(hook.call_id),
            method="POST",
            max_length=120,
            timeout=5,
            play_beep=True,
            recording_status_callback=self._desk.addresses.voicemail_recorded(hook.call_id),
            recording_status_callback_event="completed",
        )
        response.redirect(self._desk.addresses.goodbye(hook.call_id), method="POST")
        return serialized(response)

    def voicemail_done(self, hook: Hook) -> str:
        """Thank for the message."""
        told = facts.voicemail_left(hook)
        if told:
            self._desk.journal.append(told)
        phrases = self._desk.phrases(self._desk.language_of(hook.call_id))
        return last_words(phrases, phrases.thanks)

    def goodbye(self, hook: Hook) -> str:
        """Apologise to somebody whom nobody could serve, and end the call."""
        phrases = self._desk.phrases(self._desk.language_of(hook.call_id))
        return last_words(phrases, phrases.sorry_nobody)

    def recorded(self, hook: Hook) -> None:
        """Note that a message is stored."""
        told = facts.voicemail_left(hook)
        if told and hook.get("RecordingStatus") == "completed":
            self._desk.journal.append(told)
        if self._desk.conversations is not None and hook.get("RecordingSid"):
            self._desk.conversations.changed(recording_in(hook))

    def _gather(self, response: VoiceResponse, hook: Hook) -> VoiceResponse | Gather:
        """Listen for the key that leaves, where there is one."""
        if not self._desk.settings.leave_key:
            return response
        gather = Gather(
            input="dtmf",
            num_digits=1,
            timeout=1,
            action=self._desk.addresses.wait_key(hook.call_id),
            method="POST",
        )
        response.append(gather)
        return gather

    def _announce(
        self, parent: VoiceResponse | Gather, phrases: Phrases, wait: Wait | None
    ) -> None:
        """Say place and expected wait, as far as something honest can be said."""
        texts = [phrases.waiting if wait is None else phrases.place(wait.position)]
        if wait is not None and wait.wait_ms_low is not None and wait.wait_ms_high is not None:
            texts.append(phrases.wait(wait.wait_ms_low, wait.wait_ms_high))
        if self._desk.settings.leave_key:
            texts.append(phrases.leave.format(key=self._desk.settings.leave_key))
        say(parent, phrases, *texts)

    def _wait_address(self, hook: Hook) -> str:
        return self._desk.addresses.wait(hook.call_id, hook.query.get("language", ""))


def blueprint(desk: Desk, admission: Admission) -> Blueprint:
    """Make the routes of the waiting line.

    Whatever fails while somebody waits, they go on waiting: the carrier asks again by itself.
    """
    waiting, routes = Waiting(desk), Routes("waiting", desk, admission)
    routes.documents(
        {"/voice/wait": waiting.wait, "/voice/wait/key": waiting.key},
        if_down=keep_waiting,
        if_wrong=keep_waiting,
    )
    routes.documents(
        {
            "/voice/voicemail": waiting.voicemail,
            "/voice/voicemail/done": waiting.voicemail_done,
            "/voice/goodbye": waiting.goodbye,
        }
    )
    routes.facts({"/voice/voicemail/recorded": waiting.recorded})
    return routes.blueprint
