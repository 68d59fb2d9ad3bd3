"""What the tests of lists share: a store over files made of rows, and short ways to ask it."""

from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count as count_from

from acd.ids import CallId
from cordboard.runtime.law import load_rule_book
from cordboard.runtime.leads import CampaignLists, ListFile, SqliteLeads
from cordboard.runtime.leads.gatekeeper import Gatekeeper
from cordboard.runtime.leads.inquiry import Inquiry
from cordboard.runtime.leads.schema import open_beside
from cordboard.runtime.sealing import Pseudonyms
from dialer.commands import CloseAttempt, OptOut, PlaceCall, RequestLeads
from dialer.compliance import Purpose
from dialer.ids import CampaignId, LeadId
from tests.cordboard.runtime.runtime_doubles import SECRET

CAMPAIGN = CampaignId("renewals")
BOOK = load_rule_book()
PSEUDONYMS = Pseudonyms(SECRET)
REQUESTS = count_from(1)
"""Every request for leads has a key of its own, also after a restart of the store."""


def at(day, hour, minute=0):
    """An instant of November 2026, which begins on a Sunday; London is at UTC."""
    return int(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp() * 1_000)


MORNING = at(2, 10)


def plan(**changes):
    """A service campaign's lists, as the store must know them."""
    told = {
        "lists": (),
        "region": "",
        "purpose": Purpose.SERVICE,
        "ring_ms": 25_000,
        "registers": {},
    }
    return CampaignLists(**told | changes)


class Lists:
    """A store over CSV texts, one per list."""

    def __init__(self, folder, texts, weights=None, quotas=None, **changes):
        files = []
        for name, text in texts.items():
            path = folder / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            files.append(
                ListFile(
                    name=name,
                    path=path,
                    weight=(weights or {}).get(name, 1),
                    conversations_max=(quotas or {}).get(name),
                )
            )
        self.path = folder / "leads.sqlite"
        self.campaigns = {CAMPAIGN: plan(lists=tuple(files), **changes)}
        self.store = SqliteLeads(self.path, self.campaigns, BOOK, PSEUDONYMS)
        self.wrong = [str(row) for row in self.store.import_lists()]

    def supply(self, count=10, now_ms=MORNING):
        request = next(REQUESTS)
        return self.store.supply(RequestLeads(CAMPAIGN, request, count), str(request), now_ms)[0]

    def names(self, count=10, now_ms=MORNING):
        return [str(lead.lead_id) for lead in self.supply(count, now_ms)]

    def permit(self, lead, now_ms=MORNING, call="7.1", index=0):
        command = PlaceCall(CallId(call), CAMPAIGN, LeadId(lead), index, 25_000, "")
        return self.store.allows(command, now_ms)

    def close(self, lead, outcome="no_answer", at_ms=MORNING, call="7.1", index=0, **changes):
        self.store.close_attempt(
            CloseAttempt(CallId(call), CAMPAIGN, LeadId(lead), index, outcome, at_ms, **changes)
        )

    def opt_out(self, lead, now_ms=MORNING):
        self.store.opt_out(OptOut(CallId("7.1"), CAMPAIGN, LeadId(lead)), now_ms)

    @contextmanager
    def inquiry(self):
        database = open_beside(self.path)
        yield Inquiry(database, Gatekeeper(database, BOOK, self.campaigns))
        database.close()

    def fall(self, now_ms=MORNING):
        with self.inquiry() as inquiry:
            return inquiry.waterfall(CAMPAIGN, now_ms)

    def counts(self, now_ms=MORNING):
        return {level.reason.code: level.count for level in self.fall(now_ms).levels}

    def why(self, number, now_ms=MORNING):
        with self.inquiry() as inquiry:
            return inquiry.number(PSEUDONYMS.number_key(number), now_ms)


def rows(first, count, header="lead,number"):
    """A list of so many leads, named and numbered from one on."""
    lines = [f"L{n},+4420794602{n:02}" for n in range(first, first + count)]
    return "\n".join([header, *lines]) + "\n"
