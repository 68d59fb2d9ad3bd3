"""Switches for what the carrier's documentation leaves open.

Each field is a question that no public source answers for certain. An application has to be right
under both answers; run it under both. The default is the answer thought more likely.
"""

from dataclasses import dataclass


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

    completed_cancels_ringing: bool = True
    """`Status=completed` on a ringing call makes it `canceled`; otherwise `no-answer`."""

    confidence_is_sent: bool = True
    """Recognised speech comes with a Confidence."""

    start_filter_finds_queued: bool = True
    """Listing calls by StartTime finds those not dialled yet, by when they were created."""
