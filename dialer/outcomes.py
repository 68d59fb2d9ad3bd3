"""How a dial ended: exactly one outcome for every attempt, from whatever the carrier said.

Three sources speak about one dial. The carrier's terminal *status* says whether it was answered;
the *SIP code* (or the REST error when the call was never created) says why not; *machine detection*
says who answered. `classify` folds the three into one `Outcome` with a `cause`, and is total: any
combination, also one no carrier documents, gives an answer rather than an exception.

Precedence: a refusal at creation, then our own cancellation, then who answered, then the SIP code,
then the status. An answered call is never "invalid" and an unanswered one never "human", whatever
else was reported. What *unknown* (answered, no verdict) means is the campaign's setting; by default
it is treated as a person, because hanging up on people is the costlier mistake.

Retry delays, list removal and the attempt counters follow from the outcome elsewhere.

Source: RFC 3261 section 21 (codes), RFC 8197 (607 Unwanted), RFC 8688 (608 Rejected); Twilio, "Call
resource" (statuses), "Answering machine detection" (AnsweredBy values), "Error and warning
dictionary".
"""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Outcome(StrEnum):
    """The one way in which a dial ended."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    SCREENED = "screened"
    """A call-screening assistant answered in the person's place."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    INVALID = "invalid"
    """Not a working number: it leaves the list."""
    FAILED = "failed"
    """The carrier or the network failed or refused; the number may be fine."""
    CANCELLED = "cancelled"
    """We withdrew the call before it was answered."""
    UNKNOWN = "unknown"
    """Answered, and nothing told who it was."""


@unique
class AnsweredBy(StrEnum):
    """Who answered, as machine detection says."""

    HUMAN = "human"
    MACHINE_START = "machine_start"
    MACHINE_END_BEEP = "machine_end_beep"
    MACHINE_END_SILENCE = "machine_end_silence"
    MACHINE_END_OTHER = "machine_end_other"
    FAX = "fax"
    SCREENING_ASSISTANT = "screening_assistant"
    """Not a carrier's value: recognised from the assistant's words, or told by the agent."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DialReport:
    """All that was reported about one dial when it was over."""

    status: str
    """Terminal status: completed, busy, no-answer, failed or canceled."""
    was_answered: bool
    sip_code: int | None = None
    error_code: int | None = None
    """The carrier's REST or call error, when it refused or broke the call."""
    answered_by: str | None = None
    """None when detection was off or its verdict never came."""
    was_detecting: bool = True
    """False when the campaign dials without machine detection: an answer is then a person."""
    was_withdrawn: bool = False
    """We asked the carrier to cancel it."""
    message_left: bool = False


@dataclass(frozen=True, slots=True)
class DialOutcome:
    """One dial's outcome, and the reason in a word."""

    outcome: Outcome
    cause: str
    message_left: bool = False

    def is_live(self, *, unknown_is_human: bool = True) -> bool:
        """Tell whether the answer counts as a live person for agents and for the law."""
        if self.outcome is Outcome.UNKNOWN:
            return unknown_is_human
        return self.outcome is Outcome.HUMAN


#: What an unanswered call's final SIP code means.
SIP_OUTCOMES: dict[int, tuple[Outcome, str]] = {
    403: (Outcome.FAILED, "forbidden"),
    404: (Outcome.INVALID, "number not found"),
    408: (Outcome.NO_ANSWER, "request timed out"),
    410: (Outcome.INVALID, "number gone"),
    480: (Outcome.NO_ANSWER, "temporarily unavailable"),
    484: (Outcome.INVALID, "number incomplete"),
    486: (Outcome.BUSY, "busy here"),
    487: (Outcome.NO_ANSWER, "rang out"),
    503: (Outcome.FAILED, "service unavailable"),
    600: (Outcome.BUSY, "busy everywhere"),
    603: (Outcome.BUSY, "declined"),
    604: (Outcome.INVALID, "number does not exist"),
    607: (Outcome.FAILED, "unwanted by the called party"),
    608: (Outcome.FAILED, "rejected by an analytics service"),
}

#: What a refusal at creation means; any other code is a failure.
ERROR_OUTCOMES: dict[int, tuple[Outcome, str]] = {
    13223: (Outcome.INVALID, "number format"),
    13224: (Outcome.INVALID, "number not callable"),
    21211: (Outcome.INVALID, "not a telephone number"),
    21214: (Outcome.INVALID, "number unreachable"),
    21217: (Outcome.INVALID, "number not valid"),
    21215: (Outcome.FAILED, "country not permitted"),
    21216: (Outcome.FAILED, "destination blocked"),
}

#: Used when no SIP code refines it.
STATUS_OUTCOMES: dict[str, tuple[Outcome, str]] = {
    "busy": (Outcome.BUSY, "busy"),
    "no-answer": (Outcome.NO_ANSWER, "no answer"),
    "canceled": (Outcome.CANCELLED, "cancelled"),
    "failed": (Outcome.FAILED, "carrier failure"),
    "completed": (Outcome.NO_ANSWER, "ended before an answer"),
}

VERDICT_OUTCOMES: dict[str, tuple[Outcome, str]] = {
    AnsweredBy.HUMAN: (Outcome.HUMAN, "person"),
    AnsweredBy.MACHINE_START: (Outcome.MACHINE, "machine greeting began"),
    AnsweredBy.MACHINE_END_BEEP: (Outcome.MACHINE, "machine beeped"),
    AnsweredBy.MACHINE_END_SILENCE: (Outcome.MACHINE, "machine fell silent"),
    AnsweredBy.MACHINE_END_OTHER: (Outcome.MACHINE, "machine greeting not over"),
    AnsweredBy.FAX: (Outcome.FAX, "fax tone"),
    AnsweredBy.SCREENING_ASSISTANT: (Outcome.SCREENED, "call-screening assistant"),
}


def classify(report: DialReport) -> DialOutcome:
    """Return the one outcome of a dial.

    Never raises: a report nobody foresaw ends as `FAILED` (not answered) or `UNKNOWN` (answered).
    """
    if report.was_answered:
        return _answered(report)
    if report.error_code is not None:
        known = ERROR_OUTCOMES.get(report.error_code)
        return DialOutcome(*(known or (Outcome.FAILED, f"error {report.error_code}")))
    if report.was_withdrawn:
        return DialOutcome(Outcome.CANCELLED, "withdrawn")
    return DialOutcome(*_unanswered(report))


def _answered(report: DialReport) -> DialOutcome:
    """Tell who answered; without detection an answer is taken for a person."""
    if not report.was_detecting and report.answered_by is None:
        return DialOutcome(Outcome.HUMAN, "answered, detection off")
    known = VERDICT_OUTCOMES.get(report.answered_by or "")
    if known is None:
        cause = "no verdict" if report.answered_by is None else "verdict unknown"
        return DialOutcome(Outcome.UNKNOWN, cause)
    outcome, cause = known
    is_message = report.message_left and outcome in {Outcome.MACHINE, Outcome.SCREENED}
    return DialOutcome(outcome, cause, message_left=is_message)


def _unanswered(report: DialReport) -> tuple[Outcome, str]:
    """Let the SIP code refine the status; a cancel by the carrier's ring time-out is no answer."""
    refined = SIP_OUTCOMES.get(report.sip_code or 0)
    if refined is not None and report.status != "canceled":
        return refined
    if report.sip_code is not None and 500 <= report.sip_code < 600:
        return Outcome.FAILED, f"carrier failure {report.sip_code}"
    return STATUS_OUTCOMES.get(report.status, (Outcome.FAILED, f"status {report.status}"))
