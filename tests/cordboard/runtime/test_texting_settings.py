"""The settings of text messages: from where, to whom and when they are sent."""

import pytest

from cordboard.runtime.settings import SettingsError, load_settings
from tests.cordboard.runtime.live_site import write_site


@pytest.fixture
def folder(tmp_path):
    return write_site(tmp_path / "site", "shop", leads=1)


TEXTS_FROM = ("flow: main}", 'flow: main, texts_from: "{number}"}')


def change(folder, right, wrong):
    path = folder / "centre.yaml"
    path.write_text(path.read_text().replace(right, wrong))


def test_texts_go_from_the_called_number_to_our_own_countries_unless_told_otherwise(folder):
    texting = load_settings(folder).texting
    assert texting.senders == {"+442079460100": "+442079460100"}
    assert texting.to == ("+44",)
    assert (texting.name, texting.own_hours, texting.per_number_day) == ("", (), 5)


def test_line_that_cannot_send_texts_names_another_number_of_ours(folder):
    right, wrong = TEXTS_FROM
    change(folder, right, wrong.replace("{number}", "+442079460101"))
    assert load_settings(folder).texting.senders == {"+442079460100": "+442079460101"}


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (TEXTS_FROM[0], TEXTS_FROM[1].replace("{number}", "+442079460199"), "no number of ours"),
        ("owned", 'texting: {hours: ["20:00-08:00"]}\nowned', "open before they close"),
        ("owned", "texting: {purpose: fun}\nowned", "purpose"),
        ("owned", "texting: {per_number_day: 0}\nowned", "per_number_day"),
    ],
)
def test_mistake_about_texts_is_told_with_its_place(folder, right, wrong, message):
    change(folder, right, wrong)
    with pytest.raises(SettingsError, match=message) as refused:
        load_settings(folder)
    assert "centre.yaml:" in str(refused.value)
