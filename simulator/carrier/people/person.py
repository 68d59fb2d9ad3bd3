"""One person on one leg: hears, thinks, keys, speaks, waits, talks, hangs up.

The exchange tells a person what happens to them (`hears`, `queued`, `talk_began` ...); the person
acts on their leg through the few things a telephone can do. Every intention is an alarm on the
timeline; whatever makes it pointless cancels it. At most one alarm of each purpose exists:

* `ring`: runs while a caller hears it ring;
* `reaction`: an answer to the prompt being heard, dropped when another prompt comes;
* `patience`: runs from the moment of joining a queue until a talk begins or something is asked;
* `talk`: runs while talking and stands still on hold, anew with another partner;
* `linger`: runs after a talk, until anything happens; `hold`: runs while held;
* `stay`: the longest a person remains on the line at all.
"""

from collections.abc import Callable
from typing import Protocol

from simulator.carrier.people.manners import Manner, Prompt, Reaction, reacting
from simulator.carrier.timeline import Alarm, Timeline


class Telephone(Protocol):
    """What a person can do with the leg in their hand."""

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        ...

    def speak(self, text: str, confidence: float | None) -> None:
        """Say something."""
        ...

    def put_down(self) -> None:
        """Hang up."""
        ...


class Person:
    """The far end of one leg."""

    def __init__(self, telephone: Telephone, manner: Manner, timeline: Timeline) -> None:
        self.manner = manner
        self._telephone = telephone
        self._timeline = timeline
        self._respond = manner.respond or reacting(manner.reactions)
        self._alarms: dict[str, Alarm] = {}
        self._partners: set[str] = set()
        self._last_partner = ""
        self._talk_left_s = manner.talk_s
        self._talking_since_s = 0.0
        self._is_waiting = False

    def calls(self, ring_patience_s: float | None) -> None:
        """The person has dialled and waits for an answer."""
        self._hang_up_after("ring", ring_patience_s)

    def answered(self) -> None:
        """The leg is answered: the line is open."""
        self._cancel("ring")
        self._hang_up_after("stay", self.manner.stays_s)

    def hears(self, prompt: Prompt) -> None:
        """Something is said; an answer may be expected."""
        self._cancel("linger")
        if not prompt.asks:
            return
        if not self._is_waiting:
            self._cancel("patience")
        reaction = self._respond(prompt)
        if reaction is None:
            self._cancel("reaction")
            return
        delay_s = reaction.after_s + (0.0 if reaction.interrupts else prompt.lasts_s)
        self._set("reaction", delay_s, lambda: self._react(reaction))

    def queued(self) -> None:
        """The leg waits in a queue."""
        self._is_waiting = True
        self._cancel("linger")
        if "patience" not in self._alarms:
            self._hang_up_after("patience", self.manner.patience_s)

    def dequeued(self) -> None:
        """The leg left the queue; patience runs on until a talk begins or something is asked."""
        self._is_waiting = False

    def held(self) -> None:
        """Put on hold."""
        self._cancel("linger")
        self._hang_up_after("hold", self.manner.hold_patience_s)

    def unheld(self) -> None:
        """Taken back from hold."""
        self._cancel("hold")

    def talk_began(self, partner: str) -> None:
        """The person at the other leg can be heard; with the first one, the talk runs."""
        self._partners.add(partner)
        if len(self._partners) > 1:
            return
        for purpose in ("patience", "linger", "reaction", "hold"):
            self._cancel(purpose)
        if partner != self._last_partner:
            self._talk_left_s = self.manner.talk_s
        self._last_partner = partner
        self._talking_since_s = self._timeline.now_s
        self._hang_up_after("talk", self._talk_left_s)

    def talk_ended(self, partner: str, *, is_held: bool = False) -> None:
        """The other leg cannot be heard any more; with the last one, the talk stands still."""
        self._partners.discard(partner)
        if self._partners:
            return
        self._cancel("talk")
        if self._talk_left_s is not None:
            self._talk_left_s -= self._timeline.now_s - self._talking_since_s
        if not is_held:
            self._hang_up_after("linger", self.manner.lingers_s)

    def gone(self) -> None:
        """The leg has ended; nothing is intended any more."""
        for alarm in self._alarms.values():
            alarm.cancel()
        self._alarms.clear()

    def _react(self, reaction: Reaction) -> None:
        if reaction.hang_up:
            self._telephone.put_down()
        elif reaction.key:
            self._telephone.press(reaction.key)
        elif reaction.say:
            self._telephone.speak(reaction.say, self.manner.voice_confidence)

    def _hang_up_after(self, purpose: str, seconds: float | None) -> None:
        if seconds is not None:
            self._set(purpose, seconds, self._telephone.put_down)

    def _set(self, purpose: str, seconds: float, act: Callable[[], None]) -> None:
        self._cancel(purpose)

        def ring() -> None:
            self._alarms.pop(purpose, None)
            act()

        self._alarms[purpose] = self._timeline.later(seconds, ring)

    def _cancel(self, purpose: str) -> None:
        alarm = self._alarms.pop(purpose, None)
        if alarm is not None:
            alarm.cancel()
