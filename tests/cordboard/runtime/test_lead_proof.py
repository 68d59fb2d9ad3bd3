"""The proof of dials: every line chained, the end sealed, nothing changed unnoticed."""

import json

import pytest

from cordboard.runtime.leads.proof import (
    Checked,
    ProofError,
    check_proof,
    dial_lines,
    write_proof,
)
from cordboard.runtime.leads.schema import open_beside
from tests.cordboard.runtime.lead_lists import MORNING, Lists, rows

KEY = b"k" * 32


@pytest.fixture
def proof(tmp_path):
    """A proof of three dials."""
    path = tmp_path / "proof.jsonl"
    dials = [{"call_id": f"7.{n}", "rule_set": "gb@2026-11-21"} for n in range(3)]
    assert write_proof(path, {"site": "bank"}, dials, KEY) == 3
    return path


def test_whole_proof_holds(proof):
    assert check_proof(proof, KEY) == Checked(3, is_sealed=True)
    assert check_proof(proof) == Checked(3, is_sealed=None)
    assert proof.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("line", range(5))
def test_changed_line_is_found(proof, line):
    lines = proof.read_text().splitlines()
    lines[line] = lines[line].replace("7.", "8.").replace("bank", "bunk").replace(":3,", ":2,")
    proof.write_text("\n".join(lines) + "\n")
    with pytest.raises(ProofError, match=r"line \d|the seal speaks of 2 dials, the file has 3"):
        check_proof(proof, KEY)


@pytest.mark.parametrize("line", range(1, 5))
def test_missing_line_is_found(proof, line):
    lines = proof.read_text().splitlines()
    del lines[line]
    proof.write_text("\n".join(lines) + "\n")
    with pytest.raises(ProofError):
        check_proof(proof, KEY)


def test_line_after_the_seal_is_found(proof):
    with proof.open("a") as file:
        file.write("{}\n")
    with pytest.raises(ProofError, match="line 6 comes after the seal"):
        check_proof(proof, KEY)


def test_chain_that_was_made_anew_lacks_the_seal(proof, tmp_path):
    forged = tmp_path / "forged.jsonl"
    write_proof(forged, {"site": "bank"}, [{"call_id": "7.9"}], b"x" * 32)
    with pytest.raises(ProofError, match="not that of this centre"):
        check_proof(forged, KEY)


def test_text_that_is_no_json_is_named_by_its_line(proof):
    proof.write_bytes(b"\xff\n")
    with pytest.raises(ProofError, match="line 1 is no JSON object"):
        check_proof(proof)


def test_every_permitted_dial_is_proven_with_the_rules_that_let_it_through(tmp_path):
    made = Lists(tmp_path, {"main": rows(1, 3)}, caller_ids=("+442079460101",))
    made.supply()
    for index in (1, 2):
        assert made.permit(f"L{index}", MORNING + index, f"7.{index}")
    made.close("L1", "busy", call="7.1")
    made.opt_out("L3")
    assert not made.permit("L3", call="7.3")
    database = open_beside(made.path)
    lines = list(dial_lines(database, 0, MORNING + 10))
    assert [(line["lead_id"], line["rule_set"], line["outcome"]) for line in lines] == [
        ("L1", "gb@2026-11-21", "busy"),
        ("L2", "gb@2026-11-21", None),
    ]
    assert "+4420794602" not in json.dumps(lines)
    (clear, _) = dial_lines(database, 0, MORNING + 10, with_numbers=True)
    assert clear["number"] == "+442079460201"
    assert [line["lead_id"] for line in dial_lines(database, MORNING + 2, MORNING + 3)] == ["L2"]
    database.close()
    made.store.close()
