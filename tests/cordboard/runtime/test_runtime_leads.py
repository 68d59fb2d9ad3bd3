"""The lead store: lists, windows, the gate, retries, opting out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from acd.ids import CallId
from cordboard.runtime.law import load_rule_book
from cordboard.runtime.leads import CampaignLists, ListFile, RowError, SqliteLeads, read_leads
from cordboard.runtime.leads.places import offset_spans
from cordboard.runtime.leads.retries import next_step
from cordboard.runtime.leads.schema import open_database
from cordboard.runtime.leads.standing import Standing
from cordboard.runtime.sealing import Pseudonyms
from dialer.commands import CloseAttempt, OptOut, PlaceCall, RequestLeads
from dialer.compliance import Purpose
from dialer.ids import CampaignId, LeadId
from tests.cordboard.runtime.runtime_doubles import SECRET

CAMPAIGN = CampaignId("renewals")
PLAIN = CampaignLists(lists=(), region="", purpose=Purpose.SERVICE, ring_ms=25_000, registers={})


def at(day: int, hour: int, minute: int = 0) -> int:
    """An instant of November 2026, which begins on a Sunday; London is at UTC."""
    return int(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp() * 1_000)


MORNING = at(2, 10)


@pytest.fixture
def opened(tmp_path):
    """Give a function that opens the store over a list."""
    stores = []

    def open_store(rows="L1,+442079460201\nL2,+442079460202\n", **changes):
        path = tmp_path / "leads.csv"
        header = changes.pop("header", "lead,number")
        path.write_text(f"{header}\n{rows}")
        lists = CampaignLists(
            **{
                "lists": (ListFile(name="main", path=path),),
                "region": "",
                "purpose": Purpose.SERVICE,
                "ring_ms": 25_000,
                "registers": {},
            }
            | changes
        )
        store = SqliteLeads(
            tmp_path / "leads.sqlite", {CAMPAIGN: lists}, load_rule_book(), Pseudonyms(SECRET)
        )
        stores.append(store)
        store.wrong = store.import_lists()
        return store

    yield open_store
    for store in stores:
        store.close()


def supply(store, now_ms=MORNING, count=10, key="1-0:0"):
    leads, is_exhausted = store.supply(RequestLeads(CAMPAIGN, 1, count), key, now_ms)
    return [lead.lead_id for lead in leads], is_exhausted


def close(store, lead="L1", outcome="no_answer", at_ms=MORNING, call="7.1", index=0, **changes):
    store.close_attempt(
        CloseAttempt(CallId(call), CAMPAIGN, LeadId(lead), index, outcome, at_ms, **changes)
    )


def place(lead="L1", index=0):
    return PlaceCall(CallId("7.1"), CAMPAIGN, LeadId(lead), index, 25_000, "gb")


class TestLending:
    def test_leads_come_by_priority_and_once(self, opened):
        store = opened("L1,+442079460201,\nL2,+442079460202,9\n", header="lead,number,priority")
        assert supply(store, count=1) == (["L2"], False)
        assert supply(store, key="2-0:0") == (["L1"], True)
        assert supply(store, key="3-0:0") == ([], True)

    def test_same_request_gets_the_same_answer_again(self, opened):
        store = opened()
        assert supply(store) == supply(store)

    def test_lead_tells_no_number(self, opened):
        leads, _ = opened().supply(RequestLeads(CAMPAIGN, 1, 1), "k", MORNING)
        assert "+44" not in repr(leads)
        assert "gb@" in leads[0].rule_set

    def test_nobody_is_supplied_outside_the_calling_hours(self, opened):
        store = opened()
        assert supply(store, now_ms=at(2, 7, 59), key="a") == ([], True)
        assert supply(store, now_ms=at(1, 9, 30), key="b") == ([], True)  # Sunday, from 10
        assert supply(store, now_ms=at(2, 21), key="c") == ([], True)

    def test_number_with_several_zones_may_be_called_in_none_of_their_nights(self, opened):
        """Idaho's numbers are in two zones: 8:30 in Boise is 7:30 in the north."""
        store = opened("L1,+12085550101\n")
        assert supply(store, now_ms=at(2, 15, 30), key="a") == ([], True)
        assert supply(store, now_ms=at(2, 16, 30), key="b") == (["L1"], True)

    def test_loan_that_led_to_no_attempt_is_over_after_five_minutes(self, opened):
        store = opened("L1,+442079460201\n")
        leads, _ = store.supply(RequestLeads(CAMPAIGN, 1, 1), "a", MORNING)
        assert leads[0].closes_at_ms == MORNING + 5 * 60_000
        assert supply(store, now_ms=MORNING + 4 * 60_000, key="b") == ([], True)
        assert supply(store, now_ms=MORNING + 5 * 60_000, key="c") == (["L1"], True)

    def test_state_survives_a_restart(self, opened):
        supply(opened(), count=1)
        assert supply(opened(), key="2-0:0") == (["L2"], True)


class TestGate:
    def test_marketing_needs_a_list_checked_against_the_register(self, opened):
        assert supply(opened(purpose=Purpose.MARKETING)) == ([], True)

    def test_list_checked_lately_may_be_called(self, opened):
        store = opened(purpose=Purpose.MARKETING, registers={"gb-tps": at(1, 0)})
        assert supply(store)[0] == ["L1", "L2"]

    def test_gate_is_asked_again_when_the_dial_is_carried_out(self, opened):
        store = opened()
        assert store.number_of(place()) == "+442079460201"
        assert store.allows(place(), MORNING)
        assert not store.allows(place(), at(2, 21))
        store.opt_out(OptOut(CallId("7.1"), CAMPAIGN, LeadId("L1")), MORNING)
        assert not store.allows(place(), MORNING)
        assert not store.allows(place("L9"), MORNING)

    def test_who_opted_out_is_never_supplied_again(self, opened):
        store = opened("L1,+442079460201\n")
        store.opt_out(OptOut(CallId("7.1"), CAMPAIGN, LeadId("L1")), MORNING)
        assert supply(store) == ([], True)
        assert supply(opened("L9,+442079460201\n"), key="2-0:0") == ([], True)  # the same number

    def test_person_abandoned_is_left_alone_for_three_days(self, opened):
        store = opened("L1,+442079460201\n")
        close(store, outcome="human", is_abandoned=True)
        assert supply(store, now_ms=at(4, 10), key="b") == ([], True)
        assert supply(store, now_ms=at(5, 10, 1), key="c") == (["L1"], True)


class TestRetries:
    def test_busy_number_is_tried_again_after_a_quarter_of_an_hour(self, opened):
        store = opened("L1,+442079460201\n")
        close(store, outcome="busy")
        assert supply(store, now_ms=MORNING + 14 * 60_000, key="a") == ([], True)
        leads, _ = store.supply(RequestLeads(CAMPAIGN, 1, 1), "b", at(3, 10))
        assert leads[0].attempts == 1

    def test_attempt_closed_twice_counts_once(self, opened):
        store = opened("L1,+442079460201\n")
        close(store, outcome="busy")
        close(store, outcome="busy")
        leads, _ = store.supply(RequestLeads(CAMPAIGN, 1, 1), "b", at(3, 10))
        assert leads[0].attempts == 1

    def test_invalid_number_gives_way_to_the_next_and_then_to_nothing(self, opened):
        store = opened("L1,+442079460201,+442079460202\n", header="lead,number,number_2")
        close(store, outcome="invalid")
        leads, _ = store.supply(RequestLeads(CAMPAIGN, 1, 1), "b", MORNING + 60_000)
        assert leads[0].number_index == 1
        close(store, outcome="invalid", call="7.2", index=1)
        assert supply(store, now_ms=at(3, 10), key="c") == ([], True)

    def test_person_who_spoke_with_an_agent_is_done(self):
        step = next_step(PLAIN, "human", was_connected=True, attempts=1, times=1)
        assert step.standing is Standing.REACHED

    def test_lead_is_left_alone_after_six_attempts(self):
        assert next_step(PLAIN, "busy", was_connected=False, attempts=5, times=1).standing is (
            Standing.RETRY
        )
        assert next_step(PLAIN, "busy", was_connected=False, attempts=6, times=1).standing is (
            Standing.SPENT
        )


class TestErasure:
    def test_forgotten_person_does_not_come_back_with_the_list(self, opened, tmp_path):
        store = opened()
        customer = Pseudonyms(SECRET).by_number("+442079460201")
        assert store.forget(customer) == 1
        store = opened("L1,+442079460201\nL2,+442079460202\nL3,+442079460203\n")
        assert supply(store)[0] == ["L2", "L3"]
        assert b"+442079460201" not in (tmp_path / "leads.sqlite").read_bytes().partition(b"xx")[0]


class TestImport:
    def test_list_taken_in_again_makes_no_lead_fresh(self, opened):
        store = opened("L1,+442079460201\n")
        close(store, outcome="human", was_connected=True)
        store = opened("L1,+442079460201\nL2,+442079460202\n")
        assert supply(store)[0] == ["L2"]

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ("L1,0207946,", "number cannot be read; write it like +442079460123"),
            ("L1,+4420794,", "no country's numbering plan"),
            ("L1,,", "has no number"),
            (",+442079460201,", "lead is empty"),
            ("L1,+442079460201,,x", "more fields than the header"),
            ("L1,+442079460201,soon", "priority is no whole number"),
        ],
    )
    def test_wrong_row_is_reported_with_its_line_and_left_out(self, opened, row, problem):
        store = opened(f"L0,+442079460209,\n{row}\n", header="lead,number,priority")
        (error,) = store.wrong
        assert (error.line, supply(store)[0]) == (3, ["L0"])
        assert problem in str(error)
        assert "leads.csv:3:" in str(error)

    def test_row_with_a_name_of_before_is_left_out(self, opened):
        store = opened("L1,+442079460201\nL1,+442079460202\n")
        assert "is there twice" in str(store.wrong[0])

    def test_misspelt_column_is_refused_with_the_names_there_are(self, tmp_path):
        path = tmp_path / "leads.csv"
        path.write_text("lead,number,consent\nL1,+442079460201,yes\n")
        (error,) = read_leads(path)
        assert isinstance(error, RowError)
        assert "consent_on" in error.problem

    def test_national_numbers_are_read_in_the_campaigns_region(self, opened):
        store = opened("L1,020 7946 0201\n", region="GB")
        assert store.number_of(place()) == "+442079460201"

    @pytest.mark.parametrize(
        ("column", "value", "problem"),
        [
            ("time_zone", "Mars/Base", "use a name such as America/New_York"),
            ("consent_on", "31.3.2026", "write it like 2026-03-31"),
            ("consent_is_written", "maybe", "must be yes or no"),
        ],
    )
    def test_wrong_field_says_what_would_be_right(self, opened, column, value, problem):
        store = opened(f"L1,+442079460201,{value}\n", header=f"lead,number,{column}")
        assert problem in str(store.wrong[0])


def test_leads_of_the_example_are_all_right():
    path = Path("examples/retail-bank/leads.csv")
    assert [str(row) for row in read_leads(path, "GB") if isinstance(row, RowError)] == []


def test_day_of_the_change_to_summer_time_has_two_offsets():
    midnight = int(datetime(2026, 3, 29, tzinfo=UTC).timestamp() * 1_000)
    spans = offset_spans("Europe/London", midnight, midnight + 86_400_000)
    assert [
        (span.offset_minutes, (span.until_at_ms - midnight) // 3_600_000) for span in spans
    ] == [
        (0, 1),
        (60, 24),
    ]


def test_side_files_of_the_store_are_its_owners_alone(tmp_path):
    database = open_database(tmp_path / "leads.sqlite")
    files = list(tmp_path.glob("leads.sqlite*"))
    assert len(files) > 1
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    database.close()
