"""`cordboard leads` and `cordboard compliance`: what people see of lists and of the law."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert
from typer.testing import CliRunner

from cordboard.cli.check import findings
from cordboard.cli.main import app
from cordboard.cli.output import WRONG_USE, UserError
from cordboard.history.schema import contacts, dial_attempts, metadata

BANK = Path(__file__).parents[3] / "examples/retail-bank"
SECRET = {"CORDBOARD_SECRET": "a secret that is long enough", "COLUMNS": "200"}
TEN = "2026-11-23T10:00"
TEN_MS = 1_795_428_000_000
FIRST = "+442079460200"


def run(*words, told=None, code=0):
    outcome = CliRunner().invoke(app, [str(word) for word in words], input=told, env=SECRET)
    if isinstance(outcome.exception, UserError):  # the entry point makes one line and a 2 of it
        assert code == WRONG_USE, outcome.exception
        return str(outcome.exception)
    assert outcome.exit_code == code, outcome.output
    return outcome.output


@pytest.fixture
def data(tmp_path):
    """A data folder with the bank's list taken in."""
    run("leads", "import", BANK, "--data", tmp_path)
    return tmp_path


@pytest.fixture
def centre(tmp_path):
    folder = tmp_path / "centre"
    shutil.copytree(BANK, folder)
    return folder


def history(data, *dials):
    """A history of dials: (answer, verdict, agent) in milliseconds after ten, None for none."""
    engine = create_engine(f"sqlite:///{data / 'history.db'}")
    metadata.create_all(engine)
    with engine.begin() as connection:
        for index, (answered, live, agent) in enumerate(dials):
            call_id, shared = f"7.{index}", {"call_id": f"7.{index}"}
            connection.execute(
                insert(dial_attempts).values(
                    **shared,
                    campaign_id="renewals",
                    lead_id=f"L{index}",
                    placed_at_ms=TEN_MS,
                    ended_at_ms=TEN_MS + 60_000,
                    outcome="human",
                    is_live_answer=True,
                    is_abandoned=agent is None,
                    answered_at_ms=TEN_MS + answered,
                    live_at_ms=TEN_MS + live,
                )
            )
            connection.execute(
                insert(contacts).values(
                    call_id=call_id,
                    direction="outbound",
                    customer_id="cu-1",
                    opened_at_ms=TEN_MS + live,
                    connected_at_ms=None if agent is None else TEN_MS + agent,
                )
            )
    engine.dispose()


class TestLeads:
    def test_waterfall_of_the_morning_and_of_the_night(self, data):
        assert "400 of 400 may be called now" in run(
            "leads", "waterfall", BANK, "--data", data, "--at", TEN
        )
        night = run("leads", "waterfall", BANK, "--data", data, "--at", "2026-11-23T22:00")
        assert "gb-hours" in night
        assert "0 of 400 may be called now" in night

    def test_waterfall_for_programs_sums_to_the_list(self, data):
        told = run("leads", "waterfall", BANK, "--data", data, "--at", TEN, "--json")
        fall = json.loads(told)["renewals"]
        assert sum(level["count"] for level in fall["levels"]) == fall["total"] == 400

    def test_number_is_read_from_standard_input_and_never_shown_in_full(self, data):
        told = run("leads", "why", BANK, "--data", data, "--at", TEN, told="020 7946 0200\n")
        assert "lead L0001 of renewals (list main): may be called now" in told
        assert "0200" not in told

    def test_opted_out_number_says_since_when_and_why_not(self, data):
        run("leads", "opt-out", BANK, FIRST, "--data", data)
        told = run("leads", "why", BANK, FIRST, "--data", data, "--at", "2036-01-07T10:00", code=1)
        assert "do-not-call list since 20" in told
        assert "the person asked not to be called" in told

    def test_callback_is_noted_and_told(self, data):
        run(
            "leads",
            "callback",
            BANK,
            "renewals",
            "L0001",
            "--at",
            "2026-11-24T10:00",
            "--data",
            data,
        )
        told = run("leads", "why", BANK, FIRST, "--data", data, "--at", TEN, code=1)
        assert "looked at again at 2026-11-24 10:00 UTC" in told

    def test_export_gives_back_what_an_import_reads(self, data, centre):
        out = data / "out.csv"
        run("leads", "export", BANK, "--campaign", "renewals", "--out", out, "--data", data)
        assert out.stat().st_mode & 0o077 == 0
        shutil.copy(out, centre / "leads.csv")
        assert findings(centre) == []

    def test_register_that_no_rule_asks_for_is_refused(self, data, tmp_path):
        told = run(
            *("leads", "register", BANK, "robinson", tmp_path / "x", "--drawn", "2026-11-01"),
            *("--data", data),
            code=2,
        )
        assert "gb-tps" in told

    def test_missing_store_is_one_line(self, tmp_path):
        run("leads", "waterfall", BANK, "--data", tmp_path / "none", code=2)

    @pytest.mark.parametrize("words", [("--campaign", "nobody"), ("--at", "noon")])
    def test_wrong_use_is_one_line(self, data, words):
        run("leads", "waterfall", BANK, "--data", data, *words, code=2)


class TestCompliance:
    def test_state_counts_by_both_clocks(self, data):
        history(data, (0, 1_500, 2_000), (0, 1_500, 2_400), (0, 1_500, 3_000))
        told = run("compliance", "state", BANK, "--data", data, "--at", "2026-11-23T11:00", code=1)
        assert "2 of 3 (66.67 %)" in told  # from the answer
        assert "1 of 3 (33.33 %)" in told  # from half a second later, the greeting's end
        assert "greeting end: over" in told
        assert "to be kept 5 years" in told
        assert "gb-abandon-24-h (B)" in told

    def test_state_of_a_quiet_centre_is_in_order(self, data):
        history(data)
        told = run("compliance", "state", BANK, "--data", data, "--at", TEN)
        assert "In order." in told
        assert "Shows +442079460101: ours" in told

    @pytest.mark.parametrize("words", [(BANK,), ("--at", TEN, BANK)])
    def test_without_a_command_the_state_is_shown(self, data, words):
        history(data)
        assert "In order." in run("compliance", *words, "--data", data)
        assert "verify" in run("compliance", "--help")

    def test_state_for_programs(self, data):
        history(data, (0, 0, 100))
        told = run("compliance", "state", BANK, "--data", data, "--at", "2026-11-24", "--json")
        (campaign,) = json.loads(told)["campaigns"]
        assert campaign["windows"][0]["by_answer"]["answers"] == 1

    def test_proof_is_written_and_verified_and_a_change_is_found(self, data):
        history(data)
        out = data / "proof.jsonl"
        run("compliance", "export", BANK, "--out", out, "--data", data)
        assert "0 dials, whole and sealed" in run("compliance", "verify", out)
        out.write_text(out.read_text().replace("bank", "bonk"))
        run("compliance", "verify", out, code=1)
        run("compliance", "verify", out, "--chain-only", code=1)


class TestIllegalSettings:
    """Each is refused with the rule that forbids it, or the figure that would be right."""

    @pytest.mark.parametrize(
        ("new", "said"),
        [
            ('hours: ["07:00-22:00"]', "hours: 07:00-22:00 is not lawful (within 08:00-21:00)"),
            ('hours: ["21:00-08:00"]', "calling hours must open before they close"),
            ("abandon_percent_max: 4.0", "16 CFR 310.4(b)(4)"),
            ("agent_s_max: 5", "agent_s_max is 5; it must be 0 to 2"),
            ("agent_s_max: 1.5", "agent_s_max is 1.5; it must be at most 1: the law gives 2 s"),
            ("speech_end_s: 1.5", "a second of the legal 2 is left at the verdict (gb-abandon"),
            ("ring_s: 10", "ring_s is 10; it must be 15 to 120"),
            ("attempts_max: {lead: 0}", "expected `int` >= 1"),
            ("attempts_max: {number_hour: 3}", "number_hour"),
            ("retries: {sold: {after_minutes: 5}}", "there is no outcome 'sold' to retry"),
            ("lists: {a: {file: leads.csv}}", "needs leads, the file of its list, or lists"),
            ('caller_ids: ["+442079460999"]', "caller_id: not one of the centre's numbers"),
        ],
    )
    def test_setting_is_refused_by_name(self, centre, new, said):
        path = centre / "centre.yaml"
        text = path.read_text(encoding="utf-8")
        field = new.partition(":")[0]
        lines = [line for line in text.splitlines() if not line.startswith(f"    {field}:")]
        at = lines.index("    leads: leads.csv")
        path.write_text("\n".join([*lines[: at + 1], f"    {new}", *lines[at + 1 :]]) + "\n")
        found = [f"{one.where} {one.what}" for one in findings(centre)]
        assert any(said in one for one in found), found

    def test_marketing_without_a_register_names_the_register_s_rule(self, centre):
        path = centre / "centre.yaml"
        path.write_text(path.read_text().replace("purpose: service", "purpose: marketing"))
        assert any("must include gb-tps" in one.what for one in findings(centre))

    def test_several_lists_are_looked_into_for_what_they_share(self, centre):
        path = centre / "centre.yaml"
        lists = "lists: {new: {file: leads.csv, weight: 3}, old: {file: old.csv}}"
        path.write_text(path.read_text().replace("leads: leads.csv", lists))
        (centre / "old.csv").write_text("lead,number\nX1,+442079460200\nX2,+442079460298\n")
        found = [one.what for one in findings(centre)]
        assert any("old.csv:2: lead 'X1' has the number of lead 'L0001'" in one for one in found)
        assert len(found) == 1
