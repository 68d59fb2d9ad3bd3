"""Switches for what the carrier's documentation leaves open.

Each field is a question that no public source answers for certain. An application has to be right
under both answers; run it under both. The default is the answer thought more likely.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Variants:
    """One answer to every open question."""

    empty_gather_sends_blank: bool = False
    """With `actionOnEmptyResult`, a gather without input sends blank values, not none at all."""

    redirected_action_decides: bool = False
    """The answer of Enqueue's `action` after `redirected` replaces the REST request's document."""

    sync_detection_sends_duration: bool = True
    """The first TwiML request after synchronous detection has MachineDetectionDuration."""

    empty_wait_document_spins: bool = False
    """A waiting document that takes no time is requested again at once, not after a second."""

    ring_timeout_has_buffer: bool = True
    """Five seconds are added to every ring time-out."""

    dial_continues_after_child_redirect: bool = True
    """A parent whose Dial child was redirected goes on after Dial; otherwise it is hung up."""

    participants_count_as_calls: bool = False
    """Participants created by REST leave through the calls-per-second queue too."""

    conference_waits_for_expected: bool = True
    """When the last one present leaves, a conference goes on while a participant created by REST
    still rings; otherwise it ends, and who comes later is in a new one of the same name."""

    completed_cancels_ringing: bool = True
    """`Status=completed` on a ringing call makes it `canceled`; otherwise `no-answer`."""

    confidence_is_sent: bool = True
    """Recognised speech comes with a Confidence."""

    start_filter_finds_queued: bool = True
    """Listing calls by StartTime finds those not dialled yet, by when they were created."""


def flipped(*names: str) -> Variants:
    """Return the other answer to these questions, to every one if none is named.

    Raises:
        ValueError: There is no such question; whoever names it must mend that.
    """
    usual = {each.name: bool(each.default) for each in fields(Variants)}
    unknown = [name for name in names if name not in usual]
    if unknown:
        raise ValueError(f"there is no open question {unknown[0]!r}; there are {', '.join(usual)}")
    return Variants(**{name: not usual[name] for name in names or usual})
