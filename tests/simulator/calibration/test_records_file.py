"""Calls from a CSV file: what it may look like, and how its mistakes are told."""

import datetime as dt

import pytest

from simulator.calibration import CalibrationError, Records, calibrate, read_records_file
from simulator.table_file import TableFileError

HEADER = "queue,arrived_at,wait_s,outcome,talk_s,wrap_s"
ROWS = """
sales,2026-11-23T10:04:31,12,connected,180,20
sales,2026-11-23T10:05:02,45,abandoned,,
"""


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "calls.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_row_is_a_call_and_its_conversation(file):
    records = read_records_file(file(HEADER + ROWS))
    first, second = records.callers
    assert (first.day, first.arrived_s) == (dt.date(2026, 11, 23), 10 * 3_600 + 271)
    assert (first.has_talked, second.has_talked) == (True, False)
    (talk,) = records.handlings
    assert (talk.talk_s, talk.wrap_s) == (180, 20)


@pytest.mark.parametrize(
    "spelt",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").replace("\n", "\r\n").encode(),
    ],
    ids=["byte-order mark", "UTF-16", "semicolons", "tabs and CRLF"],
)
def test_the_spellings_of_a_spreadsheet_are_read(file, spelt):
    assert len(read_records_file(file(spelt(HEADER + ROWS))).callers) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("queue,wait_s\n", "row 1: no column arrived_at, outcome"),
        (HEADER + "\n", "no rows below the header"),
        (HEADER + "\nsales,yesterday,1,connected,5,5\n", "row 2, column arrived_at: 'yesterday'"),
        (HEADER + "\nsales,2026-11-23,-4,abandoned,,\n", "row 2, column wait_s: -4 must be"),
        (HEADER + "\nsales,2026-11-23,nan,abandoned,,\n", "row 2, column wait_s: nan must be"),
        (HEADER + "\nsales,2026-11-23,1,connected,,\n", "row 2, column talk_s: '' is not a number"),
        (HEADER + '\nsales,2026-11-23,"1,5",abandoned,,\n', "a decimal comma"),
        (HEADER + "\n,2026-11-23,1,abandoned,,\n", "row 2, column queue: empty"),
        (HEADER + "\nsales,2026-11-23\n", "row 2: 2 fields, the header has 6"),
        (HEADER.encode() + b"\nsal\xe9s,1,1,1,1,1\n", "row 2: byte 49 is not UTF-8; save as UTF-8"),
    ],
)
def test_a_mistake_is_named_with_its_row_and_column(file, content, message):
    with pytest.raises(TableFileError, match=message):
        read_records_file(file(content))


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(TableFileError, match="cannot be read: No such file"):
        read_records_file(tmp_path / "none.csv")


def test_records_without_a_queue_or_a_conversation_carry_no_model(file):
    with pytest.raises(CalibrationError, match="nobody reached a queue"):
        calibrate(Records(callers=()))
    only_abandoned = HEADER + "\nsales,2026-11-23T10:05:02,45,abandoned,,\n"
    with pytest.raises(CalibrationError, match="no conversation of queue 'sales'"):
        calibrate(read_records_file(file(only_abandoned)))
    with pytest.raises(CalibrationError, match="do not divide a day"):
        calibrate(read_records_file(file(HEADER + ROWS)), interval_s=7_000)
