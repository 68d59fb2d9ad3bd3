"""What the webhooks need from the world, as small protocols; whoever composes them supplies it.

The web processes are stateless. They append facts to a journal, keep a caller's place in the call
flow in a session store, read what the centre has published about waits, and ask who a number is.
They know no Redis, no clock and no settings file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from acd.events import Event
from acd.ids import CallId, CustomerId, Sid
from dialer.events import DialerEvent
from dialer.ids import CampaignId
from ivr.flow import Flow
from ivr.inputs import QueueView, Scalar
from ivr.steps import FetchData


class JournalDown(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The journal takes no entry now: give the caller something to hear, and come back."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One event to append, with what makes it recognisable and what must be sealed."""

    event: Event | DialerEvent
    natural_key: str  #: equal for repeats of the same fact, e.g. ``CA..|completed|3``
    subject: CustomerId | None = None  #: whose personal data `private` is
    private: Mapping[str, str] = field(default_factory=dict)  #: sealed under the subject's key


class Journal(Protocol):
    """Where facts go; append-only, ordered by the store."""

    def append(self, facts: Sequence[Fact]) -> None:
        """Append the facts in order, all or none, each at most once per call of this method.

        Raises:
            JournalDown: The store refused or did not answer; nothing is known to be appended.
        """


@dataclass(frozen=True, slots=True)
class FlowSession:
    """A caller's place in the call flow: opaque here, owned by `ivr`."""

    token: str  #: of the step that is waiting for an answer
    state: str  #: `ivr` session as text
    twiml: str  #: what was answered when this step was reached
    answered: str = ""  #: the token whose answer led here; empty for the first step
    after_talk: str = ""
    """While the caller waits: the address they are sent to when the agent has hung up, for a flow
    that goes on after the talk. `TAKEN` once they have been there."""


TAKEN = "taken"
"""What stands in `FlowSession.after_talk` when the caller has come back from the talk."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller has told the flow so far, for whoever comes after: the agent, and history."""

    subject: CustomerId
    story: Mapping[str, str]  #: personal, for the agent; sealed, and kept as long as the session
    record: Mapping[str, object]  #: nothing personal, for history; the latest of a call counts
    unanswered: Mapping[str, str] = field(default_factory=dict)
    """What they asked that nobody could answer: personal, sealed into the record."""
    remembered: Mapping[str, str] = field(default_factory=dict)
    """Facts for the customer's next call, nothing personal."""


class Stored(Enum):
    """What became of an attempt to store a session."""

    DONE = "done"
    REPEATED = "repeated"  #: this very step was answered before: give the same TwiML again
    STALE = "stale"  #: the call is elsewhere by now


class Sessions(Protocol):
    """Sessions of callers in the flow, one script per step."""

    def load(self, call_id: CallId) -> FlowSession | None:
        """Return where the caller is, or None for an unknown or ended call.

        Raises:
            JournalDown: The store did not answer.
        """

    def advance(
        self,
        call_id: CallId,
        *,
        expected: str | None,
        session: FlowSession,
        facts: Sequence[Fact],
        told: Told | None = None,
    ) -> tuple[Stored, FlowSession]:
        """Replace the session and append the facts, if the caller is still where we think.

        With `stored` the session now in the store: if there is none and `expected` is None, or
        `stored.token == expected`, the new one is stored (`DONE`). Else, if `stored.answered` is
        `expected` (empty for None), this very step was taken before (`REPEATED`). Else the caller
        is elsewhere (`STALE`). Only `DONE` changes anything.

        Args:
            call_id: Whose session.
            expected: The token on which `session` builds; None for a new call.
            session: The new place; its `answered` is `expected`, or empty for None.
            facts: Appended to the journal in the same step, or not at all.
            told: Kept in the same step, or not at all; None leaves what was told before.

        Returns:
            What happened, and the session that is stored now. A step that names a token of a call
            without a session (the store lost it) is `STALE` and returns the given session.

        Raises:
            JournalDown: The store did not answer.
        """


@dataclass(frozen=True, slots=True)
class Wait:
    """What may be told to a waiting caller."""

    position: int  #: 1 is next
    wait_ms_low: int | None  #: the estimate's range; None when nothing honest can be said
    wait_ms_high: int | None
    language: str


class Waits(Protocol):
    """The centre's published view of who waits."""

    def of(self, call_id: CallId) -> Wait | None:
        """Return the caller's wait, or None when the centre does not know them as waiting."""

    def queues(self) -> Mapping[str, QueueView]:
        """Return how every queue looks, by its name, for the conditions of call flows."""


class Customers(Protocol):
    """Who a number is, under a pseudonym."""

    def by_number(self, number: str) -> CustomerId:
        """Return the customer's id for an E.164 number, the same for the same number."""


class Callers(Protocol):
    """What is known of customers before they say a word."""

    def facts(self, customer_id: CustomerId, at_ms: int) -> Mapping[str, str]:
        """Return facts for the flow, by names without `caller.`; nothing when nothing is known.

        Among them `segment`, `language`, `returning` with `returning_minutes`, `callback` and what
        integrators have told, such as `case.state`. Never `verified`: the number somebody calls
        from finds their record and proves nothing.

        A store in trouble knows nothing; this raises no error, since nobody is refused for it.
        """


@dataclass(frozen=True, slots=True)
class Line:
    """One of our numbers."""

    name: str  #: as in the settings; what the centre is told instead of the number
    flow: str  #: the call flow that answers it
    texts: str = ""  #: the queue of text messages sent to it; empty: nobody reads them


class Flows(Protocol):
    """Call flows, in every version that a caller may still be in."""

    def line(self, number: str) -> Line | None:
        """Return the line of a called number or address, or None when it is not ours."""

    def current(self, name: str, customer_id: CustomerId) -> Flow:
        """Return the version a new call of this customer gets; the same again while a trial lasts.

        Raises:
            KeyError: No such flow.
        """

    def version(self, name: str, version: int) -> Flow | None:
        """Return one version, or None when it is no longer kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextErrand:
    """A text message that a flow orders for its caller. The number and the text are personal."""

    call_id: CallId
    node: str  #: of the flow; one message for each node and call, however often it is ordered
    receiver: str
    line_number: str  #: ours, that was called
    text: str
    language: str


class Errands(Protocol):
    """What a call flow orders without the caller hearing it."""

    def takes_texts(self, number: str) -> bool:
        """Tell whether text messages to a number can arrive, by what is known before sending one.

        A store in trouble knows nothing against it; this raises no error.
        """

    def send_message(self, errand: TextErrand) -> None:
        """Send a text message, once.

        Raises:
            JournalDown: The errand could not be noted; nothing was sent.
        """


class DataUnavailable(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """Another system gave no usable answer; the text says why, for people, without its content."""


class DataSource(Protocol):
    """Other systems that call flows may ask."""

    def fetch(self, question: FetchData) -> Mapping[str, Scalar]:
        """Ask, within the question's own time-out.

        Raises:
            DataUnavailable: Refused, too late, or not plain values.
        """


class Dips(Protocol):
    """Questions to other systems, asked while the caller hears something."""

    def begin(self, call_id: CallId, token: str, question: FetchData) -> None:
        """Ask the question of this step, once, without waiting; whatever happens, return."""

    def collect(self, call_id: CallId, token: str, question: FetchData) -> Mapping[str, Scalar]:
        """Return the answer to the question of this step, within the question's time-out.

        Raises:
            DataUnavailable: Refused, too late, or no usable answer.
        """


class Consent(Enum):
    """What a written message says about writing to its sender."""

    STOP = "stop"  #: never again, from now on
    START = "start"  #: again, please
    HELP = "help"  #: who are you, and how do I stop this?


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A text message that came in. All of it is personal."""

    sid: Sid
    sender: str
    receiver: str
    text: str
    media: tuple[str, ...] = ()  #: addresses at the carrier, behind its authentication
    consent: Consent | None = None
    is_answered: bool = False  #: by the carrier itself, as far as it is about consent


class Messages(Protocol):
    """Where written messages go."""

    def received(self, message: TextMessage) -> None:
        """Take a message; the same sid again is the same message.

        Raises:
            JournalDown: It could not be kept; the carrier will bring it again.
        """

    def delivery_changed(self, call_id: CallId, name: str, status: str, error_code: int) -> None:
        """Take what became of a message of ours: the carrier's status, and its error or 0.

        Args:
            call_id: The conversation it belongs to.
            name: Of the message, as we named it.
            status: The carrier's word.
            error_code: The carrier's, or 0.

        Raises:
            JournalDown: It could not be kept.
        """


@dataclass(frozen=True, slots=True)
class Recording:
    """What the carrier tells of a recorded conversation; the sound stays with the carrier."""

    sid: Sid
    call_id: CallId
    status: str  #: in-progress, paused, completed, absent ...
    source: str  #: what made it, such as `StartCallRecordingAPI`
    channels: int
    duration_ms: int


class Recordings(Protocol):
    """The catalogue of recordings."""

    def changed(self, recording: Recording) -> None:
        """Take the state of a recording; later states may be told before earlier ones.

        Raises:
            JournalDown: It could not be kept.
        """


class Partials(Protocol):
    """Who wants to see what a caller says while they are still saying it."""

    def heard(self, call_id: CallId, text: str, *, is_stable: bool) -> None:
        """Take what the recogniser understands so far; it may still change unless stable."""


@dataclass(frozen=True, slots=True)
class OutboundTexts:
    """What a called person hears from a campaign, by language; spoken text."""

    language: str
    opening: str
    safe_harbour: str  #: names the seller, a number, and the key to opt out
    voicemail: str
    order_s_max: int = 4
    """Silence after the opening before the safe-harbour message begins by itself.

    Only somebody whose verdict is late or lost ever hears it out. A campaign that leaves messages
    on machines needs more: the verdict comes at the end of the machine's greeting.
    """


class Campaigns(Protocol):
    """Texts of the campaigns."""

    def texts(self, campaign_id: CampaignId) -> OutboundTexts:
        """Return what the campaign says.

        Raises:
            KeyError: No such campaign.
        """
