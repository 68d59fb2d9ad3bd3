"""How a supervisor's leg is heard in a room, in the carrier's words.

| mode | muted | coaching | heard by |
| --- | --- | --- | --- |
| listen | yes | no | nobody |
| whisper | no | yes | the agent alone |
| barge | no | no | everybody |

Source: https://www.twilio.com/docs/voice/api/conference-participant-resource (Muted, Coaching,
CallSidToCoach). Coaching a leg that is not in the room is refused; a supervisor who came to whisper
then listens, which nobody hears either.
"""

from acd.events import Supervision


def heard_as(mode: Supervision, coached_sid: str) -> dict[str, bool | str]:
    """Return what the carrier is asked for.

    Args:
        mode: How the supervisor takes part.
        coached_sid: The agent's leg, for whispering; empty if it is not known.
    """
    if mode is Supervision.BARGE:
        return {"muted": False, "coaching": False}
    if mode is Supervision.WHISPER and coached_sid:
        return {"muted": False, "coaching": True, "call_sid_to_coach": coached_sid}
    return {"muted": True, "coaching": False}
