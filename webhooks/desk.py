"""Everything a handler may reach for: the given ports, the settings, and what is made from them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from acd.ids import CallId
from webhooks.addresses import Addresses
from webhooks.flow_document import FlowDocuments
from webhooks.phrases import Phrases, phrases_for
from webhooks.places import Place
from webhooks.ports import (
    Callers,
    Campaigns,
    Customers,
    Dips,
    Errands,
    Flows,
    Journal,
    JournalDown,
    Partials,
    Recordings,
    Sessions,
    Waits,
)
from webhooks.settings import WebhookSettings
from webhooks.tokens import StepTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a web process works with. Holds no state of its own."""

    journal: Journal
    sessions: Sessions
    waits: Waits
    customers: Customers
    callers: Callers
    campaigns: Campaigns
    flows: Flows
    clock: Callable[[], datetime]
    settings: WebhookSettings
    addresses: Addresses
    tokens: StepTokens
    documents: FlowDocuments
    errands: Errands
    dips: Dips
    partials: Partials | None  #: None: no partial results are asked for
    conversations: Recordings | None  #: None: recordings are catalogued nowhere

    @property
    def now_ms(self) -> int:
        """Wall time in milliseconds since 1970: for opening hours and expiry, never for routing."""
        return int(self.clock().timestamp() * 1000)

    def phrases(self, language: str = "") -> Phrases:
        """Return our own sentences in the nearest language there is."""
        return phrases_for(language, self.settings.phrases, self.settings.language)

    def language_of(self, call_id: CallId) -> str:
        """Return the language a caller chose in the flow; empty when that can not be told now."""
        try:
            session = self.sessions.load(call_id)
        except JournalDown:
            return ""
        place = None if session is None else Place.from_text(session.state)
        return "" if place is None else place.session.language
