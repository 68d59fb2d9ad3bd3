"""A dial: one attempt at one number, from the order to its one outcome.

    state        means
    ordered      `PlaceCall` is out; the carrier has not named the call yet
    ringing      the carrier named it
    detecting    picked up; who answered is not known, the campaign's opening plays
    waiting      a person is there and waits in the campaign's line
    connected    the person speaks, or spoke, with an agent
    apologising  nobody came in time: the safe-harbour message plays
    messaging    a message is left on a machine
    ending       all is said; the carrier has yet to report the end
    over         it has its outcome

What happens to a dial is a `Step`; `DIAL_STATES` says for every state and step where it leads.
Facts of the carrier come late, twice and out of order, so most cells off the main road are stale:
counted, changing nothing. A cell is impossible only where the step is our own conclusion: then we
are wrong, and stop.

A verdict does not wait for the answer that must have come before it: if detection speaks first, the
answer is implied, because a person in silence can not wait for a lost webhook.

What a verdict *means* (is "unknown" a person? may a message be left?) is a setting of the campaign
and decided in `dialer.verdicts`; which outcome follows is decided in `dialer.closing`.
"""

from dataclasses import dataclass
from enum import StrEnum

from acd.deadlines import NO_TICKET
from acd.ids import NO_SID, AgentId, CallId, Sid
from acd.messages import EngineError, EventError
from acd.transitions import Table
from dialer.events import Lead
from dialer.ids import CampaignId


class DialState(StrEnum):
    """Where a dial stands."""

    ORDERED = "ordered"
    RINGING = "ringing"
    DETECTING = "detecting"
    WAITING = "waiting"
    CONNECTED = "connected"
    APOLOGISING = "apologising"
    MESSAGING = "messaging"
    ENDING = "ending"
    OVER = "over"


class Step(StrEnum):
    """What can happen to a dial."""

    BOUND = "bound"  #: the carrier named the call
    ANSWERED = "answered"  #: picked up, verdict awaited
    PERSON = "person"  #: taken for a person: by verdict, or because the campaign does not detect
    MACHINE = "machine"  #: nobody to speak with: to be hung up on
    BEEPED = "beeped"  #: a machine that takes a message now
    CONNECTED = "connected"  #: an agent is there (ours)
    TOO_LATE = "too_late"  #: no agent came in time (ours)
    PLAYED = "played"  #: a recorded message was heard to its end
    REFUSED = "refused"  #: the carrier never made the call
    ENDED = "ended"  #: the carrier says it is over


DIAL_STATES = Table(
    "dial",
    DialState,
    Step,
    """
                bound   answered  person  machine beeped    connected  too_late    played refused ended
    ordered     ringing detecting waiting ending  messaging impossible impossible  stale  over    over
    ringing     stale   detecting waiting ending  messaging impossible impossible  stale  stale   over
    detecting   stale   stale     waiting ending  messaging impossible impossible  stale  stale   over
    waiting     stale   stale     stale   ending  messaging connected  apologising stale  stale   over
    connected   stale   stale     stale   ending  messaging stale      impossible  stale  stale   over
    apologising stale   stale     stale   stale   stale     impossible impossible  ending stale   over
    messaging   stale   stale     stale   stale   stale     stale      impossible  ending stale   over
    ending      stale   stale     stale   stale   stale     stale      impossible  stale  stale   over
    over        stale   stale     stale   stale   stale     impossible impossible  stale  stale   stale
    """,  # noqa: E501  (a table is read by its columns)
)

ON_THE_WAY = (DialState.ORDERED, DialState.RINGING)
"""Nobody has picked up yet."""

UNKNOWN = (DialState.ORDERED, DialState.RINGING, DialState.DETECTING)
"""Nobody knows yet who or what is there."""

IN_FLIGHT = (DialState.ORDERED, DialState.RINGING, DialState.DETECTING, DialState.WAITING)
"""Dials that can still cost an agent: what lines are counted by."""


@dataclass(slots=True)
class Dial:
    """One attempt. Mutated in place; `take` is the only way to another state."""

    call_id: CallId
    campaign_id: CampaignId
    lead: Lead
    dialled_at_ms: int
    state: DialState = DialState.ORDERED
    sid: Sid = NO_SID  #: the carrier's name
    answered_at_ms: int = -1  #: -1 until picked up
    live_at_ms: int = -1  #: since when a person is known to be there; -1 if none is
    wait_ms: int = 0  #: from there to an agent, or to the safe-harbour message
    answered_by: str = ""  #: the first verdict, empty while there is none
    is_known_to_acd: bool = False  #: the distributor has a call of this id open
    is_offered: bool = False  #: an agent is reserved and the person on the way to them
    was_connected: bool = False
    is_abandoned: bool = False  #: a person was there and no agent came within the limit
    agent_id: AgentId | None = None  #: who looked at the lead before, or promised to call
    is_counted: bool = False  #: in the abandonment windows
    is_sampled: bool = False  #: a machine verdict that an agent checks
    is_message_left: bool = False
    has_opted_out: bool = False
    ticket: int = NO_TICKET  #: of the deadline that is set for it: the verdict, or the agent

    def take(self, step: Step) -> bool:
        """Go where the step leads and say whether it led anywhere.

        Raises:
            EngineError: The step cannot happen in this state. Only steps of our own conclusion are
                ever impossible, so the dialer is wrong.
        """
        try:
            following = DIAL_STATES.turn(self.state, step)
        except EventError as error:
            raise EngineError(f"dial {self.call_id}: {error}") from error
        if following is None:
            return False
        self.state = following
        return True
