"""Virtual time around the centre: facts go in, commands are carried out, notices are listened to.

The centre in here is the very object that the live worker drives. SimPy keeps the time of the world
outside it (people, the carrier); the centre's own deadlines stay in its heap, and one SimPy event
at a time wakes it at the next of them, as the worker's ticks do.

Parts of the world register what they do (`doers`: one per class of command) and what they listen
to (`listen`: one or more per class of notice); the measures are listeners like any other, so a
notice is looked up once and one that nobody listens to costs nothing more. Everything is a
callback: a generator per call would cost several times as much as the call. What takes no time
costs no SimPy event either: a fact told while another is being handled is taken next, at the same
instant.

Time is in integer milliseconds, by default since midnight of the simulated day; a day that goes on
from a live centre's has that centre's instants, and `midnight_ms` says which of them is midnight.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from acd.events import ClockTicked, LeaderElected
from acd.measures import Measures
from acd.replay import INTERPOLATION_MS_MAX
from dialer.centre import Centre
from dialer.commands import CentreCommand
from dialer.events import CentreEvent
from simulator.timers import Action, Clock, Timer, Timers

__all__ = ["EPOCH", "SCALE", "Action", "Timer", "World", "ignore"]

EPOCH = 1
SCALE = 1
"""The simulated worker: the first leader, at the speed of life."""


class World:
    """One centre and the time in which it works."""

    def __init__(
        self, centre: Centre, measures: Measures, *, start_ms: int, midnight_ms: int = 0
    ) -> None:
        self.centre = centre
        self.measures = measures
        self.midnight_ms = midnight_ms
        self._timers = Timers()
        self.env = Clock(start_ms, self._timers, self._elapse)
        self.now_ms = start_ms  #: the present instant
        self.doers: dict[type, Callable[[Any], None]] = {}
        self.facts_told = 0
        self.recorded: list[CentreEvent] | None = None  #: every fact told, if somebody wants them
        self._listeners: dict[type, tuple[Callable[[Any], None], ...]] = {}
        self._facts: list[CentreEvent] = []
        self._is_telling = False  #: or held: in both cases facts wait
        self._held_at_ms: int | None = None
        self._epoch = EPOCH
        self.keeps_back: Callable[[CentreEvent], bool] | None = None
        """Whether the carrier keeps a fact back, to bring it later or never."""
        self._wake_ms: int | None = None
        self._ticked_at_ms = start_ms
        for kind, listener in measures.listeners.items():
            self.listen(kind, listener)

    def listen(self, kind: type, listener: Callable[[Any], None]) -> None:
        """Call `listener` with every notice of this class."""
        self._listeners[kind] = (*self._listeners.get(kind, ()), listener)

    def after(self, delay_ms: int, action: Action, subject: object) -> None:
        """Do something later."""
        self._timers.add(Timer(self.now_ms + delay_ms, action, subject))

    def at(self, at_ms: int, action: Action, subject: object) -> None:
        """Do something at an instant, or now if it is past."""
        self._timers.add(Timer(max(at_ms, self.now_ms), action, subject))

    def tell(self, fact: CentreEvent) -> None:
        """Tell the centre a fact, carry out what it orders, and pass on what it concluded.

        Facts told meanwhile are taken next, at the same instant.
        """
        if self.keeps_back is not None and self.keeps_back(fact):
            return
        self.bring(fact)

    def bring(self, fact: CentreEvent) -> None:
        """Tell the centre a fact that nobody keeps back."""
        self._facts.append(fact)
        if not self._is_telling:
            self._take_facts()

    def tell_all(self, facts: Sequence[CentreEvent]) -> None:
        """Tell facts of one instant: what they lead to is told behind the last of them."""
        if self.keeps_back is not None:
            facts = [fact for fact in facts if not self.keeps_back(fact)]
        self._facts += facts
        if not self._is_telling:
            self._take_facts()

    def begin(self) -> None:
        """Elect a leader."""
        self.tell(LeaderElected(self.now_ms, EPOCH, "twin", 1, SCALE))

    @property
    def is_led(self) -> bool:
        """Whether facts are taken as they come."""
        return self._held_at_ms is None

    def lose_leader(self) -> None:
        """Let facts wait from now on, and deadlines pass: nobody leads the centre."""
        self._held_at_ms = self.now_ms
        self._is_telling = True

    def find_leader(self) -> None:
        """Let the next leader take what has waited, as the live one would.

        The clock of a journal goes on for two seconds without a leader, so that is the latest
        instant at which waiting facts have happened; the time that is missing is made up for by
        the election.
        """
        assert self._held_at_ms is not None, "there is a leader"
        latest_ms = self._held_at_ms + INTERPOLATION_MS_MAX
        self._facts = [replace(one, at_ms=min(one.at_ms, latest_ms)) for one in self._facts]
        self._held_at_ms = None
        self._epoch += 1
        self._ticked_at_ms = self.now_ms
        self._facts.append(LeaderElected(self.now_ms, self._epoch, "twin", 1, SCALE))
        self._take_facts()

    def run(self) -> None:
        """Elect a leader and let time pass until nothing is waited for."""
        self.begin()
        self.env.run()

    def run_until(self, at_ms: int) -> None:
        """Let time pass up to an instant, in a centre that has its leader."""
        self._set_wake()
        self.env.run(until=at_ms)
        self.now_ms = at_ms

    def _elapse(self, timer: Timer) -> None:
        self.now_ms = timer.at_ms
        timer.action(timer)

    def _take_facts(self) -> None:
        self._is_telling = True
        facts = self._facts
        for fact in facts:  # grows as what is done leads to further facts
            self._handle(fact)
        self.facts_told += len(facts)
        if self.recorded is not None:
            self.recorded += facts
        facts.clear()
        self._is_telling = False
        self._set_wake()

    def _handle(self, fact: CentreEvent) -> None:
        commands = self.centre.handle(fact)
        listeners = self._listeners
        for notice in self.centre.notices:
            for listener in listeners.get(type(notice), ()):
                listener(notice)
        for command in commands:
            self.doers[type(command)](command)

    def _set_wake(self) -> None:
        due_ms = self.centre.next_due_ms
        if due_ms is not None and (self._wake_ms is None or due_ms < self._wake_ms):
            self._wake_ms = due_ms
            self.at(due_ms, self._wake, due_ms)

    def _wake(self, timer: Timer) -> None:
        if timer.value != self._wake_ms:
            return  # an earlier one was needed after this was set
        self._wake_ms = None
        if self._held_at_ms is not None:
            return  # the next leader will look
        due_ms, now_ms = self.centre.next_due_ms, self.now_ms
        if due_ms is None or due_ms > now_ms:
            self._set_wake()
            return
        advance_ms, self._ticked_at_ms = now_ms - self._ticked_at_ms, now_ms
        self.tell(ClockTicked(now_ms, advance_ms, SCALE))


def ignore(command: CentreCommand) -> None:
    """Carry out a command that changes nothing in this world."""
