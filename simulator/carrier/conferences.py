"""Conferences: who is in the room, who can be heard, and the events that tell about it.

A conference is made by the first leg that names it and runs from the moment two legs are in it, one
of them with `startConferenceOnEnter`. It ends when the last leg leaves, a leg with
`endConferenceOnExit` leaves, or REST says so; the name is then free for another one. Where its
events go is decided by the *first* participant alone.

A participant created by REST is *expected* until its leg is answered: it can already be found by
its label, and its failure is told as a leave with `participant_add_failed`.

Source:
    https://www.twilio.com/docs/voice/twiml/conference (start and end rules, event parameters),
    https://www.twilio.com/docs/voice/api/conference-participant-resource.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import simpy

from simulator.carrier.bridges import Talks
from simulator.carrier.calls import Call, Callback
from simulator.carrier.timeline import Timeline

PARTICIPANTS_MAX = 250

#: Which `statusCallbackEvent` word asks for an event.
EVENT_GROUPS: Mapping[str, str] = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "participant-speech-start": "speaker",
    "participant-speech-stop": "speaker",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """How a leg takes part: the attributes of `<Conference>` or of the REST request."""

    label: str = ""
    muted: bool = False
    starts: bool = True
    ends: bool = False
    coaches: str = ""
    """Sid of the call that alone hears this leg; "" for an ordinary participant."""
    hold: bool = False
    callback: Callback = field(default_factory=Callback)
    participants_max: int = PARTICIPANTS_MAX
    wait_url: str | None = None
    wait_method: str = "POST"
    recording: Callback | None = None
    """Where a recording of the whole conference is told; None: it is not recorded."""


@dataclass(eq=False, slots=True)
class Participant:
    """A leg in a conference, or expected in it."""

    call: Call
    conference: "Conference"
    removed: simpy.Event
    """Happens when the conference lets the leg go; its value is the reason."""
    created_at_s: float
    label: str = ""
    muted: bool = False
    hold: bool = False
    coaching: bool = False
    coaches: str = ""
    starts: bool = True
    ends: bool = False
    is_present: bool = False
    updated_at_s: float = 0.0

    @property
    def status(self) -> str:
        """The REST status of the participant."""
        if self.is_present:
            return "connected"
        words = {"queued": "queued", "ringing": "ringing", "in-progress": "connecting"}
        return words.get(self.call.status, "complete" if self.call.is_answered else "failed")

    @property
    def can_talk(self) -> bool:
        """Whether it can both hear and be heard by everybody."""
        return self.is_present and not (self.hold or self.muted or self.coaching)

    def parameters(self) -> dict[str, str]:
        """Return what an event about this participant says."""

        def word(value: bool) -> str:  # noqa: FBT001  (a value being printed, not a switch)
            return "true" if value else "false"

        fields = {
            "CallSid": self.call.sid,
            "Muted": word(self.muted),
            "Hold": word(self.hold),
            "Coaching": word(self.coaching),
            "EndConferenceOnExit": word(self.ends),
            "StartConferenceOnEnter": word(self.starts),
        }
        return {**fields, "ParticipantLabel": self.label} if self.label else fields


#: Sends one event: conference, event name, parameters beside those of every event.
Publish = Callable[["Conference", str, Mapping[str, str]], None]


@dataclass(eq=False, slots=True)
class Conference:
    """One conference, from the leg that named it to its end."""

    sid: str
    name: str
    timeline: Timeline
    talks: Talks
    publish: Publish
    created_at_s: float
    status: str = "init"
    callback: Callback | None = None
    participants: list[Participant] = field(default_factory=list)
    updated_at_s: float = 0.0
    sequence: int = 0
    recording: Callback | None = None
    """Where its recording is told; None: it is not recorded."""
    reason_ended: str = ""
    ended_by: str = ""
    started: list[simpy.Event] = field(default_factory=list)
    """Waiting documents to be stopped when the conference begins."""

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.status != "completed"

    @property
    def present(self) -> list[Participant]:
        """Those in the room, in order of coming."""
        return [participant for participant in self.participants if participant.is_present]

    def find(self, sid_or_label: str) -> Participant | None:
        """Return the participant with a call sid or a label, present or expected."""
        return next(
            (p for p in self.participants if sid_or_label in {p.call.sid, p.label}),
            None,
        )

    def expect(self, call: Call, seat: Seat) -> Participant:
        """Note a participant whose leg is still being set up."""
        if self.callback is None and seat.callback.url:
            self.callback = seat.callback
        if self.recording is None:
            self.recording = seat.recording
        participant = Participant(
            call,
            self,
            self.timeline.event(),
            self.timeline.now_s,
            label=seat.label,
            muted=seat.muted,
            hold=seat.hold,
            coaching=bool(seat.coaches),
            coaches=seat.coaches,
            starts=seat.starts,
            ends=seat.ends,
            updated_at_s=self.timeline.now_s,
        )
        self.participants.append(participant)
        return participant

    def join(self, call: Call, seat: Seat) -> Participant:
        """Bring a leg into the room, expected or not."""
        participant = self.find(call.sid) or self.expect(call, seat)
        if self.callback is None:
            self.callback = seat.callback
        if self.recording is None:
            self.recording = seat.recording
        participant.is_present = True
        participant.updated_at_s = self.timeline.now_s
        self._tell("participant-join", participant)
        if self.status == "init" and self._may_start():
            self.status = "in-progress"
            self._tell("conference-start")
            for waiting in self.started:
                if not waiting.triggered:
                    waiting.succeed()
        self.refresh()
        return participant

    def leave(self, participant: Participant, reason: str, *, was_kicked: bool = False) -> None:
        """Take a leg out of the room; the last one, or one that ends it, ends the conference."""
        if participant not in self.participants:
            return
        was_present = participant.is_present
        participant.is_present = False
        self.participants.remove(participant)
        if not participant.removed.triggered:
            participant.removed.succeed(reason)
        status = participant.call.status
        self._tell(
            "participant-leave",
            participant,
            {"ReasonParticipantLeft": reason, "ParticipantCallStatus": status},
        )
        self.refresh()
        if not self.is_live:
            return
        word = "kicked" if was_kicked else "left"
        if participant.ends and was_present:
            self.end(f"participant-with-end-conference-on-exit-{word}", participant)
        elif not self.participants:
            self.end(f"last-participant-{word}", participant)

    def end(self, reason: str, ended_by: Participant | None = None) -> None:
        """End the conference for everybody in it."""
        self.status = "completed"
        self.updated_at_s = self.timeline.now_s
        self.reason_ended = reason
        self.ended_by = ended_by.call.sid if ended_by else ""
        left = "conference_ended_via_api" if ended_by is None else "moderator_ended_conference"
        for participant in list(self.participants):
            self.leave(participant, left)
        extra = {"ReasonConferenceEnded": reason}
        if ended_by is not None:
            extra["CallSidEndingConference"] = ended_by.call.sid
            extra["Reason"] = f"Participant {ended_by.call.sid} ended the conference"
            if ended_by.label:
                extra["ParticipantLabelEndingConference"] = ended_by.label
        self._tell("conference-end", None, extra)

    def change(self, participant: Participant, **values: bool) -> None:
        """Mute, hold or otherwise modify a participant, and tell what changed.

        Args:
            participant: Who changes.
            values: `muted`, `hold`, `ends`, `coaching`, each only if asked for.
        """
        participant.updated_at_s = self.timeline.now_s
        for name, value in values.items():
            if getattr(participant, name) == value:
                continue
            setattr(participant, name, value)
            self._tell(_change_event(name, value=value), participant)
            if name == "hold" and participant.call.person is not None:
                self.refresh()
                (participant.call.person.held if value else participant.call.person.unheld)()
        self.refresh()

    def refresh(self) -> None:
        """Let exactly those who can talk hear each other."""
        running = self.status == "in-progress"
        talkers = [p.call for p in self.participants if running and p.can_talk]
        silent = frozenset(p.call.sid for p in self.participants if p.is_present and not p.can_talk)
        self.talks.set(self.sid, talkers, held=silent)

    def _may_start(self) -> bool:
        present = self.present
        return len(present) >= 2 and any(participant.starts for participant in present)

    def _tell(
        self,
        event: str,
        participant: Participant | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        about = participant.parameters() if participant else {}
        self.publish(self, event, {**about, **(extra or {})})


def _change_event(name: str, *, value: bool) -> str:
    words = {"muted": ("unmute", "mute"), "hold": ("unhold", "hold")}
    return f"participant-{words[name][value]}" if name in words else "participant-modify"


class Conferences:
    """Every conference of the account: the live ones by name, all of them by identifier."""

    def __init__(
        self, timeline: Timeline, talks: Talks, publish: Publish, mint: Callable[[str], str]
    ) -> None:
        self._timeline = timeline
        self._talks = talks
        self._publish = publish
        self._mint = mint
        self._by_sid: dict[str, Conference] = {}
        self._live: dict[str, Conference] = {}

    def all(self) -> list[Conference]:
        """Return the conferences in order of creation."""
        return list(self._by_sid.values())

    def live(self) -> list[Conference]:
        """Return the conferences that have not ended, in order of creation."""
        self._live = {name: room for name, room in self._live.items() if room.is_live}
        return list(self._live.values())

    def get(self, sid: str) -> Conference | None:
        """Return the conference with this identifier, live or not."""
        return self._by_sid.get(sid)

    def called(self, name_or_sid: str) -> Conference | None:
        """Return a conference by identifier, or the live one of this name."""
        room = self._by_sid.get(name_or_sid) or self._live.get(name_or_sid)
        return room if room is not None and (room.is_live or room.sid == name_or_sid) else None

    def on_demand(self, name_or_sid: str) -> Conference:
        """Return the live conference of this name, made if there is none."""
        room = self.called(name_or_sid)
        if room is None or not room.is_live:
            room = Conference(
                self._mint("CF"),
                name_or_sid,
                self._timeline,
                self._talks,
                self._publish,
                self._timeline.now_s,
            )
            self._by_sid[room.sid] = room
            self._live[room.name] = room
        return room
