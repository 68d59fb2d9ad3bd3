"""What comes from the environment: credentials, addresses, the data folder. Never from files.

| variable | what it is |
| --- | --- |
| `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN` | the carrier account; the token also signs webhooks |
| `TWILIO_AUTH_TOKEN_NEXT` | its successor while it is being changed |
| `TWILIO_API_KEY`, `TWILIO_API_SECRET` | signs tokens with which agents' browsers are rung |
| `TWILIO_REGION`, `TWILIO_EDGE` | the account's home region and the way into it; both or none |
| `CORDBOARD_SECRET` | seals personal data and names customers; keep it, it cannot be replaced |
| `CORDBOARD_PUBLIC_URL` | our address as the carrier sees it |
| `CORDBOARD_CARRIER_URL` | where REST requests go instead of the carrier; for tests |
| `CORDBOARD_DATA` | the data folder, `./data` if unset |
| `CORDBOARD_METRICS_PORT` | where the worker serves numbers on loopback; unset: nowhere |
| `CORDBOARD_SOURCE_NAME` | the `Authorization` header for the source NAME of the settings |
| `REDIS_URL` | the site's Redis; unset: the one that comes with Cordboard, in the data folder |
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cordboard.runtime.sealing import check_secret
from cordboard.runtime.settings.reading import SettingsError
from webhooks.addresses import BaseUrlError, checked_base_url

_SOURCE = "CORDBOARD_SOURCE_"

_HOST_PART = re.compile(r"[a-z][a-z0-9-]{1,30}")
"""What a region or an edge may be: it becomes a part of a host's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The environment of a live centre; secrets are left out of its text form."""

    account_sid: str
    auth_token: str = field(repr=False)
    secret: str = field(repr=False)
    public_url: str
    data_folder: Path
    auth_token_next: str = field(default="", repr=False)
    api_key: str = ""  #: empty: no browser can be rung
    api_secret: str = field(default="", repr=False)
    region: str = ""  #: empty: the carrier's own choice, us1
    edge: str = ""  #: told exactly when the region is
    carrier_url: str = ""
    redis_url: str = field(default="", repr=False)  #: may hold a password; empty: embedded
    metrics_port: int = 0  #: 0: none
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)  #: by source

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The tokens with which webhooks may be signed."""
        return tuple(token for token in (self.auth_token, self.auth_token_next) if token)


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Read the variables of a live centre.

    Raises:
        SettingsError: One is missing or cannot be right.
    """
    missing = [
        name
        for name in (
            "TWILIO_ACCOUNT_SID",
            "TWILIO_AUTH_TOKEN",
            "CORDBOARD_SECRET",
            "CORDBOARD_PUBLIC_URL",
        )
        if not environ.get(name)
    ]
    if missing:
        raise SettingsError(f"not set in the environment: {', '.join(missing)}")
    try:
        check_secret(environ["CORDBOARD_SECRET"])
        public_url = checked_base_url(environ["CORDBOARD_PUBLIC_URL"])
    except BaseUrlError as error:
        raise SettingsError(f"CORDBOARD_PUBLIC_URL: {error}") from error
    except ValueError as error:
        raise SettingsError(str(error)) from error
    api_key, api_secret = _api_key(environ)
    region, edge = _region(environ)
    return Environment(
        account_sid=environ["TWILIO_ACCOUNT_SID"],
        auth_token=environ["TWILIO_AUTH_TOKEN"],
        auth_token_next=environ.get("TWILIO_AUTH_TOKEN_NEXT", ""),
        api_key=api_key,
        api_secret=api_secret,
        region=region,
        edge=edge,
        secret=environ["CORDBOARD_SECRET"],
        public_url=public_url,
        carrier_url=environ.get("CORDBOARD_CARRIER_URL", ""),
        data_folder=Path(environ.get("CORDBOARD_DATA", "data")),
        redis_url=environ.get("REDIS_URL", ""),
        metrics_port=_port(environ.get("CORDBOARD_METRICS_PORT", "")),
        credentials={
            name.removeprefix(_SOURCE).lower(): value
            for name, value in environ.items()
            if name.startswith(_SOURCE) and value
        },
    )


def _port(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise SettingsError(f"CORDBOARD_METRICS_PORT is '{text}'; a port is 1 to 65535")
    return int(text)


def _api_key(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the key that signs browsers' tokens, and its secret; both empty if there is none."""
    key, secret = environ.get("TWILIO_API_KEY", ""), environ.get("TWILIO_API_SECRET", "")
    if bool(key) != bool(secret):
        raise SettingsError("TWILIO_API_KEY and TWILIO_API_SECRET belong together; set both")
    if key and not key.startswith("SK"):
        raise SettingsError("TWILIO_API_KEY is not the sid of an API key; that begins with SK")
    return key, secret


def _region(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return region and edge; half of the pair makes a host name that does not exist.

    Source: https://www.twilio.com/docs/global-infrastructure/edge-locations (the host is
    `api.EDGE.REGION.twilio.com`; the name with a region alone is no longer served).
    """
    region, edge = environ.get("TWILIO_REGION", ""), environ.get("TWILIO_EDGE", "")
    if bool(region) != bool(edge):
        raise SettingsError(
            "TWILIO_REGION and TWILIO_EDGE belong together; set both, such as ie1 and dublin"
        )
    for name, value in (("TWILIO_REGION", region), ("TWILIO_EDGE", edge)):
        if value and not _HOST_PART.fullmatch(value):
            raise SettingsError(f"{name} is '{value}'; it is a word such as ie1 or dublin")
    return region, edge
