"""What each TwiML verb does, and where it may stand.

A caller's document may use them all. A document that is heard while waiting in a queue, by a callee
before being bridged, or while waiting for a conference may use only some.

Source:
    https://www.twilio.com/docs/voice/twiml/enqueue (waitUrl), .../number (whisper `url`),
    .../conference (waitUrl).
"""

from collections.abc import Mapping

from simulator.carrier.execution import Verb
from simulator.carrier.verbs.audio import pause, play, say
from simulator.carrier.verbs.dial import dial
from simulator.carrier.verbs.enqueue import enqueue
from simulator.carrier.verbs.flow import hangup, redirect, reject, without_sound
from simulator.carrier.verbs.gather import gather
from simulator.carrier.verbs.record import record
from simulator.carrier.verbs.text import sms

VERBS: Mapping[str, Verb] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Enqueue": enqueue,
    "Dial": dial,
    "Record": record,
    "Redirect": redirect,
    "Hangup": hangup,
    "Reject": reject,
    "Sms": sms,
    "Leave": without_sound,
    "Start": without_sound,
    "Stop": without_sound,
}
