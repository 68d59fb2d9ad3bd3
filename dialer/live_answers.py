"""People who were reached: from the moment somebody is known to be there to an agent, or a message.

The distributor hears of a dial only now: a call of the dial's id is opened and waits in the
campaign's line, and what becomes of it comes back as notices. So most dials, which reach nobody,
cost it nothing.

**The deadline for an agent.** At `agent_due_ms` after the verdict the safe-harbour message plays.
If an agent is reserved by then and the person already on the way to them, up to `CONNECT_GRACE_MS`
more are given: an agent a moment late is better than a message, and pulling somebody out of a room
they are just entering would leave them in silence. A late connection still counts as abandoned.

**Without agents** a person hears the campaign's recorded message with its key to opt out as soon as
they are known to be there; nobody waits, so nobody is abandoned.
"""

from acd.ids import QueueId
from acd.notices import CallClosed, CallConnected, CallOffered, OfferClosed, OfferEnd
from dialer.commands import PlaySafeHarbour
from dialer.config import Detection
from dialer.dials import Dial, DialState, Step
from dialer.under_way import DialsUnderWay

CONNECT_GRACE_MS = 1_000
"""How long a person already on the way to an agent may take beyond the limit."""

AGENT_DUE = "dialer.agent"
GRACE_DUE = "dialer.grace"
"""Kinds of deadlines: an agent overdue, an agent overdue beyond the grace."""


class LiveAnswers:
    """What is done for the people who answered."""

    def __init__(self, under_way: DialsUnderWay) -> None:
        self._under_way = under_way
        self._acd = under_way.acd

    def welcome(self, dial: Dial, at_ms: int) -> None:
        """Hand a person to the campaign's line, with the deadline for an agent."""
        campaign = self._under_way.campaign_of(dial)
        dial.live_at_ms = at_ms
        self._under_way.learn(dial, at_ms, "machine" if dial.is_sampled else "human")
        if campaign.config.is_agentless:
            self._recite(dial)
            return
        self._under_way.set_deadline(dial, at_ms + campaign.config.agent_due_ms, AGENT_DUE)
        dial.is_known_to_acd = True
        self._acd.open_call(at_ms, dial.call_id, dial.lead.customer_id, dial.sid)
        line = QueueId(dial.campaign_id)
        mine = [agent for agent in self._acd.free_agents(line) if agent == dial.agent_id]
        self._under_way.commands += self._acd.enqueue(
            at_ms, dial.call_id, line, skills={}, priority=0, preferred=tuple(mine)
        )

    def fire(self, dial: Dial, due_ms: int, kind: str) -> None:
        """Carry out the deadline for an agent."""
        if kind == AGENT_DUE and dial.is_offered:
            self._under_way.set_deadline(dial, due_ms + CONNECT_GRACE_MS, GRACE_DUE)
        else:
            self._apologise(dial, due_ms)

    # --- what the distributor concluded ------------------------------------------------------

    def hear_offered(self, notice: CallOffered) -> None:
        """Hear that an agent is reserved for a call."""
        dial = self._under_way.dials.get(notice.call_id)
        if dial is not None:
            dial.is_offered = True

    def hear_offer_closed(self, notice: OfferClosed) -> None:
        """Hear that a reservation is over; past the limit nobody else is waited for."""
        dial = self._under_way.dials.get(notice.call_id)
        if dial is None:
            return
        dial.is_offered = False
        limit_ms = self._under_way.campaign_of(dial).config.agent_due_ms
        is_late = notice.at_ms - dial.live_at_ms >= limit_ms
        if dial.state is DialState.WAITING and notice.end is not OfferEnd.CONNECTED and is_late:
            self._apologise(dial, notice.at_ms)

    def hear_connected(self, notice: CallConnected) -> None:
        """Hear that a call reached an agent; the first time is what counts."""
        dial = self._under_way.dials.get(notice.call_id)
        if dial is None or not dial.take(Step.CONNECTED):
            return
        self._under_way.cancel_deadline(dial)
        campaign = self._under_way.campaign_of(dial)
        dial.was_connected = True
        dial.wait_ms = notice.at_ms - dial.live_at_ms
        if dial.is_sampled:
            return
        campaign.observe("connected", notice.at_ms, duration_ms=dial.wait_ms)
        if dial.wait_ms > campaign.config.agent_due_ms:
            self._count_abandoned(dial, notice.at_ms)
        if campaign.config.detection is not Detection.AFTER:
            campaign.count_answer(dial, notice.at_ms)

    def hear_closed(self, notice: CallClosed) -> None:
        """Hear that the distributor has closed its call of a dial."""
        dial = self._under_way.dials.get(notice.call_id)
        if dial is not None:
            dial.is_known_to_acd = False

    # --- a message instead -------------------------------------------------------------------

    def _apologise(self, dial: Dial, at_ms: int) -> None:
        """Play the safe-harbour message: nobody came in time."""
        dial.take(Step.TOO_LATE)
        self._under_way.cancel_deadline(dial)
        dial.wait_ms = at_ms - dial.live_at_ms
        self._count_abandoned(dial, at_ms)
        self._under_way.commands += self._acd.withdraw(at_ms, dial.call_id)
        self._under_way.commands.append(PlaySafeHarbour(dial.call_id, dial.sid, dial.campaign_id))

    def _recite(self, dial: Dial) -> None:
        """Play the recorded message to a person of a campaign without agents: nobody is awaited."""
        dial.take(Step.TOO_LATE)
        self._under_way.cancel_deadline(dial)
        dial.is_counted = True
        self._under_way.commands.append(PlaySafeHarbour(dial.call_id, dial.sid, dial.campaign_id))

    def _count_abandoned(self, dial: Dial, at_ms: int) -> None:
        if dial.is_sampled:
            return
        dial.is_abandoned = True
        campaign = self._under_way.campaign_of(dial)
        campaign.observe("abandoned", at_ms)
        if not dial.was_connected:
            campaign.count_answer(dial, at_ms)
