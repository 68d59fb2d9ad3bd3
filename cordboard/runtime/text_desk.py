"""What agents do with written conversations: read the thread, reply, pass it on.

Whoever gets a conversation that was passed on finds the whole thread, the note of the colleague,
and what the customer and we wrote in the days before, so that nobody is asked twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from acd.events import UNSTAMPED, ConversationTransferred, MessagePassed
from acd.ids import AgentId, CallId, QueueId
from cordboard.runtime.carrier.faults import is_worth_repeating
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.reach import Reach
from cordboard.runtime.segments import CHARACTERS_MAX, length_of
from cordboard.runtime.text_rows import NOTE, TO_SEND, TextRow
from cordboard.runtime.threads import Threads
from webhooks.ports import Fact, Journal, JournalDown

AGAIN_MARK = "-again"
"""Between the name of a reply and how often it was sent again."""

AGAIN_MAX = 3
"""What did not arrive after so many further tries will not."""


class TextRefusedError(ValueError):
    """Something cannot be sent as it is; whoever wrote it must change something."""


@dataclass(frozen=True, slots=True)
class Party:
    """To whom a conversation may be passed on: a queue, or an agent of the present one."""

    queue_id: QueueId | None = None
    agent_id: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as its agent reads it."""

    earlier: Sequence[TextRow] = ()  #: of the customer's conversations before this one
    rows: Sequence[TextRow] = ()
    obstacle: int = 0  #: why the customer gets no message, as an error code of the carrier


class TextDesk:
    """The conversations of a site, for the agents who have them."""

    def __init__(  # noqa: PLR0913  (one part of the runtime each; the composition calls it once)
        self,
        threads: Threads,
        reach: Reach,
        journal: Journal,
        clock: Clock,
        *,
        queues: Sequence[QueueId] = (),
        agents: Sequence[AgentId] = (),
    ) -> None:
        """Make a desk.

        Args:
            threads: What was written.
            reach: Who cannot be written to.
            journal: Takes the facts.
            clock: When something is written.
            queues: Those that carry messages.
            agents: Those who take messages.
        """
        self._threads = threads
        self._reach = reach
        self._journal = journal
        self._clock = clock
        self.queues = tuple(queues)
        self.agents = tuple(agents)

    def read(self, call_id: CallId) -> Thread:
        """Return a conversation; nothing of it while the store is down."""
        try:
            earlier = [
                row for past in self._threads.earlier(call_id) for row in self._threads.read(past)
            ]
            who = self._threads.correspondent(call_id)
            obstacle = self._reach.refusal(who.number) if who is not None else 0
            return Thread(earlier, self._threads.read(call_id), obstacle)
        except StoreDown:
            return Thread()

    def reply(self, agent_id: AgentId, call_id: CallId, name: str, text: str) -> None:
        """Let the customer be sent a reply, once for each name.

        Raises:
            TextRefusedError: The text is empty or too long, or the customer's data was erased.
            JournalDown: It could not be kept; the same name again is the same reply.
        """
        said = text.strip()
        if not said:
            raise TextRefusedError("Write something first.")
        length = length_of(said)
        if length.is_too_long:
            raise TextRefusedError(
                f"The reply has {length.character_count} characters; {CHARACTERS_MAX} is the most."
            )
        self._keep(agent_id, call_id, name, said, TO_SEND)
        self._journal.append([Fact(MessagePassed(UNSTAMPED, call_id), f"{call_id}|{name}|text")])

    def send_again(self, agent_id: AgentId, call_id: CallId, name: str) -> None:
        """Send a reply that did not arrive once more, if that can help.

        Raises:
            TextRefusedError: It cannot, or it was sent again already.
            JournalDown: It could not be kept.
        """
        rows = self.read(call_id).rows
        row = next((row for row in rows if row.name == name), None)
        if row is None or name not in repeatable(rows):
            raise TextRefusedError("Sending this again would not help, or it was sent again.")
        self.reply(agent_id, call_id, _next_name(name), row.text)

    def pass_on(
        self, agent_id: AgentId, call_id: CallId, to: Party, *, queue_id: QueueId, note: str
    ) -> None:
        """Let somebody else have a conversation, with a note for them.

        Args:
            agent_id: Who has it.
            call_id: The conversation.
            to: Who shall have it.
            queue_id: The queue it is in; there it stays if it goes to a certain agent.
            note: For colleagues only; may be empty.

        Raises:
            TextRefusedError: There is no such party, or the note is too long.
            JournalDown: It could not be kept; nothing has changed.
        """
        if to.queue_id not in {None, *self.queues} or to.agent_id not in {None, *self.agents}:
            raise TextRefusedError("There is nobody of this name who takes messages.")
        if to in {Party(), Party(agent_id=agent_id)}:
            raise TextRefusedError("Choose first to whom to pass it on: somebody else.")
        if len(note) > CHARACTERS_MAX:
            problem = f"The note has {len(note)} characters; {CHARACTERS_MAX} is the most."
            raise TextRefusedError(problem)
        if note.strip():
            name = f"note.{agent_id}.{self._clock.wall_ms()}"
            self._keep(agent_id, call_id, name, note.strip(), NOTE)
        event = ConversationTransferred(
            UNSTAMPED, agent_id, call_id, to.queue_id or queue_id, {}, to.agent_id
        )
        self._journal.append([Fact(event, natural_key="")])

    def _keep(self, agent_id: AgentId, call_id: CallId, name: str, text: str, state: str) -> None:
        row = TextRow(
            name=name, at_ms=self._clock.wall_ms(), writer=agent_id, text=text, state=state
        )
        try:
            who = self._threads.correspondent(call_id)
            if who is None:
                raise TextRefusedError("This conversation is no longer kept.")
            self._threads.keep(call_id, who.customer_id, row)
        except StoreDown as down:
            raise JournalDown(str(down)) from down


def repeatable(rows: Sequence[TextRow]) -> frozenset[str]:
    """Return the names of messages that did not arrive and may at another try, not yet made."""
    names = {row.name for row in rows}
    return frozenset(
        row.name
        for row in rows
        if is_worth_repeating(row.error_code)
        and _tries(row.name) < AGAIN_MAX
        and _next_name(row.name) not in names
    )


def _tries(name: str) -> int:
    """Return how often a message was sent again, by its name."""
    return int(name.partition(AGAIN_MARK)[2] or 0)


def _next_name(name: str) -> str:
    """Return the name of the next try: the same for everybody who presses the button now."""
    return f"{name.partition(AGAIN_MARK)[0]}{AGAIN_MARK}{_tries(name) + 1}"
