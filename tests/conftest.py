"""What holds for every test of the house."""

from hypothesis import settings

#: Whatever a test exchanges with a carrier is held to the carrier's contract.
pytest_plugins = ["tests.contract.witness"]

settings.register_profile("house", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("house")
