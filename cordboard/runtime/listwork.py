"""What the centre asks of the lead store: leads, the end of an attempt, "never again".

All three are idempotent in the store, so a crash between doing and settling does nothing twice.
"""

from typing import Protocol

from cordboard.runtime.carrier.effects import Done, Effect, Try
from cordboard.runtime.outbox import Settlement
from dialer.commands import CloseAttempt, OptOut, RequestLeads
from dialer.engine import LEADS_AGAIN_MS
from dialer.events import Lead, LeadsSupplied

_ON_THE_WAY_MS = 20_000
"""How long an answer may take to reach the centre."""


class LeadStore(Protocol):
    """What this module needs of the lead store."""

    def supply(self, request: RequestLeads, key: str, now_ms: int) -> tuple[list[Lead], bool]:
        """Return the best callable leads, the same for the same key, and whether those are all."""
        ...

    def close_attempt(self, attempt: CloseAttempt) -> None:
        """Note an attempt's outcome and decide when the lead is callable again."""
        ...

    def opt_out(self, order: OptOut, now_ms: int) -> None:
        """Put the numbers of a lead on the do-not-call list."""
        ...


class ListWork:
    """Carries out commands about leads."""

    def __init__(self, leads: LeadStore) -> None:
        self._leads = leads

    def supply(self, command: RequestLeads, attempt: Try) -> Effect:
        """Supply leads; the answer is a fact.

        The centre takes the answer to its latest request only, and asks again when none came for a
        minute. So an older request is not answered: leads lent in vain would lie idle.
        """
        if attempt.is_overtaken or attempt.age_ms > LEADS_AGAIN_MS - _ON_THE_WAY_MS:
            return Done(Settlement("overtaken"))
        leads, is_exhausted = self._leads.supply(command, attempt.key, attempt.now_ms)
        supplied = LeadsSupplied(
            at_ms=0,
            campaign_id=command.campaign_id,
            request=command.request,
            leads=tuple(leads),
            is_exhausted=is_exhausted,
        )
        return Done(Settlement(f"supplied:{len(leads)}", [(supplied, "")]))

    def close(self, command: CloseAttempt, attempt: Try) -> Effect:  # noqa: ARG002  (one signature for all)
        """Note an attempt's outcome."""
        self._leads.close_attempt(command)
        return Done(Settlement("done"))

    def opt_out(self, command: OptOut, attempt: Try) -> Effect:
        """Never call this person again."""
        self._leads.opt_out(command, attempt.now_ms)
        return Done(Settlement("done"))
