"""Dials under way: what each fact about one of them leads to, from the order to the outcome.

A dial's way, state by state, is in `dialer.dials`. The distributor hears of a dial only once a
person is there: then a call of the dial's id is opened and waits in the campaign's line, and what
becomes of it comes back as notices. So most dials, which reach nobody, cost it nothing.

**The deadline for an agent.** At `agent_due_ms` after the verdict the safe-harbour message plays.
If an agent is reserved by then and the person already on the way to them, up to `CONNECT_GRACE_MS`
more are given: an agent a moment late is better than a message, and pulling somebody out of a room
they are just entering would leave them in silence. A late connection still counts as abandoned.

**The deadline for a verdict.** One that does not come within `VERDICT_MS_MAX` counts as "unknown":
a lost webhook must not leave anybody in silence.

**Without agents** a person hears the campaign's recorded message with its key to opt out as soon as
they are known to be there; nobody waits, so nobody is abandoned.

Pacing, leads and settings do not belong here; see `dialer.engine`.
"""

from collections.abc import Mapping
from typing import TypeAlias

from acd.commands import EndCall
from acd.deadlines import NO_TICKET, Deadlines
from acd.engine import Engine
from acd.events import CallEnded, LegCause
from acd.ids import AgentId, CallId, QueueId, Sid
from acd.notices import (
    CallClosed,
    CallConnected,
    CallOffered,
    HandlingEnded,
    OfferClosed,
    OfferEnd,
)
from dialer.campaigns import Campaign
from dialer.closing import conclude, contact_outcome, learnt_outcome
from dialer.commands import (
    CentreCommand,
    CloseAttempt,
    LeaveMessage,
    OptOut,
    PlaceCall,
    PlaySafeHarbour,
)
from dialer.config import Detection
from dialer.detection import is_sampled
from dialer.dials import Dial, DialState, Step
from dialer.events import (
    AnswerClassified,
    AnsweredBy,
    DialAnswered,
    DialBound,
    DialRefused,
    Lead,
    MessagePlayed,
    OptedOut,
)
from dialer.ids import CampaignId
from dialer.notices import DialClosed, DialerNotice, DialPlaced
from dialer.past import Past
from dialer.verdicts import step_at_answer, step_of_verdict

CONNECT_GRACE_MS = 1_000
"""How long a person already on the way to an agent may take beyond the limit."""

VERDICT_MS_MAX = 10_000
"""From the answer to a verdict; then it counts as unknown."""

VERDICT_DUE = "dialer.verdict"
AGENT_DUE = "dialer.agent"
GRACE_DUE = "dialer.grace"
"""Kinds of deadlines: a verdict overdue, an agent overdue, an agent overdue beyond the grace."""

DialFact: TypeAlias = (
    DialBound | DialAnswered | AnswerClassified | DialRefused | MessagePlayed | CallEnded
)
"""Facts about one dial that mean nothing once it is over."""


class Attempts:
    """All dials of a site that are under way, and a memory of those lately over."""

    def __init__(
        self, acd: Engine, deadlines: Deadlines, campaigns: Mapping[CampaignId, Campaign]
    ) -> None:
        self.commands: list[CentreCommand] = []  #: taken away by the centre
        self.notices: list[DialerNotice] = []  #: likewise
        self.stale_count = 0  #: facts that came too late or twice
        self.dials: dict[CallId, Dial] = {}  #: in the order of dialling
        self.past = Past()
        self._acd = acd
        self._deadlines = deadlines
        self._campaigns = campaigns
        self._numbers: dict[str, CallId] = {}  #: keys of the numbers that are being dialled

    def is_dialled(self, number_key: str) -> bool:
        """Tell whether a number is being dialled, or spoken with."""
        return number_key in self._numbers

    def owns(self, call_id: CallId) -> bool:
        """Tell whether this call is a dial, under way or over not long ago."""
        return call_id in self.dials or call_id in self.past

    def place(
        self, campaign: Campaign, lead: Lead, at_ms: int, agent_id: AgentId | None = None
    ) -> None:
        """Dial a lead: the only place where a dial begins.

        Args:
            campaign: Whose lead it is.
            lead: The lead, out of the stock.
            at_ms: Now.
            agent_id: Who looked at it before, if somebody did.
        """
        campaign_id = campaign.config.campaign_id
        dial = Dial(CallId(self._acd.ids.next()), campaign_id, lead, at_ms, agent_id=agent_id)
        self.adopt(campaign, dial)
        campaign.allowance.spend()
        campaign.observe("dialled", at_ms, odds_permille=lead.answer_permille)
        self.notices.append(DialPlaced(at_ms, dial.call_id, campaign_id, lead.lead_id))
        self.commands.append(
            PlaceCall(
                dial.call_id,
                campaign_id,
                lead.lead_id,
                lead.number_index,
                campaign.config.ring_ms,
                lead.rule_set,
            )
        )

    def adopt(self, campaign: Campaign, dial: Dial) -> None:
        """Take a dial into the books: one just ordered, or one of a snapshot."""
        self.dials[dial.call_id] = campaign.dials[dial.call_id] = dial
        self._numbers[dial.lead.number_key] = dial.call_id

    # --- facts -------------------------------------------------------------------------------

    def handle(self, fact: DialFact) -> None:
        """Take one fact about a dial.

        Raises:
            EventError: No such dial is known; whoever wrote the fact named a wrong one.
        """
        dial = self.dials.get(fact.call_id)
        if dial is None:
            self.past.whose(fact.call_id)
            self.stale_count += 1
        elif not self._advance(dial, fact):
            self.stale_count += 1

    def opt_out(self, fact: OptedOut) -> None:
        """Pass an opt-out on, once; also one that comes after the dial's end.

        Raises:
            EventError: No such dial is known; whoever wrote the fact named a wrong one.
        """
        dial = self.dials.get(fact.call_id)
        if dial is None:
            self.commands.append(OptOut(fact.call_id, *self.past.whose(fact.call_id)))
        elif dial.has_opted_out:
            self.stale_count += 1
        else:
            dial.has_opted_out = True
            self.commands.append(OptOut(dial.call_id, dial.campaign_id, dial.lead.lead_id))

    def _advance(self, dial: Dial, fact: DialFact) -> bool:
        """Let a fact act on its dial; False when it came too late or twice."""
        match fact:
            case DialBound():
                self._name(dial, fact.sid)
                return dial.take(Step.BOUND)
            case DialAnswered():
                self._name(dial, fact.sid)
                return self._answer(dial, fact.at_ms)
            case AnswerClassified():
                return self._classify(dial, fact.at_ms, fact.answered_by)
            case MessagePlayed():
                was_messaging = dial.state is DialState.MESSAGING
                dial.is_message_left = dial.take(Step.PLAYED) and was_messaging
                return dial.state is DialState.ENDING
            case DialRefused():
                is_over = dial.take(Step.REFUSED)
                if is_over:
                    self._close(dial, fact.at_ms, LegCause.REFUSED, error_code=fact.code)
                return is_over
        dial.take(Step.ENDED)
        self._close(dial, fact.at_ms, fact.cause, sip_code=fact.sip_code)
        return True

    def _name(self, dial: Dial, sid: Sid) -> None:
        """Note the carrier's name; it may come after a person is waiting already."""
        dial.sid = sid
        if dial.is_known_to_acd:
            self._acd.bind_call(dial.call_id, sid)

    def _answer(self, dial: Dial, at_ms: int) -> bool:
        step = step_at_answer(self._campaigns[dial.campaign_id].config)
        if not dial.take(step):
            return False
        dial.answered_at_ms = at_ms
        if step is Step.PERSON:
            self._welcome(dial, at_ms)
        else:
            self._set_deadline(dial, at_ms + VERDICT_MS_MAX, VERDICT_DUE)
        return True

    def _classify(self, dial: Dial, at_ms: int, answered_by: AnsweredBy) -> bool:
        """Let a verdict act. The first one counts, where any does; it implies the answer."""
        config = self._campaigns[dial.campaign_id].config
        if dial.answered_by or config.detection is Detection.OFF:
            return False
        dial.answered_by = answered_by.value
        if dial.answered_at_ms < 0:
            dial.answered_at_ms = at_ms
        step = step_of_verdict(config, answered_by)
        if step in (Step.MACHINE, Step.BEEPED) and dial.live_at_ms < 0:
            step = self._check_machine(dial, step, at_ms)
        if not dial.take(step):
            return False
        if step is Step.PERSON:
            self._welcome(dial, at_ms)
        else:
            self._dismiss(dial, at_ms, step)
        return True

    def _check_machine(self, dial: Dial, step: Step, at_ms: int) -> Step:
        """Count a machine verdict; let a free agent check a small share of them."""
        campaign = self._campaigns[dial.campaign_id]
        campaign.count_machine(at_ms)
        if not is_sampled(dial.call_id, campaign.config.machine_sample_percent):
            return step
        wanted = sum(other.state is DialState.WAITING for other in campaign.dials.values())
        if self._acd.floor(QueueId(dial.campaign_id)).ready <= wanted:
            return step
        dial.is_sampled = True
        return Step.PERSON

    # --- deadlines ---------------------------------------------------------------------------

    def fire(self, due_ms: int, kind: str, call_id: CallId) -> None:
        """Carry out one deadline that was popped from the shared heap."""
        dial = self.dials[call_id]
        dial.ticket = NO_TICKET
        if kind == VERDICT_DUE:
            self._classify(dial, due_ms, AnsweredBy.UNKNOWN)
        elif kind == AGENT_DUE and dial.is_offered:
            self._set_deadline(dial, due_ms + CONNECT_GRACE_MS, GRACE_DUE)
        else:
            self._apologise(dial, due_ms)

    def _set_deadline(self, dial: Dial, due_ms: int, kind: str) -> None:
        self._deadlines.cancel(dial.ticket)
        dial.ticket = self._deadlines.put(due_ms, kind, dial.call_id)

    def _cancel_deadline(self, dial: Dial) -> None:
        self._deadlines.cancel(dial.ticket)
        dial.ticket = NO_TICKET

    # --- what the distributor concluded about a person ---------------------------------------

    def hear_offered(self, notice: CallOffered) -> None:
        """Hear that an agent is reserved for a call."""
        dial = self.dials.get(notice.call_id)
        if dial is not None:
            dial.is_offered = True

    def hear_offer_closed(self, notice: OfferClosed) -> None:
        """Hear that a reservation is over; past the limit nobody else is waited for."""
        dial = self.dials.get(notice.call_id)
        if dial is None:
            return
        dial.is_offered = False
        limit_ms = self._campaigns[dial.campaign_id].config.agent_due_ms
        is_late = notice.at_ms - dial.live_at_ms >= limit_ms
        if dial.state is DialState.WAITING and notice.end is not OfferEnd.CONNECTED and is_late:
            self._apologise(dial, notice.at_ms)

    def hear_connected(self, notice: CallConnected) -> None:
        """Hear that a call reached an agent; the first time is what counts."""
        dial = self.dials.get(notice.call_id)
        if dial is None or not dial.take(Step.CONNECTED):
            return
        self._cancel_deadline(dial)
        campaign = self._campaigns[dial.campaign_id]
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
        dial = self.dials.get(notice.call_id)
        if dial is not None:
            dial.is_known_to_acd = False

    def hear_handled(self, notice: HandlingEnded) -> None:
        """Hear what an agent found at the other end, if it was a dial whose verdict is in doubt."""
        if not notice.disposition:
            return
        dial = self.dials.get(notice.call_id)
        if dial is None:
            known = self.past.verdict_of(notice.call_id)
        else:
            known = (dial.campaign_id, dial.is_sampled) if dial.answered_by else None
        campaign = None if known is None else self._campaigns.get(known[0])
        if campaign is not None and known is not None:
            campaign.learn_truth(notice.disposition, was_checked=known[1])

    # --- what follows ------------------------------------------------------------------------

    def _welcome(self, dial: Dial, at_ms: int) -> None:
        """Hand a person to the campaign's line, with the deadline for an agent."""
        campaign = self._campaigns[dial.campaign_id]
        dial.live_at_ms = at_ms
        self._learn(dial, at_ms, "machine" if dial.is_sampled else "human")
        if campaign.config.is_agentless:
            self._recite(dial)
            return
        self._set_deadline(dial, at_ms + campaign.config.agent_due_ms, AGENT_DUE)
        dial.is_known_to_acd = True
        self._acd.open_call(at_ms, dial.call_id, dial.lead.customer_id, dial.sid)
        line = QueueId(dial.campaign_id)
        mine = [agent for agent in self._acd.free_agents(line) if agent == dial.agent_id]
        self.commands += self._acd.enqueue(
            at_ms, dial.call_id, line, skills={}, priority=0, preferred=tuple(mine)
        )

    def _dismiss(self, dial: Dial, at_ms: int, step: Step) -> None:
        """End a call that no person is on, or leave a message there."""
        self._cancel_deadline(dial)
        if dial.live_at_ms < 0:
            self._learn(dial, at_ms, "machine")
        dial.live_at_ms, dial.was_connected, dial.wait_ms = -1, False, 0
        self._return_call(dial, at_ms)
        if step is Step.BEEPED:
            self.commands.append(LeaveMessage(dial.call_id, dial.sid, dial.campaign_id))
        else:
            self.commands.append(EndCall(dial.call_id, dial.sid))

    def _apologise(self, dial: Dial, at_ms: int) -> None:
        """Play the safe-harbour message: nobody came in time."""
        dial.take(Step.TOO_LATE)
        self._cancel_deadline(dial)
        dial.wait_ms = at_ms - dial.live_at_ms
        self._count_abandoned(dial, at_ms)
        self.commands += self._acd.withdraw(at_ms, dial.call_id)
        self.commands.append(PlaySafeHarbour(dial.call_id, dial.sid, dial.campaign_id))

    def _recite(self, dial: Dial) -> None:
        """Play the recorded message to a person of a campaign without agents: nobody is awaited."""
        dial.take(Step.TOO_LATE)
        self._cancel_deadline(dial)
        dial.is_counted = True
        self.commands.append(PlaySafeHarbour(dial.call_id, dial.sid, dial.campaign_id))

    def _count_abandoned(self, dial: Dial, at_ms: int) -> None:
        if dial.is_sampled:
            return
        dial.is_abandoned = True
        campaign = self._campaigns[dial.campaign_id]
        campaign.observe("abandoned", at_ms)
        if not dial.was_connected:
            campaign.count_answer(dial, at_ms)

    def _learn(self, dial: Dial, at_ms: int, outcome: str) -> None:
        """Tell the pacer how a dial turned out, and that the floor is another one now."""
        campaign = self._campaigns[dial.campaign_id]
        age_ms = at_ms - dial.dialled_at_ms
        campaign.observe("outcome", at_ms, duration_ms=age_ms, outcome=outcome)
        campaign.touch()

    def _return_call(self, dial: Dial, at_ms: int) -> None:
        """Close the distributor's call of this dial, if it has one open."""
        if dial.is_known_to_acd:
            dial.is_known_to_acd = False
            outcome = contact_outcome(dial)
            self.commands += self._acd.close_call(at_ms, dial.call_id, outcome)

    def _close(
        self, dial: Dial, at_ms: int, cause: LegCause, *, sip_code: int = 0, error_code: int = 0
    ) -> None:
        """Write a dial's one outcome: the only place where a dial ends."""
        campaign = self._campaigns[dial.campaign_id]
        ended = conclude(dial, campaign.config, cause, sip_code=sip_code, error_code=error_code)
        if dial.live_at_ms < 0 and not dial.answered_by:
            self._learn(dial, at_ms, learnt_outcome(ended.outcome))
        if dial.live_at_ms >= 0 and not (dial.was_connected or dial.is_counted):
            dial.wait_ms = at_ms - dial.live_at_ms
        if dial.live_at_ms >= 0:
            campaign.count_answer(dial, at_ms)
        self._cancel_deadline(dial)
        self._return_call(dial, at_ms)
        del self.dials[dial.call_id], campaign.dials[dial.call_id]
        del self._numbers[dial.lead.number_key]
        self.past.note(
            dial.call_id,
            dial.campaign_id,
            dial.lead.lead_id,
            at_ms,
            was_checked=dial.is_sampled if dial.answered_by else None,
        )
        campaign.touch()
        self._report(dial, at_ms, ended.outcome.value)

    def _report(self, dial: Dial, at_ms: int, outcome: str) -> None:
        """Say once, to whoever listens and to the lead store, how a dial ended."""
        lead = dial.lead
        self.notices.append(
            DialClosed(
                at_ms,
                dial.call_id,
                dial.campaign_id,
                lead.lead_id,
                outcome=outcome,
                is_live_answer=dial.live_at_ms >= 0 and not dial.is_sampled,
                is_abandoned=dial.is_abandoned,
                wait_ms=dial.wait_ms,
                answered_at_ms=dial.answered_at_ms,
                live_at_ms=dial.live_at_ms,
            )
        )
        self.commands.append(
            CloseAttempt(
                dial.call_id,
                dial.campaign_id,
                lead.lead_id,
                lead.number_index,
                outcome=outcome,
                dialled_at_ms=dial.dialled_at_ms,
                was_connected=dial.was_connected,
                is_abandoned=dial.is_abandoned,
            )
        )
