"""What agents do with written conversations: read the thread, and reply."""

from collections.abc import Sequence

from acd.events import UNSTAMPED, MessagePassed
from acd.ids import AgentId, CallId
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.segments import CHARACTERS_MAX
from cordboard.runtime.text_rows import TO_SEND, TextRow
from cordboard.runtime.threads import Threads
from webhooks.ports import Fact, Journal, JournalDown


class TextRefusedError(ValueError):
    """A reply cannot be sent as it is; whoever wrote it must change something."""


class TextDesk:
    """The conversations of a site, for the agents who have them."""

    def __init__(self, threads: Threads, journal: Journal, clock: Clock) -> None:
        self._threads = threads
        self._journal = journal
        self._clock = clock

    def read(self, call_id: CallId) -> Sequence[TextRow]:
        """Return a conversation's messages in order; nothing while the store is down."""
        try:
            return self._threads.read(call_id)
        except StoreDown:
            return []

    def reply(self, agent_id: AgentId, call_id: CallId, name: str, text: str) -> None:
        """Let the customer be sent a reply, once for each name.

        Raises:
            TextRefusedError: The text is empty or too long, or the customer's data was erased.
            JournalDown: It could not be kept; the same name again is the same reply.
        """
        said = text.strip()
        if not said:
            raise TextRefusedError("Write something first.")
        if len(said) > CHARACTERS_MAX:
            raise TextRefusedError(
                f"The reply has {len(said)} characters; {CHARACTERS_MAX} is the most."
            )
        row = TextRow(
            name=name, at_ms=self._clock.wall_ms(), writer=agent_id, text=said, state=TO_SEND
        )
        try:
            who = self._threads.correspondent(call_id)
            if who is None:
                raise TextRefusedError("This conversation is no longer kept.")
            self._threads.keep(call_id, who.customer_id, row)
        except StoreDown as down:
            raise JournalDown(str(down)) from down
        self._journal.append([Fact(MessagePassed(UNSTAMPED, call_id), f"{call_id}|{name}|text")])
