"""Leads at hand: the few hundred that the lead store has lent to a campaign.

The store knows millions of leads, their history and the law; it lends the next callable ones when
asked (`RequestLeads`, `LeadsSupplied`). A lead is lent until its attempt is closed or its window
closes, whichever comes first, so one that is never dialled needs no giving back.

An answer of the store that comes after it was given up on is taken as well: its leads are lent, and
nobody else would dial them. Each request is answered once; a second answer, and a lead that is at
hand already, are passed over.

Leads are dialled in the order of the store, the urgent ones first. While few agents are free those
go first that are likely to answer: then each call on the way says most about who will be needed,
and unlikely numbers have their turn when many are free. A lead that cannot be dialled now is passed
over and keeps its place (its number is being dialled already, its window has not opened, or it is
kept for the agent who promised to call); one whose window has closed is dropped.

Retry rules, do-not-call lists and time zones do not belong here: they are the store's.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from acd.ids import AgentId
from dialer.events import Lead

LEADS_PER_REQUEST = 200
"""How many leads are asked for at a time."""

LEADS_LOW = 100
"""Below so many at hand, more are asked for."""

PERMILLE_UNKNOWN = 350
"""What a number nothing is known of is taken for: on the high side, as the pacer does."""

GIVEN_UP_MAX = 16
"""So many requests are remembered whose answer has not come: a quarter of an hour of them."""

NO_REQUEST = 0
"""The ordinal that no request has."""


@dataclass(slots=True)
class LeadStock:
    """What one campaign may dial next."""

    leads: deque[Lead] = field(default_factory=deque)
    last_request: int = NO_REQUEST  #: the ordinal of the last request
    open_request: int = NO_REQUEST  #: the one that is not answered yet, if any
    given_up: list[int] = field(default_factory=list)  #: requests whose answer may still come
    is_exhausted: bool = False  #: the store had no more when it was last asked

    def __len__(self) -> int:
        """Count the leads at hand."""
        return len(self.leads)

    @property
    def needs_more(self) -> bool:
        """Tell whether the store should be asked now."""
        return (
            len(self.leads) < LEADS_LOW
            and self.open_request == NO_REQUEST
            and not self.is_exhausted
        )

    @property
    def is_waiting(self) -> bool:
        """Tell whether the store owes an answer, or had nothing more to lend."""
        return self.open_request != NO_REQUEST or self.is_exhausted

    def give_up_waiting(self) -> None:
        """Let the store be asked again: its answer is late or lost, or it may have more by now."""
        if self.open_request != NO_REQUEST:
            self.given_up = [*self.given_up, self.open_request][-GIVEN_UP_MAX:]
        self.open_request = NO_REQUEST
        self.is_exhausted = False

    def ask(self) -> int:
        """Note that the store is asked, and return the ordinal of the request."""
        self.last_request += 1
        self.open_request = self.last_request
        return self.last_request

    def supply(self, request: int, leads: tuple[Lead, ...], *, is_exhausted: bool) -> bool:
        """Take the answer to a request; False when that request had its answer already."""
        if request == self.open_request:
            self.open_request = NO_REQUEST
            # An empty answer counts as the end as well: asking again at once would never stop.
            self.is_exhausted = is_exhausted or not leads
        elif request in self.given_up:
            self.given_up.remove(request)
        else:
            return False
        at_hand = {lead.lead_id for lead in self.leads}
        self.leads.extend(lead for lead in leads if lead.lead_id not in at_hand)
        if any(lead.urgency for lead in leads):
            self.leads = deque(sorted(self.leads, key=lambda lead: -lead.urgency))
        return True

    def take(
        self,
        at_ms: int,
        is_busy: Callable[[str], bool],
        *,
        is_kept: Callable[[Lead], bool] = lambda _lead: False,
        is_likely_first: bool = False,
    ) -> Lead | None:
        """Remove and return the next lead that may be dialled at this instant.

        Args:
            at_ms: Now; windows include their opening and exclude their closing.
            is_busy: Tells whether a number (by its key) is being dialled.
            is_kept: Tells whether a lead is kept for somebody else.
            is_likely_first: Among equally urgent ones take the likeliest to answer.

        Cost:
            O(leads passed over), usually one; O(leads at hand) with `is_likely_first`.
        """
        self._drop_closed(at_ms)
        leads = (lead for lead in self._callable(at_ms, is_busy) if not is_kept(lead))
        lead = max(leads, key=_likely_key, default=None) if is_likely_first else next(leads, None)
        if lead is not None:
            self.leads.remove(lead)
        return lead

    def take_for(
        self, agent_id: AgentId, at_ms: int, is_busy: Callable[[str], bool], owner_ms: int
    ) -> Lead | None:
        """Remove and return the next lead for one agent: what they promised goes first."""
        own = self.take(at_ms, is_busy, is_kept=lambda lead: lead.agent_id != agent_id)
        return own or self.take(
            at_ms, is_busy, is_kept=lambda lead: is_owned(lead, at_ms, owner_ms)
        )

    def upcoming(
        self, at_ms: int, is_busy: Callable[[str], bool], count: int, *, is_likely_first: bool
    ) -> list[Lead]:
        """Return the next leads in the order in which `take` would give them, at most `count`.

        Two leads may share a number; only the first is then dialled.
        """
        self._drop_closed(at_ms)
        leads = self._callable(at_ms, is_busy)
        if is_likely_first:
            return sorted(leads, key=_likely_key, reverse=True)[:count]
        return list(islice(leads, count))

    def _drop_closed(self, at_ms: int) -> None:
        if any(lead.closes_at_ms <= at_ms for lead in self.leads):
            self.leads = deque(lead for lead in self.leads if lead.closes_at_ms > at_ms)

    def _callable(self, at_ms: int, is_busy: Callable[[str], bool]) -> Iterator[Lead]:
        return (
            lead
            for lead in self.leads
            if lead.opens_at_ms <= at_ms and not is_busy(lead.number_key)
        )


def is_owned(lead: Lead, at_ms: int, owner_ms: int) -> bool:
    """Tell whether a lead belongs to whoever promised to call, for so long from its opening on."""
    return lead.agent_id is not None and at_ms < lead.opens_at_ms + owner_ms


def permille(lead: Lead) -> int:
    """Return a lead's chance of a live answer, the usual one if nothing is known of it."""
    return PERMILLE_UNKNOWN if lead.answer_permille < 0 else lead.answer_permille


def _likely_key(lead: Lead) -> tuple[int, int]:
    return lead.urgency, permille(lead)
