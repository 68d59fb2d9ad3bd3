"""The house itself: packages import, and say what they are."""

import importlib

import pytest


@pytest.mark.parametrize("room", ["acd", "ivr", "dialer", "simulator", "webhooks", "cordboard"])
def test_room_says_in_its_docstring_what_lives_there(room):
    assert importlib.import_module(room).__doc__
