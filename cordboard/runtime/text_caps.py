"""How many text messages call flows send to one number in a day, whoever orders them.

A caller id can be forged, and any number can be keyed in. Without a cap, somebody who calls again
and again has the centre send a stranger text after text, at its cost. An agent's reply is not
counted: it answers somebody who wrote.

A day is the last 24 hours, so that nobody need know where the number is. A message is counted by
its thread's name: the same errand again is the same message. What was refused is not counted, else
whoever calls on could keep a number from its links for ever.
"""

from acd.ids import CallId
from cordboard.runtime.connection import Client, telling_downs
from cordboard.runtime.keys import Keys
from cordboard.runtime.sealing import Pseudonyms

DAY_S = 24 * 3_600


class DayCap:
    """The texts that each number was sent by flows in the last day, at most so many."""

    def __init__(
        self, client: Client, keys: Keys, pseudonyms: Pseudonyms, *, per_number_day: int
    ) -> None:
        self._client = client
        self._keys = keys
        self._pseudonyms = pseudonyms
        self._per_number_day = per_number_day

    def has_room(self, number: str, wall_ms: int) -> bool:
        """Tell whether one more would be sent.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            sent = self._client.zcount(self._key(number), _day_before(wall_ms), "+inf")
        return sent < self._per_number_day

    def takes(self, number: str, thread: CallId, wall_ms: int) -> bool:
        """Count a message, unless it is one too many; one that was counted stays so.

        Raises:
            StoreDown: The store did not answer; it may have been counted.
        """
        key = self._key(number)
        with telling_downs(), self._client.pipeline(transaction=True) as steps:
            steps.zremrangebyscore(key, "-inf", f"({_day_before(wall_ms)}")
            steps.zadd(key, {thread: wall_ms}, nx=True)
            steps.zcard(key)
            steps.expire(key, DAY_S)
            _, is_new, sent, _ = steps.execute()
            if is_new and sent > self._per_number_day:
                self._client.zrem(key, thread)
                return False
        return True

    def _key(self, number: str) -> str:
        return self._keys.text_day(self._pseudonyms.number_key(number))


def _day_before(wall_ms: int) -> int:
    return wall_ms - DAY_S * 1_000
