"""The guide's examples run, and its tables name what exists."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from simulator.carrier.faults import Faults
from simulator.carrier.people.script import read_script
from simulator.carrier.variants import Variants

GUIDE = Path(__file__).parents[3] / "docs" / "carrier.md"


def blocks(language):
    text = GUIDE.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_program_in_the_guide_runs():
    (program,) = blocks("python")
    exec(compile(program, str(GUIDE), "exec"), {})  # noqa: S102  (our own documentation)


def test_people_in_the_guide_are_readable(tmp_path):
    (people,) = blocks("yaml")
    path = tmp_path / "people.yaml"
    path.write_text(people, encoding="utf-8")
    assert len(list(read_script(path).population().callers())) == 41


@pytest.mark.parametrize("settings", [Faults, Variants])
def test_guide_names_every_switch(settings):
    text = GUIDE.read_text(encoding="utf-8")
    assert [each.name for each in fields(settings) if f"`{each.name}`" not in text] == []
