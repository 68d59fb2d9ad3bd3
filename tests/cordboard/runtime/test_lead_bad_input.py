"""Files as people send them: every bad row is left out with file, line and what would be right."""

import pytest

from cordboard.runtime.leads import RowError, read_leads
from cordboard.runtime.leads.registers import read_numbers

GOOD = "L1,+442079460201"


def read(tmp_path, content, region=""):
    """The rows taken and the errors, of a file with these bytes."""
    path = tmp_path / "leads.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = list(read_leads(path, region))
    taken = [row.lead_id for row in found if not isinstance(row, RowError)]
    return taken, [
        str(row).removeprefix(f"{tmp_path}/") for row in found if isinstance(row, RowError)
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "leads.csv:1: the file is empty; begin with lead,number"),
        ("lead;number\nL1;+442079460201\n", "leads.csv:1: fields are separated by semicolons; use"),
        ("lead\tnumber\nL1\t+44\n", "leads.csv:1: fields are separated by tabs; use commas"),
        ("name,number\nAnn,+442079460201\n", "leads.csv:1: has no column lead"),
        ("lead,number,consent\n", "leads.csv:1: has unknown columns consent"),
        ("lead,number,number\n", "leads.csv:1: column number is there twice"),
        ("lead,number\nL1,1\n".encode("utf-16"), "leads.csv:1: the file is UTF-16; save it as"),
        (b"PK\x03\x04rest", "leads.csv:1: the file is a spreadsheet, not CSV"),
        (b"lead,n\xfcmmer\n", "leads.csv:1: has unknown columns n?mmer"),
    ],
)
def test_file_that_cannot_be_a_list_is_refused_whole(tmp_path, content, problem):
    taken, wrong = read(tmp_path, content)
    assert taken == []
    assert len(wrong) == 1
    assert wrong[0].startswith(problem)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("L2,02079460201", "number cannot be read; write it like +442079460123"),
        ("L2,+4420", "number is in no country's numbering plan"),
        ("L2,+330000000000", "number is in no country's numbering plan"),
        ("L2,+999123456789", "number cannot be read"),
        ("L2,call me", "number cannot be read"),
        ("L2,", "has no number"),
        ("L2", "has no number"),
        (",+442079460202", "lead is empty"),
        ("L1,+442079460202", "lead 'L1' is there twice, first on line 2"),
        ("L2,+442079460202,x", "has more fields than the header"),
        ('L2,"+4420"79460202', "cannot be read as CSV"),
        ("L2,+44207946\x000202", "number contains a NUL character"),
    ],
)
def test_bad_row_is_left_out_and_its_neighbours_are_taken(tmp_path, row, problem):
    taken, wrong = read(tmp_path, f"lead,number\n{GOOD}\n{row}\nL3,+442079460203\n")
    assert taken == ["L1", "L3"]
    assert len(wrong) == 1
    assert f"leads.csv:3: {problem}" in wrong[0]


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("time_zone", "Mars/Base", "use a name such as America/New_York"),
        ("time_zone", "../secret", "use a name such as America/New_York"),
        ("region", "Florida", "write it like gb or us-fl"),
        ("type", "fax", "type is none of home, work, mobile"),
        ("priority", "soon", "priority is no whole number"),
        ("priority", "1.5", "priority is no whole number"),
        ("consent_on", "31.3.2026", "write it like 2026-03-31"),
        ("consent_on", "2026-02-30", "consent_on is no date"),
        ("consent_is_written", "maybe", "must be yes or no"),
        ("transaction_on", "yesterday", "transaction_on is no date"),
    ],
)
def test_bad_field_says_what_would_be_right(tmp_path, column, value, problem):
    taken, wrong = read(tmp_path, f"lead,number,{column}\nL1,+442079460201,{value}\n")
    assert taken == []
    assert problem in wrong[0]


def test_byte_order_mark_and_foreign_line_ends_are_no_problem(tmp_path):
    taken, wrong = read(tmp_path, b"\xef\xbb\xbflead,number\r\nL1,+442079460201\r\n\r\n")
    assert (taken, wrong) == (["L1"], [])


def test_row_in_another_encoding_spoils_itself_only(tmp_path):
    rows = "lead,name,number\nL1,Zoé,+442079460201\n".encode()
    rows += "L2,Zoé,+442079460202\n".encode("latin-1")
    taken, wrong = read(tmp_path, rows)
    assert taken == ["L1"]
    assert wrong == ["leads.csv:3: name is not UTF-8; save the file as UTF-8"]


def test_line_numbers_are_the_files_own_where_a_text_has_line_breaks(tmp_path):
    taken, wrong = read(tmp_path, f'lead,number,name\n{GOOD},"two\nlines"\nL2,1,\n')
    assert taken == ["L1"]
    assert wrong[0].startswith("leads.csv:4: number cannot be read")


def test_quote_that_is_never_closed_ends_the_file_with_an_error(tmp_path):
    taken, wrong = read(tmp_path, f'lead,number,name\n{GOOD},\nL2,+442079460202,"open\nL3,x,\n')
    assert taken == ["L1"]
    assert "a quote that is not closed" in wrong[0]


def test_number_whose_zone_is_not_known_has_no_zone_and_is_never_callable(tmp_path):
    """A satellite number: no country, no clock; the gate finds no window for it."""
    path = tmp_path / "leads.csv"
    path.write_text("lead,number\nL1,+881612345678\n")
    (row,) = read_leads(path)
    assert isinstance(row, RowError) or row.numbers[0].place.split("|")[1:] == []


def test_file_with_nothing_but_a_header_is_an_empty_list(tmp_path):
    assert read(tmp_path, "lead,number\n") == ([], [])


def test_own_columns_are_kept(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text("lead,number,field_policy\nL1,+442079460201,P-7\n")
    (row,) = read_leads(path)
    assert row.fields == {"field_policy": "P-7"}


def test_register_files_tell_their_bad_lines(tmp_path):
    path = tmp_path / "tps.txt"
    path.write_text("number\n+442079460201\n\n020 7946 0202,listed\nnonsense\n")
    found = [str(row) for row in read_numbers(path, "GB")]
    assert found[:2] == ["+442079460201", "+442079460202"]
    assert found[2].startswith(f"{path}:5: the number cannot be read")
