"""The engine's face: which handler takes which event, which deadline does what, and in what order.

`handle` first fires every deadline that is due at or before the event's instant, each at its own
instant, then takes the event; after each of them, what was freed and let wait is matched. Time
never runs back: an event stamped earlier than the last is taken at the last instant.

An event that cannot be raises `EventError` before anything is changed. What deadlines led to before
it is kept and comes with the next call.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from acd import snapshot
from acd.board import Board
from acd.calls import Call
from acd.commands import Command
from acd.config import AcdConfig
from acd.deadlines import Deadlines, Due
from acd.engine import (
    agent_events,
    availability,
    call_events,
    callbacks,
    case_events,
    cases,
    consults,
    conversations,
    handovers,
    in_call,
    leg_events,
    matching,
    offers,
    recording,
    relaxation,
    settings,
    supervision,
    talks,
    waiting,
)
from acd.engine.floor import Floor, floor, free_agents
from acd.events import (
    AgentCompletedTransfer,
    AgentFellSilent,
    AgentHeardAgain,
    AgentHeldCall,
    AgentLegAnswered,
    AgentLegBound,
    AgentLegEnded,
    AgentMergedCall,
    AgentReleasedCall,
    AgentResumedCall,
    AgentSignedIn,
    AgentSignedOut,
    AgentTransferredCall,
    AgentTransferredOut,
    AgentWentNotReady,
    AgentWentReady,
    CallArrived,
    CallbackAsked,
    CallbackReachedMachine,
    CallEnded,
    CallLeftQueue,
    CallQueued,
    CallWaited,
    CaseOpened,
    CasePostponed,
    CaseRated,
    CaseReopened,
    CaseResolved,
    ClockTicked,
    ConnectFailed,
    ConsentGiven,
    ConsultAsked,
    ConsultEnded,
    ConversationEnded,
    ConversationTransferred,
    Event,
    FlowEnded,
    LeaderElected,
    MessagePassed,
    OfferAccepted,
    OfferRejected,
    PartyJoined,
    PartyLeft,
    RecordingAsked,
    RecordingChanged,
    SupervisionAsked,
    SupervisionEnded,
    TakeoverAsked,
    VoicemailLeft,
    WrapUpEnded,
    WrapUpExtended,
)
from acd.ids import AgentId, CallId, CustomerId, Mint, QueueId, Sid
from acd.messages import EngineError, EventError
from acd.notices import ContactOutcome, Direction, Notice
from acd.queues import Queues
from acd.routing.agent_choice import AgentChoice

ROUTING_VERSION = 3
"""Grows with every change that would route an old journal differently."""


def _leader_elected(board: Board, event: LeaderElected) -> None:
    if event.epoch <= board.ids.epoch:
        raise EventError(f"epoch {event.epoch} is not after epoch {board.ids.epoch}")
    board.ids.epoch = event.epoch


def _clock_ticked(board: Board, event: ClockTicked) -> None:
    """Do nothing: that time went on is all that a tick says."""


HANDLERS: dict[type, Callable[[Board, Any], None]] = {
    ClockTicked: _clock_ticked,
    LeaderElected: _leader_elected,
    AgentSignedIn: agent_events.signed_in,
    AgentWentReady: agent_events.went_ready,
    AgentWentNotReady: agent_events.went_not_ready,
    AgentSignedOut: agent_events.signed_out,
    AgentFellSilent: agent_events.fell_silent,
    AgentHeardAgain: agent_events.heard_again,
    AgentReleasedCall: handovers.released,
    AgentHeldCall: in_call.held,
    AgentResumedCall: in_call.resumed,
    AgentTransferredCall: in_call.transferred,
    AgentTransferredOut: handovers.transferred_out,
    ConsultAsked: consults.asked,
    ConsultEnded: consults.ended,
    AgentMergedCall: consults.merged,
    AgentCompletedTransfer: handovers.completed,
    TakeoverAsked: handovers.taken_over,
    ConsentGiven: recording.consented,
    RecordingAsked: recording.asked,
    RecordingChanged: recording.changed,
    SupervisionAsked: supervision.asked,
    SupervisionEnded: supervision.ended,
    WrapUpEnded: agent_events.ended_wrap_up,
    WrapUpExtended: agent_events.extended_wrap_up,
    OfferAccepted: agent_events.accepted,
    OfferRejected: agent_events.rejected,
    AgentLegBound: leg_events.bound,
    AgentLegAnswered: leg_events.answered,
    AgentLegEnded: leg_events.ended,
    CallArrived: call_events.arrived,
    FlowEnded: call_events.flow_ended,
    CallQueued: call_events.queued,
    CallbackAsked: call_events.callback_asked,
    CallbackReachedMachine: call_events.reached_machine,
    CallLeftQueue: call_events.left_queue,
    CallWaited: call_events.waited,
    CallEnded: call_events.ended,
    VoicemailLeft: call_events.recorded,
    MessagePassed: conversations.passed,
    ConversationEnded: conversations.ended,
    ConversationTransferred: conversations.transferred,
    CaseOpened: case_events.opened,
    CasePostponed: case_events.postponed,
    CaseResolved: case_events.resolved,
    CaseReopened: case_events.reopened,
    CaseRated: case_events.rated,
    PartyJoined: leg_events.joined,
    PartyLeft: leg_events.left,
    ConnectFailed: call_events.connect_failed,
}
"""Who takes which event."""

FIRINGS: dict[str, Callable[[Board, str], None]] = {
    offers.RING: offers.ring_over,
    offers.ANSWER: offers.answer_over,
    talks.WRAP_UP: talks.wrap_up_over,
    waiting.LONGEST_WAIT: waiting.wait_over,
    callbacks.DUE: callbacks.due,
    relaxation.PREFERENCE: relaxation.preference_over,
    relaxation.RELAXATION: relaxation.step_due,
    availability.RETRY: availability.retry_over,
    recording.PAUSE: recording.pause_over,
    talks.IDLE: conversations.idle_over,
    cases.TASK: cases.task_due,
    cases.OVERDUE: cases.overdue,
}
"""What a deadline of each kind does, given its key."""


class Engine:
    """The distributor of one site: facts in, instructions out, no clock and no IO.

    Example:
        >>> from acd.config import AcdConfig, AgentConfig, QueueConfig
        >>> from acd.events import AgentSignedIn, AgentWentReady, CallQueued
        >>> engine = Engine(AcdConfig(
        ...     queues=(QueueConfig(queue_id="billing"),), agents=(AgentConfig(agent_id="ana"),)
        ... ))
        >>> engine.handle(AgentSignedIn(0, "ana")), engine.handle(AgentWentReady(0, "ana"))
        ([], [])
        >>> [command] = engine.handle(CallQueued(1_000, "c1", "billing", "k1", {}))
        >>> command.agent_id, command.ring_ms, engine.next_due_ms
        ('ana', 15000, 16000)
    """

    def __init__(
        self,
        config: AcdConfig,
        deadlines: Deadlines | None = None,
        own_choices: Mapping[str, AgentChoice] | None = None,
    ) -> None:
        """Open a centre.

        Args:
            config: The settings.
            deadlines: A heap shared with the layer above; None makes one.
            own_choices: The site's own policies of agent choice, by the names in the settings.

        Raises:
            ConfigError: The settings name a policy that does not exist.
        """
        heap = Deadlines() if deadlines is None else deadlines
        self.board = Board(config, heap, own_choices or {})
        self.notices: list[Notice] = []  #: what the last `handle` or `advance` turned out to mean

    @property
    def config(self) -> AcdConfig:
        """The settings in force."""
        return self.board.config

    @property
    def ids(self) -> Mint:
        """Where new names come from; shared with the layer above."""
        return self.board.ids

    @property
    def now_ms(self) -> int:
        """The instant of the last event or deadline."""
        return self.board.now_ms

    @property
    def next_due_ms(self) -> int | None:
        """The instant at which the next deadline fires, or None."""
        return self.board.deadlines.next_due_ms

    def handle(self, event: Event) -> list[Command]:
        """Fire what is due at or before the event's instant, then take the event.

        Cost: O(lines of an agent + log n); no look at all agents or all calls.

        Raises:
            EventError: The event cannot be; it changed nothing. Whoever told it is wrong.
            EngineError: We are wrong. The state must not be used any further.
        """
        board = self.board
        handler = HANDLERS.get(type(event))
        if handler is None:
            raise EventError(f"the distributor knows no {type(event).__name__}")
        self._fire_due(event.at_ms)
        handler(board, event)
        self._conclude()
        return self._publish()

    def advance(self, at_ms: int) -> list[Command]:
        """Fire, in order, every deadline that is due at or before `at_ms`."""
        self._fire_due(at_ms)
        return self._publish()

    def _fire_due(self, at_ms: int) -> None:
        board = self.board
        while (due := board.deadlines.pop(at_ms)) is not None:
            self._fire(due)
        board.now_ms = max(board.now_ms, at_ms)

    def _fire(self, due: Due) -> None:
        board = self.board
        due_ms, _, kind, key = due
        firing = FIRINGS.get(kind)
        if firing is None:
            raise EngineError(f"the distributor has no deadlines of the kind '{kind}'")
        board.now_ms = max(board.now_ms, due_ms)
        firing(board, key)
        self._conclude()

    def _conclude(self) -> None:
        """Match what was freed and let wait, and tell of the agents who have changed."""
        board = self.board
        if board.freed or board.entered or board.case_contacts:
            matching.settle(board)
        if board.changed:
            board.tell_changes()

    def _publish(self) -> list[Command]:
        board = self.board
        self.notices, board.notices = board.notices, []
        commands, board.commands = board.commands, []
        return commands

    # For the layer above, which shares the heap of deadlines and places calls of its own. Notices
    # of these are drained, as one event of that layer may need several of them.

    def is_mine(self, kind: str) -> bool:
        """Tell whether a deadline of this kind is the distributor's."""
        return kind in FIRINGS

    def fire(self, due: Due) -> list[Command]:
        """Carry out one deadline that the caller has popped from the shared heap."""
        self._fire(due)
        return self._take_commands()

    def drain_notices(self) -> list[Notice]:
        """Return what was concluded since the last `handle`, `advance` or drain."""
        notices, self.board.notices = self.board.notices, []
        return notices

    def open_call(self, at_ms: int, call_id: CallId, customer_id: CustomerId, sid: Sid) -> None:
        """Open a call that the layer above places; its name must be new."""
        if call_id in self.board.calls:
            raise EngineError(f"call '{call_id}' is open already")
        self._move_to(at_ms)
        call_events.open_call(self.board, call_id, Direction.OUTBOUND, customer_id, sid)

    def bind_call(self, call_id: CallId, sid: Sid) -> None:
        """Note the carrier's name of the customer's leg of an open call."""
        self._open_call(call_id).sid = sid

    def enqueue(  # noqa: PLR0913  (the layer above says all that a caller's flow would say)
        self,
        at_ms: int,
        call_id: CallId,
        queue_id: QueueId,
        *,
        skills: Mapping[str, int],
        priority: int,
        preferred: tuple[AgentId, ...] = (),
    ) -> list[Command]:
        """Let an open call wait, connectable at once, with no longest wait of its own.

        Args:
            at_ms: Now.
            call_id: The call.
            queue_id: Where it waits.
            skills: What it needs besides the queue's own.
            priority: Points it starts with.
            preferred: Agents who should take it, for as long as the queue says.
        """
        board = self.board
        call = self._open_call(call_id)
        board.check_needs(queue_id, skills)
        self._move_to(at_ms)
        call.is_connectable = True
        waiting.enter(board, call, queue_id, skills, priority)
        if preferred:
            relaxation.prefer(board, call, preferred, ())
        return self._settle()

    def withdraw(self, at_ms: int, call_id: CallId) -> list[Command]:
        """Take a waiting or offered call out of its line; the call stays open.

        A call that is in neither is left as it is.
        """
        self._move_to(at_ms)
        call_events.withdraw(self.board, self._open_call(call_id))
        return self._settle()

    def close_call(
        self, at_ms: int, call_id: CallId, outcome: ContactOutcome | None = None
    ) -> list[Command]:
        """Close a call; an offer or a talk ends. None lets the call's state decide the outcome."""
        self._move_to(at_ms)
        call_events.close(self.board, self._open_call(call_id), outcome)
        return self._settle()

    def reconfigure(
        self, at_ms: int, config: AcdConfig, expected: Collection[QueueId] = ()
    ) -> list[Command]:
        """Take new settings; agents and queues that vanish finish what they do.

        Args:
            at_ms: Now.
            config: What shall be in force.
            expected: Queues for which calls are still to come: kept, if they are gone.

        Raises:
            ConfigError: A policy that the settings name does not exist, or a queue with contacts
                would carry another channel; nothing is changed.
        """
        Queues(config, self.board.own_choices)
        settings.check_channels_kept(self.board, config)
        self._move_to(at_ms)
        settings.apply(self.board, config, expected)
        return self._settle()

    def kept_count(self, queue_id: QueueId) -> int:
        """Return how many free agents are kept for the calls of a queue."""
        return len(self.board.queues.kept(queue_id))

    def keep(self, at_ms: int, queue_id: QueueId, count: int) -> list[Command]:
        """Keep so many free agents for the calls of one queue, as far as there are so many.

        A kept agent is offered nothing else until they take a call, go away, or are let go again
        by a smaller count; the ones kept last are let go first.
        """
        self._move_to(at_ms)
        queues = self.board.queues
        while len(queues.kept(queue_id)) < count and queues.keep(queue_id):
            pass
        for agent in list(queues.kept(queue_id).values())[count:]:
            queues.set_taken(agent)
            self.board.freed.append(agent)
        return self._settle()

    def floor(self, queue_id: QueueId) -> Floor:
        """Return how the agents who may serve a queue are occupied now.

        Cost: O(agents who may serve it): for a view now and then, not for every event.
        """
        return floor(self.board, queue_id)

    def free_agents(self, queue_id: QueueId) -> tuple[AgentId, ...]:
        """Return the agents who could be offered a plain call of a queue now."""
        return free_agents(self.board, queue_id)

    def to_plain(self) -> dict[str, object]:
        """Return the whole state as plain data, all entries of a shared heap included."""
        return snapshot.to_plain(self.board)

    def restore(self, plain: Mapping[str, object]) -> None:
        """Replace the state by what `to_plain` returned; the settings stay.

        Raises:
            EngineError: The snapshot is damaged.
        """
        board = Board(self.board.config, self.board.deadlines, self.board.own_choices)
        snapshot.restore(board, plain)
        self.board = board

    def _open_call(self, call_id: CallId) -> Call:
        call = self.board.calls.get(call_id)
        if call is None:
            raise EngineError(f"call '{call_id}' is not open")
        return call

    def _move_to(self, at_ms: int) -> None:
        self.board.now_ms = max(self.board.now_ms, at_ms)

    def _settle(self) -> list[Command]:
        self._conclude()
        return self._take_commands()

    def _take_commands(self) -> list[Command]:
        commands, self.board.commands = self.board.commands, []
        return commands
