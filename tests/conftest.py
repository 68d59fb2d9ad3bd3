"""What holds for every test of the house."""

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("house")
