"""`cordboard calibrate`: a scenario from records, and what it says to mistakes."""

import pytest

from cordboard.cli.calibrate import calibrate
from cordboard.cli.output import UserError
from simulator.scenario_file import read_scenario

CALLS = "queue,arrived_at,wait_s,outcome,talk_s,wrap_s\n" + "".join(
    f"sales,2026-11-{day}T{hour:02d}:{minute:02d}:00,{minute},connected,{90 + 3 * minute},20\n"
    for day in (23, 24, 25)
    for hour in range(8, 12)
    for minute in range(0, 60, 7)
)


@pytest.fixture
def calls(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(CALLS)
    return path


def test_a_scenario_and_a_report_are_written(calls, tmp_path, capsys):
    out, report = tmp_path / "scenario.yaml", tmp_path / "fit.html"
    calibrate(csv_file=calls, out=out, report=[report])
    scenario = read_scenario(out)
    assert scenario.opens_at_s == 8 * 3_600
    assert len(scenario.calls["sales"].per_interval) == 8
    page = report.read_text()
    assert "How long do conversations take?" in page
    assert "<script" not in page
    assert "sales: talk" in capsys.readouterr().out


def test_without_a_file_the_scenario_is_printed(calls, capsys):
    calibrate(csv_file=calls)
    assert "queue: sales" in capsys.readouterr().out


def test_a_history_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(UserError, match="there is no history at"):
        calibrate(history=f"sqlite:///{tmp_path / 'none.db'}")


def test_a_time_zone_that_nobody_knows_is_said_so():
    with pytest.raises(UserError, match="Europe/London"):
        calibrate(history="sqlite:///x.db", time_zone="Middle/Earth")


def test_a_wrong_row_is_named(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(CALLS.replace(",connected,", ",connected,-", 1))
    with pytest.raises(UserError, match="row 2, column talk_s"):
        calibrate(csv_file=path)
