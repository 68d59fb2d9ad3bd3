"""`cordboard account`: lets a person sign in to the console."""

from pathlib import Path
from typing import Annotated

import typer

from cordboard.cli.output import OUT, UserError


def account(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str, typer.Option(help="supervisor, planner, agent or operator.")],
    file: Annotated[Path, typer.Option(help="The accounts file.")] = Path("accounts.yaml"),
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
