"""Who may sign in, and as what: a file of names, roles and password hashes.

Passwords are kept as Argon2id hashes only. An unknown name costs the same time as a wrong password,
so that names cannot be found by trying.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError


class Role(StrEnum):
    """What a person does here; each page names the roles it is for."""

    SUPERVISOR = "supervisor"
    PLANNER = "planner"
    AGENT = "agent"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Account:
    """One person who may sign in."""

    name: str
    role: Role
    password_hash: str


class AccountsError(ValueError):
    """The accounts file is wrong or cannot be written; the operator must mend it."""


class Accounts:
    """The accounts of one centre, kept in a YAML file (name -> role, password_hash)."""

    def __init__(
        self, accounts: Mapping[str, Account], hasher: PasswordHasher | None = None
    ) -> None:
        self._accounts = dict(accounts)
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")

    @classmethod
    def read(cls, path: Path) -> "Accounts":
        """Return the accounts of a file; none if it does not exist yet.

        Raises:
            AccountsError: The file is not what `write` writes; it says where.
        """
        if not path.exists():
            return cls({})
        try:
            rows = msgspec.yaml.decode(path.read_bytes(), type=dict[str, dict[str, str]])
            return cls({name: _account(name, row) for name, row in rows.items()})
        except (msgspec.DecodeError, KeyError, ValueError) as error:
            raise AccountsError(f"{path}: {error}; add people with `cordboard account`") from error

    def write(self, path: Path) -> None:
        """Keep the accounts in a file that only its owner may read.

        Raises:
            OSError: The folder is not writable.
        """
        rows = {
            account.name: {"role": account.role.value, "password_hash": account.password_hash}
            for account in self._accounts.values()
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(msgspec.yaml.encode(rows))

    def add(self, name: str, role: Role, password: str) -> None:
        """Add a person, or give them a new role and password.

        Raises:
            AccountsError: The password is shorter than eight characters.
        """
        if len(password) < 8:
            raise AccountsError("a password needs eight characters or more")
        self._accounts[name] = Account(name, role, self._hasher.hash(password))

    def get(self, name: str) -> Account | None:
        """Return a person's account."""
        return self._accounts.get(name)

    def verify(self, name: str, password: str) -> Account | None:
        """Return the account if name and password belong together, else None."""
        account = self._accounts.get(name)
        try:
            self._hasher.verify(account.password_hash if account else self._nobody, password)
        except VerificationError:
            return None
        return account


def _account(name: str, row: Mapping[str, str]) -> Account:
    return Account(name, Role(row["role"]), row["password_hash"])
