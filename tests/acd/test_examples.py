"""The examples in the docstrings of the routing core do what they show."""

import doctest
import importlib
import pkgutil

import pytest

import acd

MODULES = sorted(module.name for module in pkgutil.walk_packages(acd.__path__, prefix="acd."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_module_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
