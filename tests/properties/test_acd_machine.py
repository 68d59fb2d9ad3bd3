"""Random centres under random, late, doubled and impossible events: what must hold, holds.

A small carrier is played from the engine's own commands, so that most events make sense; the rest
are drawn at random from everything that was ever named. The invariants are checked after each.
"""

import json

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from acd.codec import COMMANDS, Codec
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentCompletedTransfer,
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
    CallEnded,
    CallQueued,
    CallWaited,
    ClockTicked,
    ConnectFailed,
    ConnectFailure,
    ConsentGiven,
    ConsultAsked,
    ConsultEnded,
    FlowEnded,
    FlowOutcome,
    LeaderElected,
    LegCause,
    OfferAccepted,
    OfferRejected,
    PartyJoined,
    PartyLeft,
    RecordingAsked,
    Supervision,
    SupervisionAsked,
    TakeoverAsked,
    VoicemailLeft,
    WrapUpEnded,
)
from acd.invariants import Watch
from acd.messages import EventError
from acd.recordings import RecordingPolicy, RecordingStep

SKILLS = ("billing", "english", "vip")
COMMAND_CODEC = Codec(COMMANDS)

skill_sets = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 10), max_size=3)


@st.composite
def centres(draw):
    queue_count = draw(st.integers(1, 4))
    queues = tuple(
        QueueConfig(
            queue_id=f"q{index}",
            skills=draw(skill_sets),
            priority=draw(st.integers(-5, 5)),
            priority_per_minute=draw(st.integers(1, 5)),
            ring_ms=draw(st.sampled_from((1_000, 15_000))),
            wrap_up_ms=draw(st.sampled_from((0, 10_000))),
            wait_ms_max=draw(st.sampled_from((5_000, 3_600_000))),
            overflow=draw(st.sampled_from(("voicemail", "goodbye"))),
            recording=draw(st.sampled_from(RecordingPolicy)).value,
        )
        for index in range(queue_count)
    )
    names = [queue.queue_id for queue in queues]
    agents = tuple(
        AgentConfig(
            agent_id=f"a{index}",
            skills=draw(skill_sets),
            queues=tuple(draw(st.lists(st.sampled_from(names), max_size=2, unique=True))),
            standing=(kind := draw(st.integers(0, 3))) == 0,
            accept_by_button=kind == 1,
            may_transfer_out=draw(st.booleans()),
        )
        for index in range(draw(st.integers(1, 5)))
    )
    return AcdConfig(
        queues=queues,
        agents=agents,
        directory=("bank",),
        missed_offers_max=draw(st.integers(1, 2)),
        reject_retry_ms=draw(st.sampled_from((0, 5_000))),
    )


class Distributor(RuleBasedStateMachine):
    """The engine between a random floor, random callers and an unreliable carrier."""

    def __init__(self):
        super().__init__()
        self.now_ms = 0
        self.epoch = 0
        self.calls = ["never"]
        self.legs = ["0.0", "nonsense"]
        self.rooms = ["nowhere"]
        self.commands = []

    @initialize(config=centres())
    def open(self, config):
        self.engine = Engine(config)
        self.twin = Engine(config)
        self.watch = Watch(self.engine.board)
        self.agents = [agent.agent_id for agent in config.agents]
        self.queues = [queue.queue_id for queue in config.queues]
        for agent_id in self.agents:
            self.tell(AgentSignedIn(0, agent_id))
            self.tell(AgentWentReady(0, agent_id))

    def tell(self, event, *, is_doubtful=False):
        before = None
        if is_doubtful:
            self.obey(self.engine.advance(event.at_ms))
            before = self.state()
        try:
            commands = self.engine.handle(event)
        except EventError as refusal:
            sentence = str(refusal)
            commands = None
        self.watch.check()
        twin_commands = self.tell_twin(event)
        if commands is None:
            assert "\n" not in sentence
            assert before is None or before == self.state()
        else:
            assert is_doubtful or twin_commands == commands
            self.obey(commands)

    def obey(self, commands):
        for command in commands:
            self.commands.append(command)
            leg_id = getattr(command, "leg_id", None) or getattr(command, "reservation_id", None)
            if leg_id and leg_id not in self.legs:
                self.legs.append(leg_id)
            room = getattr(command, "room", None)
            if room and room not in self.rooms:
                self.rooms.append(room)

    def tell_twin(self, event):
        try:
            return self.twin.handle(event)
        except EventError:
            return None

    def state(self):
        return json.dumps(self.engine.to_plain(), sort_keys=True)

    # --- what people do ---

    @rule(pause_ms=st.sampled_from((1, 250, 1_000, 5_000, 16_000, 61_000)))
    def time_passes(self, pause_ms):
        self.now_ms += pause_ms
        self.tell(ClockTicked(self.now_ms, pause_ms, 1))

    @rule(data=st.data(), what=st.sampled_from((0, 0, 0, 1, 2, 3, 4, 4)))
    def agent_speaks(self, data, what):
        agent_id = data.draw(st.sampled_from([*self.agents, "stranger"]))
        event = (
            AgentWentReady(self.now_ms, agent_id),
            AgentWentNotReady(self.now_ms, agent_id, "lunch"),
            AgentSignedOut(self.now_ms, agent_id),
            AgentSignedIn(self.now_ms, agent_id),
            WrapUpEnded(self.now_ms, agent_id, "done"),
        )[what]
        self.tell(event)

    @rule(data=st.data())
    def agent_releases(self, data):
        self.tell(AgentReleasedCall(self.now_ms, data.draw(st.sampled_from(self.agents))))

    @rule(data=st.data(), what=st.integers(0, 11))
    def agent_acts_in_a_call(self, data, what):
        agent_id = data.draw(st.sampled_from([*self.agents, "stranger"]))
        other_id = data.draw(st.sampled_from(self.agents))
        queue_id = data.draw(st.sampled_from(self.queues))
        step = data.draw(st.sampled_from(RecordingStep))
        mode = data.draw(st.sampled_from(Supervision))
        event = (
            AgentHeldCall(self.now_ms, agent_id),
            AgentResumedCall(self.now_ms, agent_id),
            AgentTransferredCall(self.now_ms, agent_id, queue_id, {}, other_id),
            AgentTransferredOut(self.now_ms, agent_id, "bank"),
            ConsultAsked(self.now_ms, agent_id, queue_id=queue_id),
            ConsultAsked(self.now_ms, agent_id, to_agent_id=other_id),
            ConsultAsked(self.now_ms, agent_id, number_name="bank"),
            ConsultEnded(self.now_ms, agent_id),
            AgentMergedCall(self.now_ms, agent_id),
            AgentCompletedTransfer(self.now_ms, agent_id),
            RecordingAsked(self.now_ms, agent_id, step),
            SupervisionAsked(self.now_ms, "sam", agent_id, mode),
        )[what]
        self.tell(event, is_doubtful=True)

    @rule(data=st.data())
    def supervisor_takes_over(self, data):
        agent_id = data.draw(st.sampled_from(self.agents))
        self.tell(SupervisionAsked(self.now_ms, "sam", agent_id, Supervision.BARGE))
        self.tell(TakeoverAsked(self.now_ms, "sam", agent_id), is_doubtful=True)

    @rule(data=st.data(), is_given=st.booleans())
    def customer_is_asked(self, data, is_given):
        self.tell(ConsentGiven(self.now_ms, self.some_call(data), is_given))

    @rule(data=st.data(), number_key=st.sampled_from("ab"))
    def callback_is_asked_for(self, data, number_key):
        queue_id = data.draw(st.sampled_from(self.queues))
        call_id = self.some_call(data)
        self.tell(CallbackAsked(self.now_ms, call_id, queue_id, number_key), is_doubtful=True)

    @rule(
        data=st.data(),
        skills=st.one_of(st.just({}), skill_sets),
        priority=st.integers(-3, 3),
        is_told=st.booleans(),
    )
    def call_comes(self, data, skills, priority, is_told):
        call_id = f"CA{len(self.calls)}"
        self.calls.append(call_id)
        if is_told:
            self.tell(CallArrived(self.now_ms, call_id, "main", "k"))
        queue_id = data.draw(st.sampled_from([*self.queues, "nowhere"]))
        self.tell(CallQueued(self.now_ms, call_id, queue_id, "k", skills, priority))

    @rule(data=st.data())
    def call_waits(self, data):
        self.tell(CallWaited(self.now_ms, self.some_call(data), "QU1"))

    @rule(data=st.data())
    def call_ends(self, data):
        self.tell(CallEnded(self.now_ms, self.some_call(data)))

    @rule(data=st.data(), outcome=st.sampled_from(FlowOutcome))
    def flow_ends(self, data, outcome):
        self.tell(FlowEnded(self.now_ms, self.some_call(data), outcome))

    @rule(data=st.data())
    def message_is_left(self, data):
        self.tell(VoicemailLeft(self.now_ms, self.some_call(data), "RE1", 1_000))

    def some_call(self, data):
        return data.draw(st.sampled_from(self.calls[-6:]))

    # --- what the carrier does about what it was told ---

    @precondition(lambda self: self.commands)
    @rule(data=st.data(), what=st.integers(0, 11))
    def carrier_acts(self, data, what):
        command = data.draw(st.sampled_from(self.commands[-4:]))
        leg_id = getattr(command, "leg_id", None) or getattr(command, "reservation_id", None)
        call_id = getattr(command, "call_id", None)
        room = getattr(command, "room", None)
        if call_id is not None and room is not None and what < 4:
            self.tell(PartyJoined(self.now_ms, room, call_id, call_id))
        elif call_id is not None and what == 4:
            self.tell(CallEnded(self.now_ms, call_id))
        elif leg_id is not None and what < 8:
            self.tell(AgentLegAnswered(self.now_ms, leg_id, f"S{leg_id}"))
            if room is not None:
                self.tell(PartyJoined(self.now_ms, room, leg_id, f"S{leg_id}"))
        elif leg_id is not None and what < 10:
            cause = data.draw(st.sampled_from(LegCause))
            self.tell(AgentLegEnded(self.now_ms, leg_id, f"S{leg_id}", cause))
        elif leg_id is not None:
            self.tell(OfferAccepted(self.now_ms, leg_id))

    # --- anything about anything: late, doubled, impossible ---

    @rule(data=st.data(), what=st.integers(0, 7))
    def nonsense_is_told(self, data, what):
        leg_id = data.draw(st.sampled_from(self.legs[-8:]))
        call_id = self.some_call(data)
        room = data.draw(st.sampled_from(self.rooms[-4:]))
        event = (
            OfferAccepted(self.now_ms, leg_id),
            OfferRejected(self.now_ms, leg_id),
            AgentLegBound(self.now_ms, leg_id, "S"),
            AgentLegAnswered(self.now_ms, leg_id, "S"),
            PartyJoined(self.now_ms, room, data.draw(st.sampled_from((leg_id, call_id))), "S"),
            PartyLeft(self.now_ms, room, data.draw(st.sampled_from((leg_id, call_id))), "S"),
            ConnectFailed(self.now_ms, call_id, leg_id, data.draw(st.sampled_from(ConnectFailure))),
            CallArrived(self.now_ms, call_id, "main", "k"),
        )[what]
        self.tell(event, is_doubtful=True)

    # --- the shell ---

    @rule()
    def leader_changes(self):
        self.epoch += 1
        self.tell(LeaderElected(self.now_ms, self.epoch, "n", 1, 1))

    @precondition(lambda self: len(self.calls) > 4)
    @rule(config=centres())
    def settings_change(self, config):
        self.obey(self.engine.advance(self.now_ms))
        self.twin.advance(self.now_ms)
        self.obey(self.engine.reconfigure(self.now_ms, config))
        self.twin.reconfigure(self.now_ms, config)
        self.agents = [agent.agent_id for agent in config.agents]
        self.queues = [queue.queue_id for queue in config.queues]
        self.watch.check()

    @rule()
    def worker_restarts(self):
        """The state from a snapshot goes on exactly like the one that was never saved."""
        plain = json.loads(self.state())
        restored = Engine(self.engine.config)
        restored.restore(plain)
        assert json.dumps(restored.to_plain(), sort_keys=True) == self.state()
        self.engine = restored
        self.watch = Watch(restored.board)

    def teardown(self):
        if hasattr(self, "engine"):
            assert json.dumps(self.twin.to_plain(), sort_keys=True) == self.state()


TestDistributor = Distributor.TestCase
TestDistributor.settings = settings(
    max_examples=100,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
