"""`cordboard flow publish`, `rollout`, `rollback`, `releases`, `show`: versions in use.

They work on the store of a centre, whether it runs or not: `REDIS_URL`, else the embedded Redis of
the data folder, started for the moment if nobody runs it. A running centre takes a change over
within about a second. Every change is logged with who, when and why.
"""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli import comparison
from cordboard.cli.check import around_flows, flow_findings, print_found
from cordboard.cli.flow_file import FlowFile, read_flow_file
from cordboard.cli.output import FOUND, NOTHING, OUT, UserError, print_json, print_table

if TYPE_CHECKING:
    from cordboard.runtime.connection import Client, Store
    from cordboard.runtime.releases import Author, Change, Releases
    from cordboard.runtime.settings import Settings
    from ivr.rollout import Release

Centre = Annotated[Path, typer.Option("--centre", help="Folder of the centre.")]
Data = Annotated[
    Path, typer.Option(envvar="CORDBOARD_DATA", help="Data folder of the centre, for its Redis.")
]
Why = Annotated[str, typer.Option(help="Why, for the log.")]
By = Annotated[str, typer.Option(help="Who, for the log; else the name you are signed in with.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The flow's name, as in its file.")]
DATA = Path("data")


def install(app: typer.Typer) -> None:
    """Put the commands into the group `flow`."""
    for command in (publish, rollout, rollback, releases, comparison.compare, show):
        app.command(command.__name__)(command)


def publish(
    file: FlowFile,
    centre: Centre,
    share: Annotated[
        int | None, typer.Option(min=0, max=100, help="Also give it this percent of new callers.")
    ] = None,
    data: Data = DATA,
    why: Why = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Prove a flow and keep it under its version's number, for ever; exit code 1 if it fails."""
    found = list(flow_findings(read_flow_file(file), around_flows(settings_of(centre))))
    if any(one.is_error for one in found):
        print_found(str(file), found)
        raise SystemExit(FOUND)
    with _opened(centre, data) as store:
        author = _author(by, why)
        flow = store.publish(file.read_bytes(), author, file=str(file))
        release = store.all().get(flow.name)
        if share is not None:
            release = store.roll_out(flow.name, flow.version, share, author)
    if as_json:
        print_json({"flow": flow.name, "version": flow.version, "release": release})
    else:
        OUT.print(f"{flow.name} version {flow.version} is published.", markup=False)
        _print_release(flow.name, release)


def rollout(
    name: Name,
    version: Annotated[int, typer.Argument(help="A published version.")],
    share: Annotated[int, typer.Argument(help="Percent of new callers.")],
    centre: Centre,
    data: Data = DATA,
    why: Why = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Give a version a share of the new callers; the others keep theirs of the rest."""
    with _opened(centre, data) as store:
        release = store.roll_out(name, version, share, _author(by, why))
    _print_made(name, release, as_json=as_json)


def rollback(
    name: Name,
    centre: Centre,
    data: Data = DATA,
    why: Why = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Go back to the shares before the last change; calls in progress finish on their version."""
    from ivr.rollout import roll_back

    def make(release: "Release | None") -> "Release":
        if release is None:
            raise ValueError(f"{name} has no release; publish one first")
        return roll_back(release)

    with _opened(centre, data) as store:
        release = store.change(name, make, "rolled back", 0, _author(by, why))
    _print_made(name, release, as_json=as_json)


def releases(centre: Centre, data: Data = DATA, as_json: AsJson = False) -> None:
    """List which versions new callers get, and who changed that, when and why."""
    with _opened(centre, data) as store:
        known, log = store.all(), store.log()
        versions = {name: store.versions(name) for name in known}
    if as_json:
        print_json({"releases": known, "versions": versions, "log": log})
        return
    rows = [
        (name, ", ".join(map(str, versions[name])), _shares(release))
        for name, release in known.items()
    ]
    print_table("Releases", ("flow", "published", "new callers get"), rows)
    head = ("when", "flow", "what", "new callers get", "by", "why")
    print_table("Changes, latest first", head, [_change_row(one) for one in reversed(log)])


def show(
    name: Name,
    version: Annotated[int, typer.Argument(help="A published version.")],
    centre: Centre,
    data: Data = DATA,
) -> None:
    """Print the text of a published version."""
    with _opened(centre, data) as store:
        text, known = store.text(name, version), store.versions(name)
    if text is None:
        listed = ", ".join(map(str, known)) or "none"
        raise UserError(f"{name} has no version {version}; published are: {listed}")
    OUT.out(text.decode(), highlight=False, end="")


# --- the store -------------------------------------------------------------------------------


def settings_of(folder: Path) -> "Settings":
    """Read a centre's settings; what is wrong is told in a sentence."""
    from cordboard.runtime.settings import SettingsError, load_settings

    try:
        return load_settings(folder)
    except SettingsError as error:
        raise UserError(str(error)) from error


@contextmanager
def store_of(site: str, data: Path) -> "Iterator[tuple[Store, Client]]":
    """Open a site's store, the operator's own or the data folder's; troubles become sentences."""
    from cordboard.runtime.connection import WORKER_TIMEOUT_S, Store, StoreDown, StoreError
    from cordboard.runtime.embedded import at_hand

    given = os.environ.get("REDIS_URL", "")
    try:
        with nullcontext(given) if given else at_hand(data / "redis") as url:
            store = Store(url, site)
            with store.client(timeout_s=WORKER_TIMEOUT_S) as client:
                yield store, client
    except (StoreError, StoreDown) as error:
        raise UserError(str(error)) from error


@contextmanager
def _opened(centre: Path, data: Path) -> "Iterator[Releases]":
    """Open the releases of a centre."""
    from cordboard.runtime.releases import ReleaseError, Releases

    with store_of(settings_of(centre).site, data) as (store, client):
        try:
            yield Releases(store, client)
        except ReleaseError as error:
            raise UserError(str(error)) from error


def _author(by: str, why: str) -> "Author":
    from cordboard.runtime.clock import LiveClock
    from cordboard.runtime.releases import Author

    return Author(by or getpass.getuser(), why, LiveClock().wall_ms())


# --- printing --------------------------------------------------------------------------------


def _print_made(name: str, release: "Release", *, as_json: bool) -> None:
    if as_json:
        print_json(release)
    else:
        _print_release(name, release)


def _print_release(name: str, release: "Release | None") -> None:
    if release is None:
        OUT.print(f"Nobody gets {name} yet; roll it out with `cordboard flow rollout`.")
    else:
        OUT.print(f"New callers of {name} get {_shares(release)}.", markup=False)


def _shares(release: "Release") -> str:
    return ", ".join(f"version {one.version}: {one.percent} %" for one in release.shares)


def _change_row(change: "Change") -> tuple[str, ...]:
    when = datetime.fromtimestamp(change.author.at_ms / 1_000, UTC)
    what = f"{change.what} {change.version}" if change.version else change.what
    shares = ", ".join(f"{one.version}: {one.percent} %" for one in change.shares)
    return (
        f"{when:%Y-%m-%d %H:%M}Z",
        change.flow,
        what,
        shares or NOTHING,
        change.author.by,
        change.author.why or NOTHING,
    )
