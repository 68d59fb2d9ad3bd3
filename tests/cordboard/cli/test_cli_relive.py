"""`cordboard replay --policy`, `--staffing`, `--lives`."""

import json
import re
import shutil
from pathlib import Path

import pytest

from cordboard.cli.output import UserError
from cordboard.cli.replay import replay
from cordboard.cli.simulate import read_world, write_journal

BANK = Path("examples/retail-bank")


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    """A short morning of the example bank."""
    import msgspec

    world = read_world(BANK)
    calls = {
        name: msgspec.structs.replace(kind, per_day=60.0) for name, kind in world.calls.items()
    }
    path = tmp_path_factory.mktemp("bank") / "day.jsonl"
    write_journal(msgspec.structs.replace(world, calls=calls, campaigns={}), 2, path)
    return path


def test_another_policy_is_told_with_its_difference(journal, tmp_path, capsys):
    folder = tmp_path / "centre"
    shutil.copytree(BANK, folder)
    text = (folder / "centre.yaml").read_text()
    (folder / "centre.yaml").write_text(re.sub(r"wait_s_max: \d+", "wait_s_max: 20", text))
    replay(journal, policy=folder, lives=2, as_json=True)
    figures = json.loads(capsys.readouterr().out)
    assert figures["offered"]["recorded"] == figures["offered"]["changed"]
    assert figures["answered"]["difference"] <= 0
    assert figures["service_level"]["predicted_half_width"] is not None


def test_fidelity_alone_is_printed_for_people(journal, capsys):
    replay(journal, lives=2)
    shown = capsys.readouterr().out
    assert "recorded day is" in shown
    assert "difference" not in shown


def test_other_staffing_comes_from_a_scenario(journal, capsys):
    replay(journal, staffing=BANK, lives=2, as_json=True)
    figures = json.loads(capsys.readouterr().out)
    assert figures["occupancy"]["changed"] is not None


def test_what_cannot_be_lived_is_told(journal, tmp_path):
    with pytest.raises(UserError, match="an interval needs at least 2"):
        replay(journal, lives=1)
    with pytest.raises(UserError, match="--policy"):
        replay(journal, policy=tmp_path, lives=2)
