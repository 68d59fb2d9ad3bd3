"""Whether the demo's books balance: the centre's, the carrier's, and the outbox between them.

Three independent records tell of the same hour: the journal folded (`simulator.books`), the legs
and talks the stand-in itself has seen, and the outbox with the state of every effect. What one of
them says and another does not is a problem, said in words.
"""

from collections.abc import Iterator

from cordboard.runtime.connection import Client
from cordboard.runtime.keys import Keys
from cordboard.runtime.settings import Settings
from simulator.books import Books
from simulator.carrier.ledger import Ledger

EXAMPLES = 3
"""How many offenders a problem names."""


def carrier_problems(ledger: Ledger, settings: Settings, books: Books) -> Iterator[str]:
    """Yield what the carrier's own record says against the centre's."""
    agents = set(settings.endpoints.values())
    live = [leg.sid for leg in ledger.live_legs()]
    if live:
        yield f"{len(live)} legs are still alive at the carrier: {_some(live)}"
    doubles = ledger.double_talks(lambda address: address in agents)
    if doubles:
        rooms = [f"{one.room} and {other.room}" for one, other in doubles]
        yield f"an agent was in two conversations {len(doubles)} times: {_some(rooms)}"
    inbound = sum(leg.direction == "inbound" for leg in ledger.legs.values())
    if inbound != books.calls_opened:
        yield f"the carrier put through {inbound} calls, the centre knows {books.calls_opened}"


def outbox_problems(client: Client, keys: Keys) -> Iterator[str]:
    """Yield what is left undone between centre and carrier."""
    waiting = client.xlen(keys.outbox)
    if waiting:
        yield f"{waiting} commands are still in the outbox"
    open_effects = [
        key.decode()
        for key, state in client.hscan_iter(keys.effects)
        if state == b"new" or state.startswith(b"started")
    ]
    if open_effects:
        yield f"{len(open_effects)} effects have no known outcome: {_some(open_effects)}"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - EXAMPLES} more" if len(names) > EXAMPLES else ""
    return ", ".join(names[:EXAMPLES]) + more
