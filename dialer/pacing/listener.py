"""What a pacer is told: the facts of the floor, in the order of the journal.

A listener has no clock: `now_s` comes with every message. All methods do nothing here, so a rule
overrides only those it learns from. The modules that learn (`answers`, `workload`, `bank`) are not
listeners: the rule that owns them decides what each of them hears.
"""


class Listener:
    """Hears every fact and keeps none."""

    def on_dialled(self, now_s: float, odds: float | None = None) -> None:
        """Hear that a call was started; `odds` is its number's live-answer probability."""

    def on_outcome(self, now_s: float, outcome: str, age_s: float) -> None:
        """Hear how a dial ended, `age_s` after it was started: human, machine, busy, ..."""

    def on_connected(self, now_s: float, waited_s: float) -> None:
        """Hear that a live answer reached an agent."""

    def on_abandoned(self, now_s: float) -> None:
        """Hear that a live answer found no agent in time."""

    def on_talk_ended(self, now_s: float, talk_s: float) -> None:
        """Hear that a conversation ended and wrap-up began."""

    def on_wrap_ended(self, now_s: float, wrap_s: float) -> None:
        """Hear that an agent finished wrap-up."""

    def on_signed_in(self, now_s: float) -> None:
        """Hear that an agent joined the campaign."""

    def on_signed_out(self, now_s: float) -> None:
        """Hear that an agent left the campaign."""
