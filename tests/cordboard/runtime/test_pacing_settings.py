"""Abandonment windows and blending rules, as people write them in centre.yaml."""

from pathlib import Path

import pytest

from cordboard.runtime.settings import SettingsError, load_settings
from dialer.config import LEGAL_WINDOW, AbandonWindow, Blending

BANK = Path(__file__).parents[3] / "examples/retail-bank"

WINDOWS = """    windows:
      - name: law
      - name: day
        kind: rolling
        length_s: 86400
        percent_max: 2.5
        is_hard: true
      - name: shift
        kind: shift
        length_s: 28800
        breach_risk_percent_max: 5
    pacer: progressive
"""

BLENDING = """
blending:
  inbound_first: true
  reserve: 2
  service_level_percent_min: 80
  service_level_window_s: 900
"""


@pytest.fixture
def bank(tmp_path):
    """Give a function that reads the example with its centre.yaml changed."""

    def read(change):
        for path in BANK.rglob("*"):
            if path.is_file():
                copy = tmp_path / path.relative_to(BANK)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        centre = tmp_path / "centre.yaml"
        text = change(centre.read_text())
        assert text != (BANK / "centre.yaml").read_text()
        centre.write_text(text)
        return load_settings(tmp_path).centre

    return read


def test_windows_are_read_with_their_times_in_seconds(bank):
    centre = bank(lambda text: text.replace("    pacer: progressive\n", WINDOWS))
    law, *own = centre.campaigns[0].windows
    assert law.name == "gb-abandon-24-h"
    assert own == [
        LEGAL_WINDOW,
        AbandonWindow(
            name="day", kind="rolling", length_ms=86_400_000, percent_max=2.5, is_hard=True
        ),
        AbandonWindow(
            name="shift", kind="shift", length_ms=28_800_000, breach_risk_percent_max=5.0
        ),
    ]


def test_blending_is_read(bank):
    centre = bank(lambda text: text + BLENDING)
    assert centre.blending == Blending(
        inbound_first=True,
        reserve=2,
        service_level_percent_min=80.0,
        service_level_window_ms=900_000,
    )


def test_a_window_of_no_kind_is_refused_where_it_stands(bank):
    wrong = WINDOWS.replace("kind: rolling", "kind: daily")
    with pytest.raises(SettingsError, match="kind is 'daily'; use successive, rolling or shift"):
        bank(lambda text: text.replace("    pacer: progressive\n", wrong))
