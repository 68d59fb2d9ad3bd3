"""API tokens: who holds one, what it opens, until when. Secrets are kept as hashes only.

A token reads ``cb_<name>.<secret>``. The name finds the row; the secret is 32 random bytes, so one
SHA-256 is enough to keep it: a slow password hash protects what people can remember, and nobody
guesses 256 bits. A token is shown once, when it is made. Changing it leaves the old secret valid
for a while, so that a program can be given the new one without a gap.

The file is read again when it changes: a revoked token is refused from the next request on.
"""

import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import msgspec

HOUR_S = 3_600

_SECRET_BYTES = 32

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

_TOKEN = re.compile(r"cb_(?P<name>[a-z0-9_-]{1,40})\.(?P<secret>[A-Za-z0-9_-]{43})")


class Scope(StrEnum):
    """What a token opens: a resource, to be read or to be changed."""

    LEADS_READ = "leads:read"
    LEADS_WRITE = "leads:write"
    DO_NOT_CALL_READ = "do-not-call:read"
    DO_NOT_CALL_WRITE = "do-not-call:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    FLOOR_READ = "floor:read"  #: queues and agents, as they are now
    CONTACTS_READ = "contacts:read"
    REPORTS_READ = "reports:read"
    RECORDINGS_READ = "recordings:read"  #: what was recorded; not the sound


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret of a token, hashed."""

    hash: str
    until_s: int = 0  #: Unix time from which it opens nothing; 0: never


@dataclass(frozen=True, slots=True)
class Token:
    """A program's right to ask."""

    name: str
    scopes: frozenset[Scope]
    made_s: int
    secrets: tuple[Secret, ...] = field(repr=False)

    def opens(self, secret: str, now_s: int) -> bool:
        """Tell whether this secret is one of the token's and still good."""
        hashed = _hash(secret)
        found = [hmac.compare_digest(hashed, each.hash) for each in self.secrets]
        good = [each.until_s == 0 or now_s < each.until_s for each in self.secrets]
        return any(is_it and is_good for is_it, is_good in zip(found, good, strict=True))


class TokensError(ValueError):
    """The tokens' file is wrong, or what was asked of it; the operator must mend it."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token as the file holds it."""

    scopes: list[Scope]
    made_s: int
    secrets: list[Secret]


class Tokens:
    """The tokens of one centre, in a YAML file."""

    def __init__(self, tokens: Iterable[Token] = ()) -> None:
        self._tokens = {token.name: token for token in tokens}

    @classmethod
    def read(cls, path: Path) -> "Tokens":
        """Return the tokens of a file; none if it does not exist yet.

        Raises:
            TokensError: The file is not what `write` writes; it says where.
            OSError: The file cannot be read.
        """
        if not path.exists():
            return cls()
        try:
            rows = msgspec.yaml.decode(path.read_bytes(), type=dict[str, Row])
        except msgspec.DecodeError as error:
            raise TokensError(f"{path}: {error}; make tokens with `cordboard account`") from error
        return cls(
            Token(name, frozenset(row.scopes), row.made_s, tuple(row.secrets))
            for name, row in rows.items()
        )

    def write(self, path: Path) -> None:
        """Keep the tokens in a file that only its owner may read; readers see old or new, whole.

        Raises:
            OSError: The folder is not writable.
        """
        rows = {
            token.name: Row(sorted(token.scopes), token.made_s, list(token.secrets))
            for token in self
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:  # made with mode 0600
            file.write(msgspec.yaml.encode(rows))
        Path(beside).replace(path)

    def __iter__(self) -> Iterator[Token]:
        """Iterate over the tokens by name."""
        return iter(sorted(self._tokens.values(), key=lambda token: token.name))

    def make(self, name: str, scopes: Iterable[Scope], now_s: int) -> str:
        """Make a token and return it; it cannot be shown again.

        Raises:
            TokensError: The name is no name, is taken, or nothing would be opened.
        """
        if not NAME.fullmatch(name):
            raise TokensError(
                f"'{name}' is no name of a token; use up to 40 of a-z, 0-9, _ and -, such as crm"
            )
        if name in self._tokens:
            raise TokensError(
                f"there is a token '{name}'; rotate or revoke it, or use another name"
            )
        opened = frozenset(scopes)
        if not opened:
            raise TokensError(f"a token needs a scope; there are {', '.join(Scope)}")
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        self._tokens[name] = Token(name, opened, now_s, (Secret(_hash(secret)),))
        return _written(name, secret)

    def rotate(self, name: str, now_s: int, keep_s: int = 24 * HOUR_S) -> str:
        """Give a token a new secret and return it; the present one stays good for `keep_s`.

        Raises:
            TokensError: There is no such token.
        """
        token = self._known(name)
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        until_s = now_s + keep_s
        kept = [
            replace(each, until_s=min(each.until_s or until_s, until_s))
            for each in token.secrets
            if keep_s > 0 and (each.until_s == 0 or each.until_s > now_s)
        ]
        self._tokens[name] = replace(token, secrets=(Secret(_hash(secret)), *kept))
        return _written(name, secret)

    def revoke(self, name: str) -> None:
        """Close a token for good.

        Raises:
            TokensError: There is no such token.
        """
        self._known(name)
        del self._tokens[name]

    def of(self, text: str, now_s: int) -> Token | None:
        """Return the token that was shown, None if it opens nothing."""
        shown = _TOKEN.fullmatch(text)
        if shown is None:
            return None
        token = self._tokens.get(shown["name"])
        return token if token is not None and token.opens(shown["secret"], now_s) else None

    def _known(self, name: str) -> Token:
        if name not in self._tokens:
            known = ", ".join(token.name for token in self) or "none yet"
            raise TokensError(f"there is no token '{name}'; there are: {known}")
        return self._tokens[name]


class TokensFile:
    """The tokens of a file, as they are at each moment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._tokens = Tokens()

    def __call__(self) -> Tokens:
        """Return the tokens, read again if the file has changed.

        Raises:
            TokensError: The file is wrong.
            OSError: The file cannot be read.
        """
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return Tokens()
        seen = (stat.st_mtime_ns, stat.st_ino)
        if seen != self._seen:
            self._tokens = Tokens.read(self._path)
            self._seen = seen
        return self._tokens


def _written(name: str, secret: str) -> str:
    return f"cb_{name}.{secret}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
