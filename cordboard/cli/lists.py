"""What the commands about lists and their law share: a centre's files, its secret, instants."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.output import UserError

if TYPE_CHECKING:
    from cordboard.runtime.leads.plan import CampaignLists
    from cordboard.runtime.settings import Settings
    from dialer.compliance import RuleBook
    from dialer.ids import CampaignId

Folder = Annotated[Path, typer.Argument(help="Folder of the centre.")]
Data = Annotated[Path, typer.Option(envvar="CORDBOARD_DATA", help="The centre's data folder.")]
At = Annotated[
    str, typer.Option(help="The instant, in UTC unless it says otherwise; now if not given.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

DATA = Path("data")


@dataclass(frozen=True, slots=True)
class Centre:
    """A centre's settings and law, for questions about its lists."""

    settings: "Settings"
    campaigns: "dict[CampaignId, CampaignLists]"
    book: "RuleBook"
    store: Path


def instant_ms(option: str, text: str) -> int:
    """Read an instant or a date, the present if empty.

    Raises:
        UserError: It is neither.
    """
    if not text:
        return round(datetime.now(UTC).timestamp() * 1_000)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"{option} is '{text}'; write e.g. 2026-11-23T10:00") from error
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return round(instant.timestamp() * 1_000)


def told_instant(at_ms: int) -> str:
    """Write an instant for people.

    Example:
        >>> told_instant(1_795_428_000_000)
        '2026-11-23 10:00 UTC'
    """
    return datetime.fromtimestamp(at_ms / 1_000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def require_campaign(settings: "Settings", name: str) -> None:
    """Refuse a campaign that the settings do not have.

    Raises:
        UserError: There is none of that name.
    """
    if name not in settings.campaigns:
        known = ", ".join(settings.campaigns) or "none"
        raise UserError(f"there is no campaign '{name}'; the campaigns are {known}")


def read_centre(folder: Path, data: Path) -> Centre:
    """Read a centre's settings and law.

    Raises:
        UserError: Something in them is wrong.
    """
    from cordboard.runtime.composition import campaign_lists, rule_book
    from cordboard.runtime.settings import SettingsError, load_settings
    from dialer.compliance import RuleDocumentError

    try:
        settings = load_settings(folder)
        return Centre(
            settings, campaign_lists(settings), rule_book(settings), data / "leads.sqlite"
        )
    except (SettingsError, RuleDocumentError) as error:
        raise UserError(str(error)) from error


@contextmanager
def telling() -> Iterator[None]:
    """Turn what is wrong with a lead store into one line."""
    import sqlite3

    from cordboard.runtime.leads import LeadStoreError

    try:
        yield
    except LeadStoreError as error:
        raise UserError(str(error)) from error
    except sqlite3.Error as error:
        raise UserError(f"the lead store cannot be used: {error}") from error


def secret() -> str:
    """Return the centre's secret.

    Raises:
        UserError: The environment does not hold it.
    """
    from cordboard.runtime.sealing import check_secret

    value = os.environ.get("CORDBOARD_SECRET", "")
    try:
        check_secret(value)
    except ValueError as error:
        raise UserError(f"{error}; it must be the one the centre runs with") from error
    return value
