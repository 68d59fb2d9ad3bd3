"""A site's settings: text files in a folder, and the environment."""

from cordboard.runtime.settings.campaigns import CampaignSettings
from cordboard.runtime.settings.environment import Environment, read_environment
from cordboard.runtime.settings.reading import SettingsError
from cordboard.runtime.settings.site import Settings, load_settings

__all__ = [
    "CampaignSettings",
    "Environment",
    "Settings",
    "SettingsError",
    "load_settings",
    "read_environment",
]
