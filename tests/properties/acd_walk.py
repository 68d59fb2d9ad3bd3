"""A random walk through a centre's life: mostly plausible events, some late, doubled, impossible.

A walk looks at the board to find something that could happen next, so it goes deep where a
generator that knows nothing would mostly be refused. One seed decides everything about it.
"""

import json
import random

from acd.config import AcdConfig, AgentConfig, QueueConfig, RelaxStep
from acd.engine import Engine
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
    RecordingChanged,
    Supervision,
    SupervisionAsked,
    SupervisionEnded,
    TakeoverAsked,
    VoicemailLeft,
    WrapUpEnded,
    WrapUpExtended,
)
from acd.invariants import Watch
from acd.messages import EventError
from acd.recordings import RecordingPolicy, RecordingState, RecordingStep
from acd.routing.agent_choice import AGENT_CHOICES
from acd.routing.call_choice import CALL_CHOICES

SKILLS = ("billing", "english", "vip")
PAUSES_MS = (0, 0, 1, 1, 200, 200, 200, 700, 700, 1_000, 4_000, 16_000, 61_000)


def random_centre(draw):
    """Draw the settings of a small centre."""
    names = [f"q{index}" for index in range(draw.randint(1, 4))]
    queues = tuple(
        QueueConfig(
            queue_id=names[index],
            skills=some_skills(draw),
            priority=draw.randint(-5, 5),
            priority_per_minute=draw.randint(1, 5),
            ring_ms=draw.choice((1_000, 15_000)),
            wrap_up_ms=draw.choice((0, 10_000)),
            wait_ms_max=draw.choice((5_000, 60_000, 3_600_000)),
            overflow=draw.choice(("voicemail", "goodbye")),
            agent_choice=draw.choice(list(AGENT_CHOICES)),
            ring_count=draw.choice((1, 1, 3)),
            length_max=draw.choice((0, 0, 2)),
            resume_ms=draw.choice((0, 20_000)),
            callback_retry_ms=60_000,
            callback_attempts_max=draw.choice((1, 2)),
            callback_ms_max=draw.choice((60_000, 3_600_000)),
            preferred_ms=draw.choice((0, 3_000)),
            recording=draw.choice(list(RecordingPolicy)).value,
            keeps_customer=draw.random() < 0.8,
            relaxation=some_relaxation(draw, names),
        )
        for index in range(len(names))
    )
    agents = tuple(
        AgentConfig(
            agent_id=f"a{index}",
            skills={skill: draw.randint(1, 10) for skill in draw.sample(SKILLS, 2)},
            queues=tuple(draw.sample(names, draw.choice((0, 0, 1)))),
            standing=(kind := draw.randint(0, 3)) == 0,
            accept_by_button=kind == 1,
            wrap_up_ms=draw.choice((None, 5_000)),
            may_transfer_out=draw.random() < 0.7,
        )
        for index in range(draw.randint(1, 6))
    )
    return AcdConfig(
        queues=queues,
        agents=agents,
        missed_offers_max=draw.randint(1, 3),
        reject_retry_ms=draw.choice((0, 5_000)),
        no_answer_retry_ms=draw.choice((0, 5_000)),
        answer_ms_max=draw.choice((2_000, 20_000)),
        call_choice=draw.choice([name for name in CALL_CHOICES if name != "strict_bands"]),
        occupancy_percent_max=draw.choice((100, 50)),
        directory=("bank",),
        consult_ms_max=draw.choice((5_000, 300_000)),
    )


def some_relaxation(draw, names):
    instants_ms = sorted(draw.sample((0, 2_000, 9_000, 40_000), draw.choice((0, 0, 1, 3))))
    return tuple(
        RelaxStep(
            after_ms=instant_ms,
            only_if=draw.choice(("", "", "nobody_signed_in", "nobody_free")),
            levels={draw.choice(SKILLS): draw.choice((0, 1, 3))},
            share_with=tuple(draw.sample(names, draw.choice((0, 1)))),
            priority=draw.choice((0, 2)),
            queue_id=draw.choice((None, None, *names)),
            send=draw.choice(("", "", "", "goodbye", "flow")),
        )
        for instant_ms in instants_ms
    )


def some_skills(draw):
    return {skill: draw.randint(1, 7) for skill in draw.sample(SKILLS, draw.choice((0, 0, 1, 2)))}


class Walk:
    """One engine, what happens to it, and a diary of both."""

    make_centre = staticmethod(random_centre)

    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.first_config = self.make_centre(self.draw)
        self.engine = Engine(self.first_config)
        self.watch = Watch(self.engine.board)
        self.at_ms = 0
        self.epoch = 0
        self.call_count = 0
        self.diary = []  # (event, the commands it led to, or None when it was refused)
        self.notices = []
        self.steps = [
            (8, self.call_comes),
            (4, self.customer_acts),
            (30, self.offer_goes_on),
            (4, self.leg_goes_on),
            (6, self.agent_speaks),
            (3, self.something_again),
            (2, self.nonsense),
            (0.3, self.leader_changes),
            (0.4, self.settings_change),
        ]
        self.settings = {}  # by the number of events before which they were taken

    @property
    def board(self):
        return self.engine.board

    def run(self, event_count, *, is_checked=True):
        """Walk until so many events have been told."""
        self.is_checked = is_checked
        weights = [weight for weight, _ in self.steps]
        steps = [step for _, step in self.steps]
        while len(self.diary) < event_count:
            if self.draw.random() < 0.5:
                self.at_ms += self.draw.choice(PAUSES_MS)
            if self.draw.random() < 0.05:
                self.tell(ClockTicked(self.at_ms, 0, 1))
            event = self.draw.choices(steps, weights)[0]()
            if event is not None:
                self.tell(event)
        return self

    def tell(self, event):
        try:
            commands = self.engine.handle(event)
        except EventError:
            commands = None
        else:
            self.notices += self.engine.notices
        self.diary.append((event, commands))
        if self.is_checked:
            self.watch.check()

    def restart(self):
        """Go on from a snapshot that went through text."""
        text = json.dumps(self.engine.to_plain(), sort_keys=True)
        self.engine = Engine(self.engine.config)
        self.engine.restore(json.loads(text))
        assert json.dumps(self.engine.to_plain(), sort_keys=True) == text
        self.watch = Watch(self.board)

    def state(self):
        return json.dumps(self.engine.to_plain(), sort_keys=True)

    # --- the steps; each returns an event, or None when nothing of the kind can happen ---

    def some(self, things):
        things = list(things)
        return self.draw.choice(things) if things else None

    def call_comes(self):
        if len(self.board.calls) > 12:
            return None
        fresh = [call for call in self.board.calls.values() if call.state == "in_flow"]
        if fresh and self.draw.random() < 0.8:
            call_id = self.draw.choice(fresh).call_id
            if self.draw.random() < 0.1:
                return FlowEnded(self.at_ms, call_id, self.draw.choice(list(FlowOutcome)))
            return self.queue_call(call_id)
        self.call_count += 1
        call_id = f"CA{self.call_count}"
        if self.draw.random() < 0.1:
            return self.queue_call(call_id)
        return CallArrived(self.at_ms, call_id, "main", "k")

    def queue_call(self, call_id):
        queue = self.draw.choice(self.engine.config.queues)
        priority = self.draw.choice((0, 0, 3))
        names = [agent.agent_id for agent in self.engine.config.agents]
        return CallQueued(
            self.at_ms,
            call_id,
            queue.queue_id,
            "k",
            some_skills(self.draw),
            priority,
            preferred=tuple(self.draw.sample(names, self.draw.choice((0, 0, 1)))),
            excluded=tuple(self.draw.sample(names, self.draw.choice((0, 0, 0, 1)))),
        )

    def customer_acts(self):  # noqa: PLR0911  (one return per event)
        call = self.some(self.board.calls.values())
        if call is None:
            return None
        what = self.draw.random()
        if what < 0.65:
            return CallWaited(self.at_ms, call.call_id, "QU1")
        if what < 0.8:
            return CallEnded(self.at_ms, call.call_id)
        if what < 0.89:
            due_at_ms = self.draw.choice((0, 0, self.at_ms + 30_000))
            queue = self.draw.choice(self.engine.config.queues)
            number_key = self.draw.choice("abc")
            return CallbackAsked(self.at_ms, call.call_id, queue.queue_id, number_key, due_at_ms)
        if call.origin_id is not None and what < 0.91:
            return CallbackReachedMachine(self.at_ms, call.call_id)
        if what < 0.905:
            return ConsentGiven(self.at_ms, call.call_id, is_given=self.draw.random() < 0.8)
        if what < 0.91:
            return CallLeftQueue(self.at_ms, call.call_id, "key")
        if what < 0.93:
            return FlowEnded(self.at_ms, call.call_id, self.draw.choice(list(FlowOutcome)))
        return VoicemailLeft(self.at_ms, call.call_id, "RE1", 1_000)

    def offer_goes_on(self):
        """Let an offer or a talk go on, mostly the way it should."""
        held = self.some(self.board.reservations.values())
        if held is None:
            return None
        what = self.draw.random()
        if what < 0.6:
            return self.offer_succeeds(held)
        if held.state == "connected" and what < 0.9:
            return self.talk_goes_on(held)
        return self.offer_fails(held)

    def offer_succeeds(self, held):
        call = self.board.calls[held.call_id]
        if held.state in ("ringing", "agreed"):
            return AgentLegAnswered(self.at_ms, held.leg_id, f"S{held.leg_id}")
        if held.state == "answered":
            return OfferAccepted(self.at_ms, held.reservation_id)
        if held.state == "connecting" and call.asked_by:
            return PartyJoined(self.at_ms, held.room, held.leg_id, f"S{held.leg_id}")
        if held.state == "connecting" and not held.is_moving:
            return CallWaited(self.at_ms, call.call_id, "QU1")
        if held.state == "connecting":
            return PartyJoined(self.at_ms, held.room, held.call_id, held.call_id)
        return self.talk_goes_on(held)

    def talk_goes_on(self, held):
        names = [None, *[agent.agent_id for agent in self.engine.config.agents]]
        queue_id = self.draw.choice(self.engine.config.queues).queue_id
        supervisor, mode = self.draw.choice(("sam", "sue")), self.draw.choice(list(Supervision))
        to_agent = self.draw.choice(names)
        return self.draw.choice(
            (
                *self.consult_goes_on(held, to_agent, queue_id, supervisor),
                AgentHeldCall(self.at_ms, held.agent_id),
                AgentResumedCall(self.at_ms, held.agent_id),
                SupervisionAsked(self.at_ms, supervisor, held.agent_id, mode),
                SupervisionEnded(self.at_ms, supervisor, held.agent_id),
                AgentTransferredCall(self.at_ms, held.agent_id, queue_id, {}, to_agent),
                AgentReleasedCall(self.at_ms, held.agent_id),
                CallEnded(self.at_ms, held.call_id),
                CallEnded(self.at_ms, held.call_id),
            )
        )

    def consult_goes_on(self, held, to_agent, queue_id, supervisor):
        """Return what may happen with others than the customer."""
        agent_id = held.agent_id
        names = [a.agent_id for a in self.board.agents.values() if a.free_ticket]
        return (
            ConsultAsked(self.at_ms, agent_id, queue_id=queue_id),
            ConsultAsked(self.at_ms, agent_id, to_agent_id=self.some(names) or to_agent),
            ConsultAsked(self.at_ms, agent_id, number_name=self.draw.choice(("bank", "nobody"))),
            ConsultEnded(self.at_ms, agent_id),
            AgentMergedCall(self.at_ms, agent_id),
            AgentCompletedTransfer(self.at_ms, agent_id),
            AgentCompletedTransfer(self.at_ms, agent_id),
            AgentTransferredOut(self.at_ms, agent_id, "bank"),
            TakeoverAsked(self.at_ms, supervisor, agent_id),
            RecordingAsked(self.at_ms, agent_id, self.draw.choice(list(RecordingStep))),
            RecordingChanged(
                self.at_ms,
                held.call_id,
                self.draw.choice(("", "RE1", "RE2")),
                self.draw.choice(list(RecordingState)),
            ),
        )

    def offer_fails(self, held):
        leg_id, what = held.leg_id, self.draw.random()
        if what < 0.2:
            return OfferRejected(self.at_ms, held.reservation_id)
        if what < 0.5:
            cause = self.draw.choice(list(ConnectFailure))
            return ConnectFailed(self.at_ms, held.call_id, held.reservation_id, cause)
        if what < 0.7:
            return OfferAccepted(self.at_ms, held.reservation_id)
        if what < 0.8:
            return PartyJoined(self.at_ms, held.room, held.call_id, held.call_id)
        return AgentLegEnded(self.at_ms, leg_id, f"S{leg_id}", self.draw.choice(list(LegCause)))

    def leg_goes_on(self):  # noqa: PLR0911  (one return per event)
        leg = self.some(self.board.legs.values())
        if leg is None:
            return None
        what, sid = self.draw.random(), f"S{leg.leg_id}"
        if what < 0.2:
            return AgentLegBound(self.at_ms, leg.leg_id, sid)
        if what < 0.5:
            return AgentLegAnswered(self.at_ms, leg.leg_id, sid)
        if what < 0.8:
            return PartyJoined(self.at_ms, leg.room, leg.leg_id, sid)
        if what < 0.83:
            return PartyLeft(self.at_ms, leg.room, leg.leg_id, sid)
        if leg.state == "ending" or what < 0.86:
            cause = self.draw.choice(list(LegCause))
            return AgentLegEnded(self.at_ms, leg.leg_id, sid, cause)
        return None

    def agent_speaks(self):  # noqa: PLR0911  (one return per event)
        agent = self.some(self.board.agents.values())
        what = self.draw.random()
        if agent.presence == "signed_out":
            return AgentSignedIn(self.at_ms, agent.agent_id)
        if agent.presence == "not_ready" or what < 0.1:
            return AgentWentReady(self.at_ms, agent.agent_id)
        if what < 0.7:
            return WrapUpEnded(self.at_ms, agent.agent_id, "done")
        if what < 0.71:
            return WrapUpExtended(self.at_ms, agent.agent_id, 9_000)
        if what < 0.75:
            return AgentFellSilent(self.at_ms, agent.agent_id)
        if what < 0.83:
            return AgentHeardAgain(self.at_ms, agent.agent_id)
        if what < 0.93:
            return AgentWentNotReady(self.at_ms, agent.agent_id, "lunch")
        return AgentSignedOut(self.at_ms, agent.agent_id)

    def something_again(self):
        """Tell an old fact a second time, as if it were new."""
        if not self.diary:
            return None
        event = self.draw.choice(self.diary[-60:])[0]
        again = type(event).__new__(type(event))
        for name in event.__slots__:
            setattr(again, name, getattr(event, name))
        again.at_ms = self.at_ms
        return again

    def nonsense(self):
        """Tell something that cannot be, or that nobody can know."""
        call = self.some(self.board.calls.values())
        call_id = call.call_id if call else "CA0"
        return self.draw.choice(
            (
                AgentWentReady(self.at_ms, "stranger"),
                CallEnded(self.at_ms, "never"),
                CallQueued(self.at_ms, call_id, "nowhere", "k", {}),
                CallQueued(self.at_ms, "CA-x", "q0", "k", {"billing": 99}),
                AgentLegAnswered(self.at_ms, "7.99999", "S"),
                AgentLegBound(self.at_ms, "not a leg", "S"),
                PartyJoined(self.at_ms, "elsewhere", call_id, "S"),
                PartyJoined(self.at_ms, "elsewhere", "nobody", "S"),
                OfferAccepted(self.at_ms, "9.1"),
                OfferRejected(self.at_ms, "nothing"),
                ConnectFailed(self.at_ms, call_id, "0.0", ConnectFailure.GONE),
            )
        )

    def settings_change(self):
        """Take other settings, as the layer above does: between two events."""
        if self.draw.random() < 0.2:
            self.take_settings(self.make_centre(self.draw))

    def take_settings(self, config):
        self.tell(ClockTicked(self.at_ms, 0, 1))
        self.engine.reconfigure(self.at_ms, config)
        self.settings[len(self.diary)] = (self.at_ms, config)
        self.notices += self.engine.drain_notices()
        if self.is_checked:
            self.watch.check()

    def leader_changes(self):
        self.epoch += 1
        return LeaderElected(self.at_ms, self.epoch, "n", 1, 1)
