"""A forecast file: read when right, refused with row and column when not."""

import pytest

from simulator.staffing.forecast_file import ForecastError, read_forecast

RIGHT = """type,start,calls,aht_s
billing,09:15,12,200
billing,09:00,10.5,210
sales,09:00,4,300
sales,09:15,0,0
"""


def test_rows_in_any_order_make_a_day():
    forecast = read_forecast(RIGHT.encode())
    assert [t.name for t in forecast.types] == ["billing", "sales"]
    assert forecast.types[0].calls.tolist() == [10.5, 12]
    assert forecast.types[0].aht_s.tolist() == [210, 200]
    assert (forecast.interval_s, forecast.opens_s) == (900, 9 * 3600)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + RIGHT.encode(),
        RIGHT.encode("utf-16"),
        RIGHT.replace(",", ";").encode(),
        RIGHT.replace(",", "\t").replace("\n", "\r\n").encode(),
        RIGHT.replace("type,start", "Type, START").encode(),
        (RIGHT + "\n,,,\n").encode(),
    ],
    ids=["byte-order mark", "utf-16", "semicolons", "tabs", "titles", "blank rows"],
)
def test_what_spreadsheets_write_is_understood(content):
    assert read_forecast(content).types[1].aht_s.tolist() == [300, 0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("10.5", "many", "row 3, column calls: 'many' is not a number"),
        ("10.5", "", "row 3, column calls: '' is not a number"),
        ("10.5", "-1", "row 3, column calls: -1 must be a number of 0 or more"),
        ("10.5", "nan", "row 3, column calls: nan must be"),
        ("4,300", "4,0", "row 4, column aht_s: 0; calls need a handle time"),
        ("10.5", '"10,5"', "decimal comma"),
        ("09:00,10.5", "9h,10.5", "row 3, column start: '9h' is no time of day such as 08:45"),
        ("09:00,10.5", "24:00,10.5", "row 3, column start: '24:00' is no time of day"),
        (
            "billing,09:00",
            "billing,09:15",
            "row 3, column start: billing at 09:15 is already in row 2",
        ),
        ("sales,09:15", "sales,09:30", "sales has no row for 09:15|sales ends at 09:30"),
        ("billing,09:00", ",09:00", "row 3, column type: empty"),
        ("type,start", "kind,start", "row 1: no column type; the header must name"),
        ("sales,09:15,0,0", "sales,09:15", "row 5: 2 fields, the header has 4"),
        ("10.5,210", "10,5,210", "row 3: 5 fields, the header has 4 .a decimal comma"),
        ("12,200", "12,200,5", "row 2: 5 fields, the header has 4"),
    ],
)
def test_wrong_fields_are_named_by_row_and_column(old, new, message):
    with pytest.raises(ForecastError, match=message):
        read_forecast(RIGHT.replace(old, new).encode())


def test_gaps_and_overlaps_are_named():
    rows = ["type,start,calls,aht_s"]
    rows += [f"a,{h:02d}:{m:02d},1,100" for h in (9, 10) for m in (0, 15, 30, 45)]
    gap = "\n".join(rows[:4] + rows[5:])
    with pytest.raises(ForecastError, match=r"row 5, column start: a has no row for 09:45 \(row 4"):
        read_forecast(gap.encode())
    overlap = "\n".join([*rows[:4], "a,09:40,1,100", *rows[4:]])
    with pytest.raises(ForecastError, match="row 5, column start: a at 09:40 overlaps row 4"):
        read_forecast(overlap.encode())


def test_all_findings_come_at_once():
    wrong = RIGHT.replace("10.5", "x").replace("09:15,12", "later,12")
    with pytest.raises(ForecastError) as caught:
        read_forecast(wrong.encode())
    assert len(caught.value.findings) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "row 1: no column type"),
        (b"type,start,calls,aht_s\n", "no rows below the header"),
        (b"type,start,calls,aht_s\na,09:00,1,1\n", "at least two intervals"),
        (RIGHT.replace("sales", "caf\xe9").encode("latin-1"), "row 4: byte 70 is not UTF-8"),
    ],
)
def test_files_that_are_no_forecast_are_refused(content, message):
    with pytest.raises(ForecastError, match=message):
        read_forecast(content)


def test_lines_may_end_as_on_any_machine():
    text = "type,start,calls,aht_s\na,09:00,10,200\na,09:30,12,200\n"
    for ending in ("\r", "\r\n"):
        forecast = read_forecast(text.replace("\n", ending).encode())
        assert forecast.types[0].calls.tolist() == [10, 12]


def test_sixteen_bits_without_their_mark_are_named():
    text = "type,start,calls,aht_s\na,09:00,10,200\na,09:30,12,200\n"
    with pytest.raises(ForecastError, match="row 1: holds zero bytes, as UTF-16 without its mark"):
        read_forecast(text.encode("utf-16-le"))
