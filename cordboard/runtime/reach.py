"""Whom text messages can reach: what is known of a number before anything is sent to it.

Sending a message that cannot arrive costs money, and telling a caller that a link is on its way
when it is not costs trust. So a number is asked about first, and the answer is one of the carrier's
own error codes, whoever found it out: there is one sentence for each (`carrier.faults`).

| known | from | code |
| --- | --- | --- |
| the person wants no messages | their word of stopping, or the carrier's refusal | 21610 |
| the number is in none of the countries we write to, or costs extra | the settings | 21408 |
| it is a landline | the numbering plan | 21614 |
| it took none lately | the carrier's refusal, kept for `REMEMBERED_S` | that code |
| call flows sent it enough today | our own count (`text_caps`) | 60203 |

Source: https://www.twilio.com/docs/api/errors (codes; the last is the carrier's own for
sending to one number too often).
"""

from collections.abc import Callable
from typing import cast

import phonenumbers
from phonenumbers import PhoneNumberType

from cordboard.runtime.connection import Client, telling_downs
from cordboard.runtime.keys import Keys
from cordboard.runtime.sealing import Pseudonyms

OPTED_OUT, NOT_PERMITTED, NOT_MOBILE, ENOUGH_TODAY = 21610, 21408, 21614, 60203

LASTING = frozenset({21211, 21612, NOT_MOBILE, 30005, 30006})
"""Refusals that are about the number, and so are true of the next message too."""

REMEMBERED_S = 30 * 24 * 3_600
"""A month: numbers are ported, and get new owners."""


class OptOuts:
    """Numbers that want no messages, under their pseudonyms."""

    def __init__(self, client: Client, keys: Keys, pseudonyms: Pseudonyms) -> None:
        self._client = client
        self._keys = keys
        self._pseudonyms = pseudonyms

    def has(self, number: str) -> bool:
        """Tell whether a number wants no messages.

        Raises:
            StoreDown: The store did not answer.
        """
        key = self._pseudonyms.number_key(number)
        with telling_downs():
            return bool(self._client.hexists(self._keys.text_opt_outs, key))

    def stop(self, number: str, wall_ms: int) -> bool:
        """Send a number no more messages, and let the worker forbid calls to it.

        Returns:
            Whether that is new.

        Raises:
            StoreDown: The store did not answer.
        """
        key = self._pseudonyms.number_key(number)
        with telling_downs(), self._client.pipeline(transaction=True) as steps:
            steps.hsetnx(self._keys.text_opt_outs, key, str(wall_ms))
            steps.sadd(self._keys.text_stops, key)
            return bool(steps.execute()[0])

    def start(self, number: str) -> bool:
        """Send a number messages again; tell whether it had asked for none.

        Raises:
            StoreDown: The store did not answer.
        """
        key = self._pseudonyms.number_key(number)
        with telling_downs():
            return bool(self._client.hdel(self._keys.text_opt_outs, key))

    def new_stops(self) -> set[str]:
        """Return numbers, under pseudonyms, that nobody has forbidden to call yet.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            found = cast("set[bytes]", self._client.smembers(self._keys.text_stops))
        return {key.decode() for key in found}

    def forget_stops(self, number_keys: set[str]) -> None:
        """Note that calls to these numbers are forbidden now.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            self._client.srem(self._keys.text_stops, *sorted(number_keys))


class Reach:
    """What keeps a number from getting text messages."""

    def __init__(
        self,
        client: Client,
        keys: Keys,
        pseudonyms: Pseudonyms,
        is_permitted: Callable[[str], bool],
    ) -> None:
        self.opt_outs = OptOuts(client, keys, pseudonyms)
        self._client = client
        self._keys = keys
        self._pseudonyms = pseudonyms
        self._is_permitted = is_permitted

    def obstacle(self, number: str) -> int:
        """Return why a number that did not write to us gets no message: a code, or 0 for nothing.

        Raises:
            StoreDown: The store did not answer.
        """
        if not self._is_permitted(number):
            return NOT_PERMITTED
        if _is_landline(number):
            return NOT_MOBILE
        return self.refusal(number)

    def refusal(self, number: str) -> int:
        """Return why a number gets no message even where it wrote to us: a code, or 0.

        Raises:
            StoreDown: The store did not answer.
        """
        key = self._pseudonyms.number_key(number)
        with telling_downs(), self._client.pipeline(transaction=False) as steps:
            steps.hexists(self._keys.text_opt_outs, key)
            steps.get(self._keys.text_refused(key))
            is_stopped, kept = steps.execute()
        return OPTED_OUT if is_stopped else int(kept or 0)

    def learn(self, number: str, error_code: int, wall_ms: int) -> None:
        """Take an error of the carrier's about a message to a number.

        A refusal because of an opt-out that we do not know of (the word of stopping was lost on its
        way to us) counts as that word.

        Raises:
            StoreDown: The store did not answer.
        """
        if error_code == OPTED_OUT:
            self.opt_outs.stop(number, wall_ms)
        elif error_code in LASTING:
            with telling_downs():
                self._client.set(self._refused(number), str(error_code), ex=REMEMBERED_S)

    def heard_from(self, number: str) -> None:
        """Forget refusals: a number that writes to us can be written to.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            self._client.delete(self._refused(number))

    def _refused(self, number: str) -> str:
        return self._keys.text_refused(self._pseudonyms.number_key(number))


def _is_landline(number: str) -> bool:
    """Tell whether the numbering plan says so; where it leaves that open, the carrier knows."""
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return bool(kind == PhoneNumberType.FIXED_LINE)
