"""What is told to history beside the journal: records in a stream, until they are rows.

A record is removed only after the transaction that wrote it, and writing one twice changes nothing,
so none is lost and none counts twice.
"""

from collections.abc import Iterator
from typing import Protocol, cast

from cordboard.runtime.connection import Client, telling_downs

BATCH = 500


class Keeper(Protocol):
    """Writes down what it was told."""

    def keep(self) -> int:
        """Write down what has been told, and return how many records that was."""
        ...


def batches(client: Client, key: str) -> Iterator[list[bytes]]:
    """Yield records in order, each batch removed when the next is asked for.

    Whoever fails to write a batch down asks for no other, and finds it again later.

    Raises:
        StoreDown: The store did not answer.
    """
    while True:
        with telling_downs():
            rows = cast("list[tuple[bytes, dict[bytes, bytes]]]", client.xrange(key, count=BATCH))
        if not rows:
            return
        yield [fields.get(b"d", b"") for _, fields in rows]
        with telling_downs():
            client.xdel(key, *(row_id for row_id, _ in rows))
