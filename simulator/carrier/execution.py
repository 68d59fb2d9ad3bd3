"""Executing TwiML on one call.

A document runs from top to bottom. A verb is a function that is a SimPy process in the small: it
yields events (time passes, keys come, somebody answers) and returns the source of the document that
replaces the current one, or None to go on with the next verb. After the last verb the document is
over and, at the outermost level, the call is hung up.

Interrupts travel as exceptions through whatever verb is running, which cleans up after itself; only
the outermost loop turns a `Redirected` into the next document. A document that cannot be obtained
or executed goes to the fallback URL, and without one the caller hears that an application error
has occurred.

Source:
    https://www.twilio.com/docs/voice/twiml; fallback: "Programmable Voice Failover Best
    Practices" (the fallback request has ErrorCode and ErrorUrl; the primary is tried first again
    on each new event).
"""

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import simpy

from simulator.carrier.calls import Bridging, Call, CallOver, Redirected
from simulator.carrier.grammar import RULES
from simulator.carrier.people.manners import Prompt
from simulator.carrier.twiml import (
    Document,
    Element,
    Fetch,
    Inline,
    Source,
    TwimlError,
    parse,
    read_answer,
)
from simulator.carrier.webhooks import Answer

if TYPE_CHECKING:
    from simulator.carrier.exchange import Exchange

T = TypeVar("T")

#: A piece of a process: yields events, returns a `T`.
Steps = Generator[simpy.Event, Any, T]

#: A verb: performed on an execution; returns the next document, or None for the next verb.
Verb = Callable[["Execution", Element, Document], Steps[Source | None]]

#: Verbs that answer a ringing inbound call when they come first.
ANSWERING = frozenset(
    {"Say", "Play", "Gather", "Enqueue", "Record", "Hangup", "Dial", "Connect", "Start"}
)

#: So many documents may follow each other at one instant before each of them takes a moment.
AT_ONCE_MAX, CHAIN_S = 100, 0.1

#: What a caller hears when the application is broken.
APPLICATION_ERROR = "We are sorry. An application error has occurred. Goodbye."
APPLICATION_ERROR_S = 5.0


class Execution:
    """The interpreter of one call's documents."""

    def __init__(self, call: Call, exchange: "Exchange", verbs: Mapping[str, Verb]) -> None:
        self.call = call
        self.exchange = exchange
        self.timeline = exchange.timeline
        self.extra: Callable[[], Mapping[str, str]] = dict
        """What every request says beside the usual while something special goes on (a queue)."""
        self._verbs = verbs
        self._current: Source | None = None
        self._instant_s = -1.0
        self._at_once = 0

    def run(self, source: Source) -> Steps[None]:
        """Execute documents until none is left; interrupts that end the call pass through."""
        following: Source | None = source
        while following is not None:
            try:
                yield from self._run_once(following)
                following = None
            except simpy.Interrupt as interrupt:
                self.extra = dict
                if isinstance(interrupt.cause, Bridging):
                    interrupt.cause.bridge.leave(self.call)  # it came after the queue was left
                elif isinstance(interrupt.cause, Redirected):
                    following = interrupt.cause.source
                else:
                    raise

    def _run_once(self, source: Source) -> Steps[None]:
        try:
            yield from self.follow(source)
        except TwimlError as error:
            yield from self._recover(error)

    def follow(self, source: Source, verbs: Mapping[str, Verb] | None = None) -> Steps[None]:
        """Execute a document and those that replace it, with these verbs only."""
        following: Source | None = source
        while following is not None:
            yield from self._take_time()
            self._current = following
            document = yield from self.obtain(following)
            following = yield from self.perform(document, self._verbs if verbs is None else verbs)

    def _take_time(self) -> Steps[None]:
        """Make a chain of documents without any verb that takes time pass some after all."""
        if self.timeline.now_s > self._instant_s:
            self._instant_s, self._at_once = self.timeline.now_s, 0
        self._at_once += 1
        if self._at_once > AT_ONCE_MAX:
            yield self.timeline.sleep(CHAIN_S)
            self._instant_s = self.timeline.now_s

    def obtain(self, source: Source) -> Steps[Document]:
        """Get a document from the application.

        Raises:
            TwimlError: It could not be had, or it is not TwiML; the application's fault.
        """
        if isinstance(source, Document):
            return source
        if isinstance(source, Inline):
            return parse(source.text)
        answer: Answer = yield self.exchange.ask(self.call, source, self.extra())
        if answer.error:
            raise TwimlError(answer.error, f"{source.url} answered {answer.status or answer.text}")
        return read_answer(answer.body, answer.content_type, url=answer.url, method=answer.method)

    def perform(self, document: Document, verbs: Mapping[str, Verb]) -> Steps[Source | None]:
        """Execute the verbs of one document in order."""
        self.exchange.check_document(self.call, document)
        for verb in document.verbs:
            act = verbs.get(verb.tag)
            if act is None:
                if verb.tag in RULES["Response"].children:
                    text = f"<{verb.tag}> cannot be executed here"
                    self.exchange.alert(12200, self.call, text)
                continue
            if verb.tag in ANSWERING and not _rings_until_bridged(verb, document):
                self.exchange.answer(self.call)
            following = yield from act(self, verb, document)
            if following is not None:
                return following
        return None

    def tell(self, text: str, lasts_s: float, asks: tuple[str, ...] = ()) -> None:
        """Let the far end hear something."""
        if self.call.person is not None:
            self.call.person.hears(Prompt(text, lasts_s, asks))

    def after_action(
        self, verb: Element, document: Document, extra: Mapping[str, str]
    ) -> Fetch | None:
        """Return the request of a verb's `action`, or None when it has none."""
        action = verb.get("action")
        return document.follow(action, verb.get("method"), extra) if action else None

    def _recover(self, error: TwimlError) -> Steps[None]:
        """Go to the fallback document once, or tell the caller and hang up."""
        self.exchange.alert(error.code, self.call, str(error))
        fallback = self.call.terms.fallback
        if fallback.url:
            failed = self._current.url if isinstance(self._current, Fetch) else ""
            extra = {"ErrorCode": str(error.code), "ErrorUrl": failed}
            try:
                yield from self.follow(Fetch(fallback.url, fallback.method, extra))
            except TwimlError as second:
                self.exchange.alert(second.code, self.call, str(second))
            else:
                return
        self.exchange.answer(self.call)
        self.tell(APPLICATION_ERROR, APPLICATION_ERROR_S)
        yield self.timeline.sleep(APPLICATION_ERROR_S)
        raise CallOver


def _rings_until_bridged(verb: Element, document: Document) -> bool:
    """Say whether a first `<Dial answerOnBridge="true">` leaves the caller ringing."""
    first = document.verbs[0] is verb
    return verb.tag == "Dial" and first and verb.get("answerOnBridge", "").lower() == "true"
