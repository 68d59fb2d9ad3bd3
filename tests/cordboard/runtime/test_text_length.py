"""How long text messages are, against the limits of the alphabet and the network."""

import pytest

from cordboard.runtime.text_length import Length, length_of


@pytest.mark.parametrize(
    ("text", "part_count", "is_gsm"),
    [
        ("", 0, True),
        ("a" * 160, 1, True),
        ("a" * 161, 2, True),
        ("a" * 306, 2, True),
        ("a" * 307, 3, True),
        ("€" * 80, 1, True),
        ("a" + "€" * 80, 2, True),
        ("a" * 152 + "€" + "a" * 152, 3, True),  # the sign is not cut in two
        ("您" * 70, 1, False),
        ("您" * 71, 2, False),
        ("您" * 135, 3, False),
        ("👍" * 35, 1, False),
        ("a" * 66 + "👍" + "a" * 66, 3, False),
        ("naïve", 1, False),  # one letter outside the alphabet is enough
    ],
)
def test_parts_are_filled_as_the_network_fills_them(text, part_count, is_gsm):
    assert length_of(text) == Length(len(text), part_count, is_gsm)


def test_carriers_limit_is_on_characters():
    assert not length_of("您" * 1_600).is_too_long
    assert length_of("a" * 1_601).is_too_long
