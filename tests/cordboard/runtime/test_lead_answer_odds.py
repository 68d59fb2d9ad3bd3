"""The lead store's answer odds: learnt from attempts, told with each lead, kept in the file."""

from datetime import UTC, datetime

import pytest

from acd.ids import CallId
from cordboard.runtime.law import load_rule_book
from cordboard.runtime.leads import CampaignLists, ListFile, SqliteLeads
from cordboard.runtime.leads.answer_odds import NOTHING_KNOWN, traits_of
from cordboard.runtime.sealing import Pseudonyms
from dialer.commands import CloseAttempt, RequestLeads
from dialer.compliance import Purpose
from dialer.ids import CampaignId, LeadId
from tests.cordboard.runtime.runtime_doubles import SECRET

CAMPAIGN = CampaignId("renewals")
MORNING = int(datetime(2026, 11, 2, 10, tzinfo=UTC).timestamp() * 1_000)
TAUGHT = 100


@pytest.fixture
def opened(tmp_path):
    """Give a function that opens the store over a list of a hundred and two leads."""
    stores = []
    path = tmp_path / "leads.csv"
    rows = [f"L{index},+44207946{index:04d}" for index in range(TAUGHT + 2)]
    path.write_text("lead,number\n" + "\n".join(rows) + "\n")
    lists = CampaignLists(
        lists=(ListFile(name="main", path=path),),
        region="",
        purpose=Purpose.SERVICE,
        ring_ms=25_000,
        registers={},
    )

    def open_store():
        store = SqliteLeads(
            tmp_path / "leads.sqlite", {CAMPAIGN: lists}, load_rule_book(), Pseudonyms(SECRET)
        )
        stores.append(store)
        assert store.import_lists() == []
        return store

    yield open_store
    for store in stores:
        store.close()


def close(store, index: int, outcome: str) -> None:
    lead = LeadId(f"L{index}")
    call = CallId(f"{index}.1")
    store.close_attempt(CloseAttempt(call, CAMPAIGN, lead, 0, outcome, MORNING))


def lent(store, key: str, now_ms: int = MORNING):
    leads, _ = store.supply(RequestLeads(CAMPAIGN, 1, TAUGHT + 2), key, now_ms)
    return {str(lead.lead_id): lead for lead in leads}


def test_a_campaign_without_answers_tells_nothing(opened):
    assert {lead.answer_permille for lead in lent(opened(), "a").values()} == {NOTHING_KNOWN}


@pytest.mark.parametrize(("every", "low", "high"), [(2, 420, 540), (10, 80, 150)])
def test_what_others_did_is_told_of_a_fresh_lead(opened, every, low, high):
    store = opened()
    for index in range(TAUGHT):
        close(store, index, "human" if index % every == 0 else "no_answer")
    assert low <= lent(store, "a")[f"L{TAUGHT}"].answer_permille <= high


def test_an_engaged_number_says_nothing_about_who_was_there(opened):
    store = opened()
    for index in range(TAUGHT):
        close(store, index, "busy")
    assert lent(store, "a")[f"L{TAUGHT}"].answer_permille == NOTHING_KNOWN


def test_what_was_learnt_survives_a_restart(opened):
    store = opened()
    for index in range(TAUGHT):
        close(store, index, "human" if index % 2 == 0 else "no_answer")
    first = lent(store, "a")[f"L{TAUGHT}"].answer_permille
    again = lent(opened(), "b", MORNING + 6 * 60_000)[f"L{TAUGHT}"].answer_permille
    assert again == first


def test_a_lead_with_an_appointment_is_urgent(opened):
    store = opened()
    assert store.agree(CAMPAIGN, LeadId("L5"), MORNING)
    leads = lent(store, "a", MORNING + 1)
    assert (leads["L5"].urgency, leads["L6"].urgency) == (1, 0)


def test_traits_are_the_local_hour_the_attempts_the_kind_and_the_region():
    number = {"place": "gb|Europe/London", "kind": "mobile"}
    july = int(datetime(2026, 7, 1, 10, tzinfo=UTC).timestamp() * 1_000)
    assert traits_of({"attempts": 9}, number, july) == (
        "hour 11",
        "attempts 5",
        "kind mobile",
        "region gb",
    )
