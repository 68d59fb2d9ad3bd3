"""The page about the distributor shows the tables as they are."""

import re
from pathlib import Path

import pytest

from acd.agents import AGENT_STATES, PRESENCES
from acd.calls import CALL_STATES, RECORDINGS
from acd.cases import CASES
from acd.engine import FIRINGS
from acd.legs import LEGS
from acd.reservations import RESERVATIONS
from acd.routing.agent_choice import AGENT_CHOICES
from acd.routing.call_choice import CALL_CHOICES

PAGE = Path(__file__).parents[2] / "docs" / "distributor.md"
DIAGRAMS = {
    "presence": PRESENCES,
    "agent": AGENT_STATES,
    "call": CALL_STATES,
    "reservation": RESERVATIONS,
    "leg": LEGS,
    "recording": RECORDINGS,
    "case": CASES,
}


@pytest.mark.parametrize("name", DIAGRAMS)
def test_diagram_is_the_one_made_from_the_table(name):
    block = re.search(rf"<!-- {name} -->\n```mermaid\n(.*?)\n```", PAGE.read_text(), re.DOTALL)

    assert block
    assert block.group(1) == DIAGRAMS[name].mermaid(), DIAGRAMS[name].mermaid()


@pytest.mark.parametrize("name", [*AGENT_CHOICES, *CALL_CHOICES])
def test_every_policy_is_on_the_page(name):
    assert f"`{name}`" in PAGE.read_text()


def test_page_names_every_deadline():
    text = PAGE.read_text()

    assert [kind for kind in FIRINGS if f"`{kind}`" not in text] == []
