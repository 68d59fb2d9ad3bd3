"""What callers hear when we cannot do our part, so that nobody is lost by it.

While the journal takes no facts, a request for a document is answered with a little patience and a
redirect to the very same address, with `try=n` in it: the same call comes back, and goes on as if
nothing had been once the journal does. What the carrier tells only once and is not personal rides
along (`webhooks.hook.CARRIED`); keys and words do not, so the question is put again. A callback is
answered 503 and repeated by the carrier.

A fault of our own program is answered with an apology and a few more tries; after those the call
is ended in words rather than left in silence.
"""

from urllib.parse import urlencode

from twilio.twiml.voice_response import VoiceResponse

from webhooks.desk import Desk
from webhooks.hook import CARRIED, Hook
from webhooks.twiml import hold, last_words, say, serialized

FAULT_TRIES_MAX = 3
_PAUSE_S_MAX = 10


def come_back(desk: Desk, hook: Hook) -> str:
    """Ask for patience and let the same request be made again, a little later each time."""
    response = VoiceResponse()
    if hook.tries == 0:
        phrases = desk.phrases(hook.query.get("language", ""))
        say(response, phrases, phrases.fault)
    response.pause(length=min(2 + hook.tries, _PAUSE_S_MAX))
    response.redirect(_same_address(desk, hook), method="POST")
    return serialized(response)


def apologise(desk: Desk, hook: Hook) -> str:
    """Answer after a fault of ours: a few more tries, then an apology and the end."""
    if hook.tries < FAULT_TRIES_MAX:
        return come_back(desk, hook)
    phrases = desk.phrases(hook.query.get("language", ""))
    return last_words(phrases, phrases.fault_end)


def keep_waiting(desk: Desk, _hook: Hook) -> str:
    """Answer after a fault in a waiting document: music, and the carrier asks again by itself."""
    response = VoiceResponse()
    hold(response, desk.settings.hold_music)
    return serialized(response)


def _same_address(desk: Desk, hook: Hook) -> str:
    query = {name: value for name, value in hook.query.items() if name != "try"}
    told = {name: hook.form[name] for name in sorted(CARRIED) if hook.form.get(name)}
    query |= told | {"try": str(min(hook.tries + 1, 9_999))}
    return f"{desk.addresses.base_url}{hook.path}?{urlencode(query)}"
