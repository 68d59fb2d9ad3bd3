"""Personal data under keys that can be thrown away, and customers under pseudonyms.

A journal is never rewritten, yet a person may ask to be forgotten. So an entry is plain facts, that
hold no personal data, plus a part sealed under a key of that person alone. Erasing the key makes
every copy of the sealed parts unreadable at once, in the store, in archives and in backups; replay
does not need them. A person's key is itself wrapped under the centre's secret, so that a stolen
dump of the store says nothing.

A customer's id is a keyed hash of their number: the same number gives the same customer, and
without the secret nobody can try numbers until one fits.

Source: AES-GCM as in NIST SP 800-38D (nonces of 96 random bits, one key per person keeps their
count far below 2^32); HKDF as in RFC 5869.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping
from typing import cast

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from acd.ids import CustomerId
from cordboard.runtime.connection import Client, Store, telling_downs

_NONCE_BYTES = 12
_SECRET_CHARACTERS_MIN = 16


def derive(secret: str, purpose: str) -> bytes:
    """Return 32 bytes made of the secret for one purpose; one key says nothing of another."""
    return HKDF(hashes.SHA256(), length=32, salt=None, info=f"cordboard {purpose}".encode()).derive(
        secret.encode()
    )


def check_secret(secret: str) -> None:
    """Refuse a secret that is short enough to be tried out.

    Raises:
        ValueError: The operator must choose a longer CORDBOARD_SECRET.
    """
    if len(secret) < _SECRET_CHARACTERS_MIN:
        raise ValueError(
            f"CORDBOARD_SECRET has {len(secret)} characters; use {_SECRET_CHARACTERS_MIN} or more,"
            " for instance from `openssl rand -hex 32`"
        )


class Pseudonyms:
    """Who a number is, without saying it: `webhooks.ports.Customers`.

    Example:
        >>> names = Pseudonyms("0123456789abcdef")
        >>> names.by_number("+12025550101") == names.by_number("+12025550101")
        True
        >>> names.by_number("+12025550101") == names.by_number("+12025550102")
        False
    """

    def __init__(self, secret: str) -> None:
        check_secret(secret)
        self._key = derive(secret, "pseudonyms")

    def by_number(self, number: str) -> CustomerId:
        """Return the customer's id for an E.164 number, the same for the same number."""
        return CustomerId("cu-" + self._hash(number))

    def number_key(self, number: str) -> str:
        """Return what stands for a number where only equality matters."""
        return "nu-" + self._hash("number " + number)

    def _hash(self, text: str) -> str:
        digest = hmac.digest(self._key, text.encode(), "sha256")
        return base64.b32encode(digest[:15]).decode().lower()


class DayBox:
    """Closes what the store holds for a day at most, under one key made of the centre's secret.

    A place in a call flow may hold a secret a caller has just keyed. It is needed for the next
    question only, so it is in the store, but a dump of the store does not show it.

    Example:
        >>> box = DayBox("0123456789abcdef", "places")
        >>> box.open("CA1", box.close("CA1", "4711"))
        '4711'
        >>> box.open("CA2", box.close("CA1", "4711")) is None
        True
    """

    def __init__(self, secret: str, purpose: str) -> None:
        check_secret(secret)
        self._key = AESGCM(derive(secret, purpose))

    def close(self, label: str, text: str) -> str:
        """Return a text encrypted; `label` ties it to its place."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._key.encrypt(nonce, text.encode(), label.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, label: str, closed: str) -> str | None:
        """Return what was closed; None if it was not, or under another secret or label."""
        try:
            data = base64.b64decode(closed)
            return self._key.decrypt(
                data[:_NONCE_BYTES], data[_NONCE_BYTES:], label.encode()
            ).decode()
        except (InvalidTag, ValueError):
            return None


class Sealer:
    """Seals and opens the personal part of journal entries, and erases people."""

    def __init__(self, store: Store, secret: str, client: Client | None = None) -> None:
        check_secret(secret)
        self._client = client or store.client()
        self._hash = store.keys.subject_keys
        self._master = AESGCM(derive(secret, "sealing"))

    def seal(self, subject: CustomerId, label: str, private: Mapping[str, str]) -> str:
        """Return `private` encrypted for this subject; `label` ties it to its entry.

        Raises:
            StoreDown: The key could not be read or made.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        plain = msgspec.json.encode(dict(private))
        sealed = self._make_key(subject).encrypt(nonce, plain, label.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, subject: CustomerId, label: str, sealed: str) -> dict[str, str] | None:
        """Return what was sealed, or None if the person was erased or it is not theirs.

        Raises:
            StoreDown: The key could not be read.
        """
        key = self._load_key(subject)
        if key is None:
            return None
        try:
            data = base64.b64decode(sealed)
            plain = key.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], label.encode())
        except (InvalidTag, ValueError):
            return None
        return msgspec.json.decode(plain, type=dict[str, str])

    def erase(self, subject: CustomerId) -> bool:
        """Make everything sealed for this person unreadable; tell whether there was a key.

        The store's own log still holds the wrapped key until it is rewritten, which is asked for
        here and done in the background.

        Raises:
            StoreDown: The key could not be removed; the person is not erased.
        """
        with telling_downs():
            was_there = bool(self._client.hdel(self._hash, subject))
            if was_there and not self._client.info("persistence")["aof_rewrite_in_progress"]:
                self._client.bgrewriteaof()
        return was_there

    def _make_key(self, subject: CustomerId) -> AESGCM:
        key = self._load_key(subject)
        if key is not None:
            return key
        nonce = secrets.token_bytes(_NONCE_BYTES)
        fresh = AESGCM.generate_key(bit_length=256)
        wrapped = nonce + self._master.encrypt(nonce, fresh, subject.encode())
        with telling_downs():
            self._client.hsetnx(self._hash, subject, wrapped)
        # Somebody else may have been quicker: what is stored is the key.
        key = self._load_key(subject)
        return key if key is not None else AESGCM(fresh)

    def _load_key(self, subject: CustomerId) -> AESGCM | None:
        with telling_downs():
            wrapped = cast("bytes | None", self._client.hget(self._hash, subject))
        if wrapped is None:
            return None
        plain = self._master.decrypt(
            wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject.encode()
        )
        return AESGCM(plain)
