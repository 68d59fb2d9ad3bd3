"""What a live process is told by its environment: which centre, at what speed, from when.

Light enough for the worker: neither pages nor speech models are imported here.
"""

from collections.abc import Mapping
from pathlib import Path

from cordboard.runtime.composition import Site
from cordboard.runtime.connection import Store
from cordboard.runtime.settings import load_settings, read_environment

CENTRE = "CORDBOARD_CENTRE"
"""The centre's folder."""

SPEED = "CORDBOARD_SPEED"
"""Modelled seconds in a real one; 1 if unset."""

ORIGIN_MS = "CORDBOARD_ORIGIN_MS"
"""Modelled Unix time at which a new journal begins; the present if unset."""


def site_of(environ: Mapping[str, str]) -> Site:
    """Return the site that the environment names.

    Raises:
        SettingsError: A variable or a file of the centre is wrong; the operator must mend it.
    """
    environment = read_environment(environ)
    settings = load_settings(Path(environ[CENTRE]))
    return Site(settings, environment, Store(environment.redis_url, settings.site))


def speed_of(environ: Mapping[str, str]) -> int:
    """Return the scale of the centre's clock."""
    return int(environ.get(SPEED, "1"))


def origin_ms_of(environ: Mapping[str, str]) -> int:
    """Return where a new journal's time begins; 0 for the present."""
    return int(environ.get(ORIGIN_MS, "0"))
