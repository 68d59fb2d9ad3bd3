"""Runs stories: readable scripts of events with the commands that are expected of each.

    agent ana skills billing:5 english [queues billing] [standing] [button]
    queue billing [needs billing:3] [ring 15] [wrap-up 0] [max wait 60] [overflow goodbye] ...
    settings missed-offers 2
      0.000  ana becomes ready
      1.000  c1 enters billing          -> offer c1 to ana until 16.000
      5.000  c1 hangs up                -> cancel offer to ana
      5.000  agent ana is READY idle since 0.000

Offers are spoken of by the agent they ring ("ana answers", "cancel offer to ana"), so that a story
never shows the ids the engine makes. Several commands are separated by commas. A `check` of the
invariants follows every line. A line that is refused reads `-> refused: <part of the sentence>`.
"""

import re
from dataclasses import dataclass, field

from acd.channels import Channel
from acd.commands import (
    ChangeSupervision,
    CloseConversation,
    ConnectCall,
    EndCall,
    EndLeg,
    HoldCall,
    MoveLeg,
    OfferCall,
    OpenStandingLeg,
    ParkCall,
    PlaceCallback,
    RecordCall,
    RingOutside,
    SendCall,
    SuperviseTalk,
)
from acd.config import AcdConfig, AgentConfig, QueueConfig, RelaxStep, SegmentConfig
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
    CaseOpened,
    CasePostponed,
    CaseRated,
    CaseReopened,
    CaseResolved,
    ClockTicked,
    ConnectFailed,
    ConnectFailure,
    ConsentGiven,
    ConsultAsked,
    ConsultEnded,
    ConversationEnded,
    ConversationTransferred,
    FlowEnded,
    FlowOutcome,
    LeaderElected,
    LegCause,
    MessagePassed,
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
from acd.notices import CallOffered, CaseChanged, CaseWentOverdue, Direction
from acd.recordings import RecordingState, RecordingStep


def seconds(text):
    return round(float(text) * 1000)


def spoken(at_ms):
    return f"{at_ms / 1000:.3f}"


def skills_of(text):
    pairs = (word.partition(":") for word in text.split())
    return {name: int(level or 1) for name, _, level in pairs}


QUEUE_WORDS = {
    "ring": ("ring_ms", seconds),
    "wrap-up": ("wrap_up_ms", seconds),
    "max wait": ("wait_ms_max", seconds),
    "overflow": ("overflow", str),
    "priority": ("priority", int),
    "rate": ("priority_per_minute", int),
    "choice": ("agent_choice", str),
    "rings": ("ring_count", int),
    "prefers": ("preferred_ms", seconds),
    "callback retry": ("callback_retry_ms", seconds),
    "callback attempts": ("callback_attempts_max", int),
    "length": ("length_max", int),
    "resumes": ("resume_ms", seconds),
    "service level": ("service_level_ms", seconds),
    "records": ("recording", str),
    "carries": ("channel", Channel),
    "begins itself": ("auto_accept", lambda words: True),
    "idle": ("idle_ms_max", seconds),
    "cases in": ("follow_up_queue_id", str),
    "due in": ("follow_up_ms", seconds),
    "comes back in": ("follow_up_retry_ms", seconds),
    "overdue": ("overdue_priority", int),
    "keeps customer": ("keeps_customer", lambda word: word == "yes"),
}

SETTING_WORDS = {
    "missed-offers": ("missed_offers_max", int),
    "answer": ("answer_ms_max", seconds),
    "no-answer-retry": ("no_answer_retry_ms", seconds),
    "reject-retry": ("reject_retry_ms", seconds),
    "busy-retry": ("busy_retry_ms", seconds),
    "call-choice": ("call_choice", str),
    "occupancy": ("occupancy_percent_max", int),
    "calls-during-messages": ("calls_during_messages", lambda word: word == "yes"),
    "messages-during-calls": ("messages_during_calls", lambda word: word == "yes"),
    "directory": ("directory", lambda names: tuple(names.split())),
    "consult": ("consult_ms_max", seconds),
    "pause": ("recording_pause_ms_max", seconds),
}


@dataclass
class Story:
    """The centre of a story and what it can be told."""

    queues: list[QueueConfig] = field(default_factory=list)
    agents: list[AgentConfig] = field(default_factory=list)
    segments: list[SegmentConfig] = field(default_factory=list)
    settings: dict = field(default_factory=dict)
    engine: Engine | None = None
    watch: Watch | None = None
    leg_of: dict = field(default_factory=dict)  # the leg that was last ordered for an agent
    names: dict = field(default_factory=dict)  # of callbacks
    reservation_of: dict = field(default_factory=dict)
    room_of: dict = field(default_factory=dict)  # the room where a call was last sent

    # --- the centre ---

    def declare(self, line):
        kind, rest = line.split(None, 1)
        name, _, words = rest.partition(" ")
        if kind == "agent":
            self._declare_agent(name, words)
        elif kind == "queue":
            self._declare_queue(name, words)
        elif kind == "segment":
            self._declare_segment(name, words)
        else:
            key, read = SETTING_WORDS[name]
            self.settings[key] = read(words)

    def _declare_agent(self, name, words):
        parts = re.split(r"\b(skills|queues|standing|button|wraps up|writes|may ring out)\b", words)
        values = {parts[i]: parts[i + 1].strip() for i in range(1, len(parts), 2)}
        self.agents.append(
            AgentConfig(
                agent_id=name,
                skills=skills_of(values.get("skills", "")),
                queues=tuple(values.get("queues", "").split()),
                standing="standing" in values,
                wrap_up_ms=seconds(values["wraps up"]) if "wraps up" in values else None,
                accept_by_button="button" in values,
                messages_max=int(values.get("writes", 0)),
                may_transfer_out="may ring out" in values,
            )
        )

    def _declare_segment(self, name, words):
        found = re.fullmatch(r"(?:priority (\d+))? ?(?:due (\d+))? ?((?:\w+:\w+ ?)*)", words)
        priority, percent, queues = found.groups()
        self.segments.append(
            SegmentConfig(
                segment_id=name,
                priority=int(priority or 0),
                follow_up_percent=int(percent or 100),
                queue_ids=dict(pair.split(":") for pair in queues.split()),
            )
        )

    def _declare_queue(self, name, words):
        words, _, relaxation = words.partition("relaxes")
        parts = re.split(r"\b(needs|" + "|".join(QUEUE_WORDS) + r")\b", words)
        settings = {}
        for i in range(1, len(parts), 2):
            if parts[i] == "needs":
                settings["skills"] = skills_of(parts[i + 1])
            else:
                key, read = QUEUE_WORDS[parts[i]]
                settings[key] = read(parts[i + 1].strip())
        if relaxation:
            settings["relaxation"] = relaxation_of(relaxation)
        self.queues.append(QueueConfig(queue_id=name, **settings))

    def open(self):
        config = AcdConfig(
            queues=tuple(self.queues),
            agents=tuple(self.agents),
            segments=tuple(self.segments),
            **self.settings,
        )
        self.engine = Engine(config)
        self.watch = Watch(self.engine.board)
        for agent in self.agents:
            self.engine.handle(AgentSignedIn(0, agent.agent_id))

    # --- what happens ---

    def tell(self, at_ms, line):
        """Return what the line leads to, in words."""
        try:
            commands = self.engine.handle(self.event(at_ms, line))
        except EventError as refusal:
            return f"refused: {refusal}"
        finally:
            self.watch.check()
        told = [self.say(command) for command in commands]
        told += [self.say_notice(notice) for notice in self.engine.notices]
        return ", ".join(word for word in told if word)

    def event(self, at_ms, line):
        for pattern, make in EVENT_WORDS:
            found = re.fullmatch(pattern, line)
            if found:
                return make(self, at_ms, *found.groups())
        raise AssertionError(f"a story cannot say: {line}")

    def say(self, command):  # noqa: PLR0911  (one phrase per command)
        match command:
            case OfferCall():
                self.leg_of[command.agent_id] = command.reservation_id
                self.reservation_of[command.agent_id] = command.reservation_id
                due = spoken(self.engine.now_ms + command.ring_ms)
                return f"offer {self.name_of(command.call_id)} to {command.agent_id} until {due}"
            case OpenStandingLeg():
                self.leg_of[command.agent_id] = command.leg_id
                return f"ring {command.agent_id} for the shift"
            case EndLeg():
                return f"cancel offer to {self._agent_of(command.leg_id)}"
            case ConnectCall():
                self.reservation_of["last"] = command.reservation_id
                self.room_of[command.call_id] = command.room
                reservation = self.engine.board.reservations[command.reservation_id]
                self.reservation_of[reservation.agent_id] = command.reservation_id
                return f"connect {command.call_id} to {reservation.agent_id}"
            case PlaceCallback():
                self.name_of(command.call_id)
                return f"ring customer of {command.origin_id}"
            case ParkCall():
                self.room_of[command.call_id] = command.room
                return f"park {command.call_id}"
            case HoldCall():
                return f"{'hold' if command.is_on_hold else 'resume'} {command.call_id}"
            case SuperviseTalk():
                self.leg_of[command.supervisor_id] = command.leg_id
                return f"ring {command.supervisor_id} to {command.mode}"
            case ChangeSupervision():
                return f"let {self._agent_of(command.leg_id)} {command.mode}"
            case RingOutside():
                self.leg_of[command.number_name] = command.leg_id
                return f"ring {command.number_name} for {command.agent_id}"
            case MoveLeg():
                return f"move {self._agent_of(command.leg_id)} to {self._room_name(command.room)}"
            case RecordCall():
                return f"{command.change} recording {command.call_id}{command.recording_sid}"
            case SendCall():
                return f"send {command.call_id} to {command.destination}"
            case CloseConversation():
                return f"close {command.call_id} as {command.end}"
            case EndCall():
                return f"end {self.name_of(command.call_id)}"

    def say_notice(self, notice):
        """Say what has no command: offers that do not ring, and how cases go on."""
        match notice:
            case CallOffered():
                reservation = self.engine.board.reservations.get(notice.reservation_id)
                if reservation is None or reservation.channel is Channel.VOICE:
                    return ""
                self.reservation_of[notice.agent_id] = notice.reservation_id
                return f"show {self.name_of(notice.call_id)} to {notice.agent_id}"
            case CaseChanged():
                who = f" by {notice.agent_id}" if notice.agent_id else ""
                return f"case {notice.category} {notice.state.replace('_', '-')}{who}"
            case CaseWentOverdue():
                who = f", remind {notice.agent_id}" if notice.agent_id else ""
                return f"case {self.case_named(notice.case_id)} is overdue{who}"
        return ""

    def case_named(self, case_id):
        return self.engine.board.cases[case_id].category

    def case_of(self, category):
        """Return the id of the case of a category, of which a story has one."""
        cases = self.engine.board.cases.values()
        return next(case.case_id for case in cases if case.category == category)

    def _agent_of(self, leg_id):
        agents = [agent for agent, leg in self.leg_of.items() if leg == leg_id]
        return agents[0] if agents else f"unknown leg {leg_id}"

    def _room_name(self, room):
        owners = [agent for agent, leg in self.leg_of.items() if leg == room]
        return f"{owners[0]}'s room" if owners else room

    def room_of_leg(self, agent):
        """Return the room for which somebody's leg was last ordered."""
        leg = self.engine.board.legs.get(self.leg_of[agent])
        return leg.room if leg else self.leg_of[agent]

    def callback_of(self, origin_id):
        """Return the id of the callback that was asked for in a call."""
        calls = self.engine.board.calls.values()
        return next(call.call_id for call in calls if call.origin_id == origin_id)

    def name_of(self, call_id):
        """Speak of a callback by the call in which it was asked for."""
        call = self.engine.board.calls.get(call_id)
        if call and call.case_id and call.direction is Direction.INTERNAL:
            self.names[call_id] = f"the {self.case_named(call.case_id)} task"
        if call and call.asked_by:
            talk = self.engine.board.reservations[call.asked_by]
            self.names[call_id] = f"{talk.call_id}'s consult"
        if call and call.origin_id:
            self.names[call_id] = f"{call.origin_id}'s callback"
        return self.names.get(call_id, call_id)

    def describe(self, agent_id):
        """Say how an agent is, with everything a story may want to check."""
        agent = self.engine.board.agents[agent_id]
        words = [agent.presence.upper()]
        if agent.reason:
            words.append(f"for {agent.reason}")
        words.append(agent.state.replace("_", "-"))
        if agent.state == "idle":
            words.append(f"since {spoken(agent.idle_since_ms)}")
        return " ".join(words)

    def describe_call(self, call_id):
        call = self.engine.board.calls.get(call_id)
        return call.state.replace("_", "-") if call else "ended"


def leg_sid(leg_id):
    return f"SID-{leg_id}"


def ends_leg(cause):
    def make(story, at_ms, agent):
        leg_id = story.leg_of[agent]
        return AgentLegEnded(at_ms, leg_id, leg_sid(leg_id), cause)

    return make


def fails(cause):
    def make(story, at_ms, call):
        reservation_id = story.reservation_of["last"]
        return ConnectFailed(at_ms, call, reservation_id, cause)

    return make


def queue_event(story, at_ms, call, queue, needs, priority, preferred, excluded, segment):
    customer = f"k-{call.removesuffix('again')}"
    return CallQueued(
        at_ms,
        call,
        queue,
        customer,
        skills_of(needs or ""),
        int(priority or 0),
        preferred=tuple((preferred or "").split()),
        excluded=tuple((excluded or "").split()),
        segment=segment or "",
    )


def open_case(story, at_ms, category, queue, due, begin, segment, agent):
    return CaseOpened(
        at_ms,
        f"CS-{category}",
        f"k-{category}",
        queue,
        category,
        seconds(due),
        seconds(begin or 0),
        segment=segment or "",
        agent_id=agent,
    )


def relaxation_of(text):
    """Read `<seconds> [if <condition>] <skill>:<level>|queue <name>|share <name>|...; ...`."""
    steps = []
    for part in text.split(";"):
        instant, *words = part.split()
        step = {"after_ms": seconds(instant), "levels": {}}
        while words:
            word = words.pop(0)
            if ":" in word:
                step["levels"] |= skills_of(word)
            else:
                key, read = RELAX_WORDS[word]
                step[key] = read(words.pop(0))
        steps.append(RelaxStep(**step))
    return tuple(steps)


RELAX_WORDS = {
    "if": ("only_if", str),
    "queue": ("queue_id", str),
    "share": ("share_with", lambda name: (name,)),
    "priority": ("priority", int),
    "send": ("send", str),
}


def callback_joins(story, at_ms, call):
    callback_id = story.callback_of(call)
    held = story.engine.board.reservations[story.engine.board.calls[callback_id].reservation_id]
    return PartyJoined(at_ms, held.room, callback_id, "S")


def customer_room(story, call):
    return story.room_of.get(call, call)


EVENT_WORDS = [
    (r"leader (\d+) takes over", lambda s, t, epoch: LeaderElected(t, int(epoch), "n", 1, 1)),
    (r"(\w+)'s callback hears music", lambda s, t, c: CallWaited(t, s.callback_of(c), "QU1")),
    (r"(\w+) reaches a machine", lambda s, t, c: CallbackReachedMachine(t, c)),
    (r"the clock ticks", lambda s, t: ClockTicked(t, 1_000, 1)),
    (r"(\w+) signs in", lambda s, t, a: AgentSignedIn(t, a)),
    (r"(\w+) becomes ready", lambda s, t, a: AgentWentReady(t, a)),
    (r"(\w+) goes to (\w+)", lambda s, t, a, r: AgentWentNotReady(t, a, r)),
    (r"(\w+) signs out", lambda s, t, a: AgentSignedOut(t, a)),
    (r"(\w+) releases the call", lambda s, t, a: AgentReleasedCall(t, a)),
    (r"(\w+) finishes(?: with (\w+))?", lambda s, t, a, d: WrapUpEnded(t, a, d)),
    (r"(\w+) accepts", lambda s, t, a: OfferAccepted(t, s.reservation_of[a])),
    (r"(\w+) rejects", lambda s, t, a: OfferRejected(t, s.reservation_of[a])),
    (
        r"(\w+)'s phone is found",
        lambda s, t, a: AgentLegBound(t, s.leg_of[a], leg_sid(s.leg_of[a])),
    ),
    (r"(\w+) answers", lambda s, t, a: AgentLegAnswered(t, s.leg_of[a], leg_sid(s.leg_of[a]))),
    (
        r"(\w+) is in the room",
        lambda s, t, a: PartyJoined(t, s.room_of_leg(a), s.leg_of[a], leg_sid(s.leg_of[a])),
    ),
    (
        r"(\w+) is out of the room",
        lambda s, t, a: PartyLeft(t, s.room_of_leg(a), s.leg_of[a], leg_sid(s.leg_of[a])),
    ),
    (r"(\w+) hangs up the phone", ends_leg(LegCause.COMPLETED)),
    (r"(\w+)'s phone is busy", ends_leg(LegCause.BUSY)),
    (r"(\w+)'s phone rings out", ends_leg(LegCause.NO_ANSWER)),
    (r"(\w+)'s leg fails", ends_leg(LegCause.FAILED)),
    (r"(\w+) arrives", lambda s, t, c: CallArrived(t, c, "main", f"k-{c}")),
    (
        (
            r"(\w+) enters (\w+)(?: needing ([\w: ]+?))?(?: with priority (-?\d+))?"
            r"(?: preferring ([\w ]+?))?(?: excluding ([\w ]+?))?(?: as (\w+))?"
        ),
        queue_event,
    ),
    (
        r"(\w+) asks (\w+) for a callback on (\w+)(?: at ([\d.]+))?",
        lambda s, t, c, q, n, d: CallbackAsked(t, c, q, n, seconds(d) if d else 0),
    ),
    (r"(\w+)'s callback is answered", callback_joins),
    (r"(\w+)'s callback is not answered", lambda s, t, c: CallEnded(t, s.callback_of(c))),
    (
        r"(\w+)'s callback reaches a machine",
        lambda s, t, c: CallbackReachedMachine(t, s.callback_of(c)),
    ),
    (
        r"(\w+)'s number does not exist",
        lambda s, t, c: CallEnded(t, s.callback_of(c), LegCause.INVALID),
    ),
    (r"(\w+) puts the customer on hold", lambda s, t, a: AgentHeldCall(t, a)),
    (r"(\w+) takes the customer off hold", lambda s, t, a: AgentResumedCall(t, a)),
    (
        r"(\w+) transfers to (\w+)(?: for (\w+))?",
        lambda s, t, a, q, to: AgentTransferredCall(t, a, q, {}, to),
    ),
    (
        r"(\w+) consults queue (\w+)(?: needing ([\w: ]+))?",
        lambda s, t, a, q, n: ConsultAsked(t, a, queue_id=q, skills=skills_of(n or "")),
    ),
    (r"(\w+) consults number (\w+)", lambda s, t, a, n: ConsultAsked(t, a, number_name=n)),
    (r"(\w+) consults (\w+)", lambda s, t, a, to: ConsultAsked(t, a, to_agent_id=to)),
    (r"(\w+) asks for a consult", lambda s, t, a: ConsultAsked(t, a)),
    (r"(\w+) ends the consult", lambda s, t, a: ConsultEnded(t, a)),
    (r"(\w+) merges", lambda s, t, a: AgentMergedCall(t, a)),
    (r"(\w+) completes the transfer", lambda s, t, a: AgentCompletedTransfer(t, a)),
    (r"(\w+) passes on to (\w+)", lambda s, t, a, n: AgentTransferredOut(t, a, n)),
    (r"(\w+) takes over from (\w+)", lambda s, t, who, a: TakeoverAsked(t, who, a)),
    (
        r"(\w+) (listen|whisper|barge)s (?:in )?on (\w+)",
        lambda s, t, who, mode, a: SupervisionAsked(t, who, a, Supervision(mode)),
    ),
    (r"(\w+) stops supervising (\w+)", lambda s, t, who, a: SupervisionEnded(t, who, a)),
    (r"(\w+) needs ([\d.]+) more", lambda s, t, a, more: WrapUpExtended(t, a, seconds(more))),
    (r"(\w+) falls silent", lambda s, t, a: AgentFellSilent(t, a)),
    (r"(\w+) is heard again", lambda s, t, a: AgentHeardAgain(t, a)),
    (r"(\w+) agrees to be recorded", lambda s, t, c: ConsentGiven(t, c, is_given=True)),
    (r"(\w+) objects to being recorded", lambda s, t, c: ConsentGiven(t, c, is_given=False)),
    (
        r"(\w+) wants to (start|pause|resume|stop) recording",
        lambda s, t, a, change: RecordingAsked(t, a, RecordingStep(change)),
    ),
    (
        r"(\w+)'s recording is (off|on|paused)(?: as (\w+))?",
        lambda s, t, c, state, sid: RecordingChanged(t, c, sid or "", RecordingState(state)),
    ),
    (r"(\w+) leaves the line", lambda s, t, c: CallLeftQueue(t, c, "key")),
    (r"(\w+) hears music", lambda s, t, c: CallWaited(t, c, "QU1")),
    (
        r"(\w+) joins",
        lambda s, t, c: PartyJoined(t, customer_room(s, c), c, c),
    ),
    (r"(\w+) leaves the room", lambda s, t, c: PartyLeft(t, customer_room(s, c), c, c)),
    (r"(\w+) cannot be moved yet", fails(ConnectFailure.NOT_YET)),
    (r"(\w+) cannot be found", fails(ConnectFailure.GONE)),
    (r"(\w+) is self-served", lambda s, t, c: FlowEnded(t, c, FlowOutcome.SELF_SERVED)),
    (r"(\w+) asks for voicemail", lambda s, t, c: FlowEnded(t, c, FlowOutcome.VOICEMAIL)),
    (r"(\w+) leaves a message", lambda s, t, c: VoicemailLeft(t, c, "RE1", 9_000)),
    (r"somebody writes in (\w+)", lambda s, t, c: MessagePassed(t, c)),
    (
        r"(\w+) closes (\w+)(?: with (\w+))?",
        lambda s, t, a, c, d: ConversationEnded(t, a, c, d),
    ),
    (
        r"(\w+) passes (\w+) on to (\w+)(?: for (\w+))?",
        lambda s, t, a, c, q, to: ConversationTransferred(t, a, c, q, {}, to),
    ),
    (
        (
            r"case (\w+) is opened in (\w+) due at ([\d.]+)(?: from ([\d.]+))?"
            r"(?: as (\w+))?(?: promised by (\w+))?"
        ),
        open_case,
    ),
    (
        r"case (\w+) is put off to ([\d.]+)(?: from ([\d.]+))?",
        lambda s, t, c, d, f: CasePostponed(t, s.case_of(c), seconds(d), seconds(f or 0)),
    ),
    (r"case (\w+) is resolved", lambda s, t, c: CaseResolved(t, s.case_of(c))),
    (
        r"case (\w+) is reopened due at ([\d.]+)",
        lambda s, t, c, d: CaseReopened(t, s.case_of(c), seconds(d)),
    ),
    (r"case (\w+) is rated (\d+)", lambda s, t, c, r: CaseRated(t, s.case_of(c), int(r))),
    (r"(\w+) hangs up", lambda s, t, c: CallEnded(t, c)),
]
"""What a story can say, in words that an agent or a supervisor would use."""


def run(text):
    """Run one story; raise AssertionError with the line that went otherwise."""
    story = Story()
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split("#")[0].rstrip()
        if not line.strip():
            continue
        if not line[0].isspace() and not line[0].isdigit():
            story.declare(line)
            continue
        if story.engine is None:
            story.open()
        _run_line(story, number, line.strip())


def _run_line(story, number, line):
    instant, said = line.split(None, 1)
    said, _, expected = (part.strip() for part in said.partition("->"))
    at_ms = seconds(instant)
    state = re.fullmatch(r"(agent|call) (\w+) is (.+)", said)
    if state:
        kind, name, expected = state.groups()
        story.engine.advance(at_ms)
        heard = story.describe(name) if kind == "agent" else story.describe_call(name)
        is_right = heard.startswith(expected)
    else:
        heard = story.tell(at_ms, said)
        is_right = heard == expected
        if expected.startswith("refused"):
            is_right = heard.startswith("refused") and expected[9:] in heard
    assert is_right, f"line {number}: {line}\n  expected: {expected or 'nothing'}\n  heard: {heard}"
