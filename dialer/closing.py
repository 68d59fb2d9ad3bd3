"""The end of a dial: what is written about it when it is over.

Gathers what the carrier reported about one dial and lets `dialer.outcomes.classify` name the one
outcome; also folds outcomes into the five that a pacer knows, and into the distributor's own.
"""

from acd.events import LegCause
from acd.notices import ContactOutcome
from dialer.config import CampaignConfig, Detection
from dialer.dials import Dial
from dialer.events import AnsweredBy
from dialer.outcomes import DialOutcome, DialReport, Outcome, classify

_STATUS = {
    LegCause.COMPLETED: "completed",
    LegCause.BUSY: "busy",
    LegCause.NO_ANSWER: "no-answer",
    LegCause.CANCELED: "canceled",
}
"""The carrier's terminal status of a cause; every other cause is a failure."""

_NOT_FOUND = 404
"""The SIP code of a number that does not exist, where the carrier said so in another way."""

_VERDICT = {
    AnsweredBy.HUMAN: "human",
    AnsweredBy.MACHINE: "machine_start",
    AnsweredBy.MACHINE_BEEP: "machine_end_beep",
    AnsweredBy.FAX: "fax",
    AnsweredBy.SCREENING: "screening_assistant",
    AnsweredBy.UNKNOWN: "unknown",
}
"""Verdicts in the words of `dialer.outcomes`."""

_LEARNT = {Outcome.BUSY: "busy", Outcome.INVALID: "invalid"}
"""Outcomes of unanswered dials in the words of a pacer; every other one is `no_answer`."""


def conclude(
    dial: Dial, config: CampaignConfig, cause: LegCause, *, sip_code: int = 0, error_code: int = 0
) -> DialOutcome:
    """Return the one outcome of a dial that is over.

    Args:
        dial: The dial, with its verdict if there was one.
        config: Its campaign.
        cause: Why the leg is over.
        sip_code: As the carrier told it, 0 if it told none.
        error_code: Of a refusal, 0 if the call was made.
    """
    if cause is LegCause.INVALID and not sip_code:
        sip_code = _NOT_FOUND
    return classify(
        DialReport(
            status=_STATUS.get(cause, "failed"),
            was_answered=dial.answered_at_ms >= 0,
            sip_code=sip_code or None,
            error_code=error_code or None,
            answered_by=_VERDICT[AnsweredBy(dial.answered_by)] if dial.answered_by else None,
            was_detecting=config.detection is not Detection.OFF,
            message_left=dial.is_message_left,
        )
    )


def learnt_outcome(outcome: Outcome) -> str:
    """Return an unanswered dial's outcome in the words of a pacer."""
    return _LEARNT.get(outcome, "no_answer")


def contact_outcome(dial: Dial) -> ContactOutcome:
    """Return how a call that the distributor knows ended."""
    if dial.was_connected:
        return ContactOutcome.CONNECTED
    return ContactOutcome.ABANDONED if dial.live_at_ms >= 0 else ContactOutcome.UNREACHED
