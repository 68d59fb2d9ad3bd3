"""The catalogue of recordings: late and doubled news never takes a recording back."""

import pytest

from cordboard.runtime.connection import Store
from cordboard.runtime.recordings import RecordingCatalogue
from webhooks.ports import JournalDown, Recording

CALL, OTHER = "CA" + "1" * 32, "CA" + "2" * 32


def told(sid, status, duration_ms=0, call_id=CALL):
    return Recording(sid, call_id, status, "RecordVerb", 1, duration_ms)


@pytest.fixture
def catalogue(store):
    instants = iter(range(1_000, 100_000, 1_000))
    return RecordingCatalogue(store, lambda: next(instants))


@pytest.mark.parametrize("order", [["in-progress", "completed"], ["completed", "in-progress"]])
def test_the_furthest_state_stays_in_any_order(catalogue, order):
    for status in order:
        catalogue.changed(told("RE1", status, 7_000 if status == "completed" else 0))
    kept = catalogue.get("RE1")
    assert (kept.status, kept.duration_ms) == ("completed", 7_000)
    assert kept.is_voicemail


def test_recordings_are_listed_newest_first_and_by_call(catalogue):
    for sid, call_id in (("RE1", CALL), ("RE2", OTHER), ("RE3", CALL)):
        catalogue.changed(told(sid, "completed", call_id=call_id))
    catalogue.changed(told("RE1", "completed"))  # told again: its place is that of the first time
    newest = catalogue.newest(before_ms=10_000, count=10)
    assert [row.sid for row in newest] == ["RE3", "RE2", "RE1"]
    assert [row.sid for row in catalogue.newest(before_ms=3_000, count=10)] == ["RE2", "RE1"]
    by_call = catalogue.newest(before_ms=10_000, count=10, call_id=OTHER)
    assert [row.sid for row in by_call] == ["RE2"]


def test_forgotten_recording_is_nowhere(catalogue):
    catalogue.changed(told("RE1", "completed"))
    catalogue.forget("RE1")
    assert catalogue.get("RE1") is None
    assert catalogue.newest(before_ms=10_000, count=10) == []


def test_store_in_trouble_makes_the_carrier_come_again(store):
    nowhere = Store("redis://127.0.0.1:1/0", store.site)
    with pytest.raises(JournalDown):
        RecordingCatalogue(nowhere, lambda: 0).changed(told("RE1", "completed"))
