"""`cordboard account`: who may come in: people by name and password, programs by token."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.output import OUT, UserError, print_json, print_table

if TYPE_CHECKING:
    from cordboard.api.tokens import Tokens

app = typer.Typer(help="Let people and programs in.", no_args_is_help=True)
tokens_app = typer.Typer(help="Tokens of programs that use /api/v1.", no_args_is_help=True)
app.add_typer(tokens_app, name="token")

TokensPath = Annotated[
    Path, typer.Option("--file", envvar="CORDBOARD_TOKENS", help="The tokens' file.")
]
TokenName = Annotated[str, typer.Argument(help="The token's name, such as crm.")]
TOKENS_FILE = Path("tokens.yaml")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str, typer.Option(help="supervisor, planner, agent or operator.")],
    file: Annotated[
        Path, typer.Option(envvar="CORDBOARD_ACCOUNTS", help="The accounts file.")
    ] = Path("accounts.yaml"),
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)
    ] = "",
) -> None:
    """Add a person to the accounts file, or give them a new role and password."""
    from cordboard.console.accounts import Accounts, AccountsError, Role

    try:
        known = Accounts.read(file)
        known.add(name, Role(role), password)
        known.write(file)
    except ValueError as error:
        if isinstance(error, AccountsError):
            raise UserError(str(error)) from error
        roles = ", ".join(Role)
        raise UserError(f"'{role}' is not a role; the roles are {roles}") from error
    except OSError as error:
        raise UserError(f"cannot write {file}: {error.strerror}") from error
    OUT.print(f"{name} may sign in as {role}.")


@tokens_app.command("create")
def create(
    name: TokenName,
    scope: Annotated[list[str], typer.Option(help="What it opens; repeat for several.")],
    file: TokensPath = TOKENS_FILE,
) -> None:
    """Make a token and print it, this once."""
    from cordboard.api.tokens import Scope

    unknown = [each for each in scope if each not in tuple(Scope)]
    if unknown:
        raise UserError(f"'{unknown[0]}' is not a scope; the scopes are {', '.join(Scope)}")
    with _changed(file) as tokens:
        _print_once(tokens.make(name, [Scope(each) for each in scope], int(time.time())))


@tokens_app.command("rotate")
def rotate(
    name: TokenName,
    keep_hours: Annotated[
        int, typer.Option(min=0, max=720, help="How long the present one stays good.")
    ] = 24,
    file: TokensPath = TOKENS_FILE,
) -> None:
    """Give a token a new secret and print it, this once."""
    from cordboard.api.tokens import HOUR_S

    with _changed(file) as tokens:
        _print_once(tokens.rotate(name, int(time.time()), keep_hours * HOUR_S))


@tokens_app.command("revoke")
def revoke(name: TokenName, file: TokensPath = TOKENS_FILE) -> None:
    """Close a token for good, from the next request on."""
    with _changed(file) as tokens:
        tokens.revoke(name)
    OUT.print(f"Token {name} opens nothing any more.")


@tokens_app.command("list")
def list_tokens(
    file: TokensPath = TOKENS_FILE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the tokens and what they open; secrets cannot be shown."""
    with _changed(file, is_written=False) as tokens:
        rows = [(token.name, sorted(token.scopes), _day(token.made_s)) for token in tokens]
    if as_json:
        print_json([{"name": name, "scopes": opens, "made": day} for name, opens, day in rows])
    else:
        head = ("token", "made", "opens")
        print_table("Tokens", head, [(name, day, ", ".join(opens)) for name, opens, day in rows])


@contextmanager
def _changed(file: Path, *, is_written: bool = True) -> Iterator["Tokens"]:
    """Give the tokens of a file, and write them back.

    Raises:
        UserError: The file is wrong or cannot be written, or what was asked cannot be done.
    """
    from cordboard.api.tokens import Tokens, TokensError

    try:
        tokens = Tokens.read(file)
        yield tokens
        if is_written:
            tokens.write(file)
    except TokensError as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"cannot use {file}: {error.strerror}") from error


def _print_once(token: str) -> None:
    OUT.print("Keep this token now; it cannot be shown again.")
    OUT.out(token, highlight=False)


def _day(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).date().isoformat()
