"""Dials under way: which there are, what each of them has open, and how one ends.

Whoever acts on a dial (`attempts` on facts about it, `live_answers` for the person there) finds it
here, and writes its commands and notices here, so that they leave in one order. A dial begins by
`place` and ends by `close`, which writes its one outcome, and nowhere else.
"""

from collections.abc import Mapping

from acd.deadlines import NO_TICKET, Deadlines
from acd.engine import Engine
from acd.events import LegCause
from acd.ids import AgentId, CallId
from dialer.campaigns import Campaign
from dialer.closing import conclude, contact_outcome, learnt_outcome
from dialer.commands import CentreCommand, CloseAttempt, PlaceCall
from dialer.dials import Dial
from dialer.events import Lead
from dialer.ids import CampaignId
from dialer.notices import DialClosed, DialerNotice, DialPlaced
from dialer.past import Past


class DialsUnderWay:
    """All dials of a site that are under way, and a memory of those lately over."""

    def __init__(
        self, acd: Engine, deadlines: Deadlines, campaigns: Mapping[CampaignId, Campaign]
    ) -> None:
        self.commands: list[CentreCommand] = []  #: taken away by the centre
        self.notices: list[DialerNotice] = []  #: likewise
        self.stale_count = 0  #: facts that came too late or twice
        self.dials: dict[CallId, Dial] = {}  #: in the order of dialling
        self.past = Past()
        self.acd = acd
        self._deadlines = deadlines
        self.campaigns = campaigns
        self._numbers: dict[str, CallId] = {}  #: keys of the numbers that are being dialled

    def is_dialled(self, number_key: str) -> bool:
        """Tell whether a number is being dialled, or spoken with."""
        return number_key in self._numbers

    def owns(self, call_id: CallId) -> bool:
        """Tell whether this call is a dial, under way or over not long ago."""
        return call_id in self.dials or call_id in self.past

    def campaign_of(self, dial: Dial) -> Campaign:
        """Return whose dial it is."""
        return self.campaigns[dial.campaign_id]

    def place(
        self, campaign: Campaign, lead: Lead, at_ms: int, agent_id: AgentId | None = None
    ) -> None:
        """Dial a lead: the only place where a dial begins.

        Args:
            campaign: Whose lead it is.
            lead: The lead, out of the stock.
            at_ms: Now.
            agent_id: Who looked at it before, or promised to call, if somebody did.
        """
        campaign_id = campaign.config.campaign_id
        dial = Dial(CallId(self.acd.ids.next()), campaign_id, lead, at_ms, agent_id=agent_id)
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

    def set_deadline(self, dial: Dial, due_ms: int, kind: str) -> None:
        """Set the one deadline of a dial, in place of the one it has."""
        self._deadlines.cancel(dial.ticket)
        dial.ticket = self._deadlines.put(due_ms, kind, dial.call_id)

    def cancel_deadline(self, dial: Dial) -> None:
        """Let nothing more fall due of a dial."""
        self._deadlines.cancel(dial.ticket)
        dial.ticket = NO_TICKET

    def learn(self, dial: Dial, at_ms: int, outcome: str) -> None:
        """Tell the pacer how a dial turned out, and that the floor is another one now."""
        campaign = self.campaign_of(dial)
        age_ms = at_ms - dial.dialled_at_ms
        campaign.observe("outcome", at_ms, duration_ms=age_ms, outcome=outcome)
        campaign.touch()

    def return_call(self, dial: Dial, at_ms: int) -> None:
        """Close the distributor's call of this dial, if it has one open."""
        if dial.is_known_to_acd:
            dial.is_known_to_acd = False
            outcome = contact_outcome(dial)
            self.commands += self.acd.close_call(at_ms, dial.call_id, outcome)

    def close(
        self, dial: Dial, at_ms: int, cause: LegCause, *, sip_code: int = 0, error_code: int = 0
    ) -> None:
        """Write a dial's one outcome: the only place where a dial ends."""
        campaign = self.campaign_of(dial)
        ended = conclude(dial, campaign.config, cause, sip_code=sip_code, error_code=error_code)
        if dial.live_at_ms < 0 and not dial.answered_by:
            self.learn(dial, at_ms, learnt_outcome(ended.outcome))
        if dial.live_at_ms >= 0 and not (dial.was_connected or dial.is_counted):
            dial.wait_ms = at_ms - dial.live_at_ms
        if dial.live_at_ms >= 0:
            campaign.count_answer(dial, at_ms)
        self.cancel_deadline(dial)
        self.return_call(dial, at_ms)
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
