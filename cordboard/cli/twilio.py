"""`cordboard twilio`: the carrier account held against a centre's settings, and set right.

Credentials and the public address come from the environment, as for `serve`.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.check import Found, print_found
from cordboard.cli.output import FOUND, OUT, UserError, print_json

if TYPE_CHECKING:
    from cordboard.runtime.carrier.account import CarrierAccount, NumberChange

app = typer.Typer(help="Check the carrier account, and set its numbers.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="Folder of the centre.")]
CarrierUrl = Annotated[
    str, typer.Option(help="Ask here instead of the carrier.", envvar="CORDBOARD_CARRIER_URL")
]


@app.command("check")
def check(
    folder: Folder,
    carrier_url: CarrierUrl = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what is wrong with the account for this centre; exit code 1 when an error is found."""
    with _account(folder, carrier_url) as account:
        found = [Found(one.where, one.what, one.is_error) for one in account.findings()]
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print_found("the carrier account", found)
    if any(one.is_error for one in found):
        raise SystemExit(FOUND)


@app.command("apply")
def apply(
    folder: Folder,
    carrier_url: CarrierUrl = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would be set.")
    ] = False,
) -> None:
    """Set the lines' addresses and fallbacks at the carrier, after showing them and asking."""
    with _account(folder, carrier_url) as account:
        plan = account.plan()
        _print_plan(plan)
        if not plan or dry_run:
            return
        if not (yes or typer.confirm("Set this at the carrier?")):
            OUT.print("Nothing was changed.")
            return
        for change in plan:
            account.apply(change)
            OUT.print(f"line {change.line}: set.")


def _print_plan(plan: "Sequence[NumberChange]") -> None:
    if not plan:
        OUT.print("[green]Every line is set as it must be.[/]")
    for change in plan:
        OUT.print(f"[bold]line {change.line}[/]")
        for name, value in change.becomes.items():
            was = change.was[name] or "nothing"
            OUT.out(f"  {name}: {was} -> {value or 'nothing'}", highlight=False)


@contextmanager
def _account(folder: Path, carrier_url: str) -> "Iterator[CarrierAccount]":
    """Give the account; whatever the carrier or the settings say against it becomes one sentence.

    Raises:
        UserError: Settings, environment or credentials are wrong, or the carrier does not answer.
    """
    from cordboard.runtime.carrier.account import CarrierAccount
    from cordboard.runtime.carrier.faults import CARRIER_ERRORS, explain
    from cordboard.runtime.composition import client_of
    from cordboard.runtime.settings import SettingsError, load_settings, read_environment
    from webhooks.addresses import Addresses

    try:
        environment = read_environment(os.environ)
        settings = load_settings(folder)
        client = client_of(environment, carrier_url)
        yield CarrierAccount(client, settings, Addresses(environment.public_url))
    except SettingsError as error:
        raise UserError(str(error)) from error
    except CARRIER_ERRORS as error:
        raise UserError(explain(error)) from error
