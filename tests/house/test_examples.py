"""Examples in docstrings run, and show what they say."""

import doctest
import importlib
import pkgutil

import pytest

ROOMS = ("acd", "ivr", "dialer", "simulator", "webhooks", "cordboard")


def modules():
    for room in ROOMS:
        package = importlib.import_module(room)
        yield room
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not found.name.endswith("__main__"):
                yield found.name


@pytest.mark.parametrize("name", list(modules()))
def test_examples_of_module_hold(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0
