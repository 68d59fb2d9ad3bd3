"""Text messages as they come in: kept, made facts, and heeded where they ask for silence.

| message | becomes |
| --- | --- |
| a customer's first | a conversation: `CallQueued` in the line's queue for texts |
| any further one while that is open | `MessagePassed` |
| a word of stopping | no more texts to that number, and no more calls of campaigns |
| a word of starting again | texts are sent again; calls stay forbidden until a person allows them |
| a word of help | an answer, unless the carrier has given one |

Words of starting and help are ordinary answers ("yes") unless the number had opted out, or opens
nothing else. Words that the carrier does not know are answered once (`consent_answers`). A number
under which nobody reads texts takes no messages; words of consent count
all the same.
"""

from collections.abc import Mapping

import structlog

from acd.events import UNSTAMPED, CallQueued, MessagePassed
from acd.ids import CallId, QueueId, Sid
from cordboard.runtime.callers import RedisCallers
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import Store, StoreDown
from cordboard.runtime.consent_answers import answer_to
from cordboard.runtime.reach import Reach
from cordboard.runtime.sealing import Pseudonyms
from cordboard.runtime.text_rows import CENTRE, TO_SEND, TextRow
from cordboard.runtime.threads import Correspondent, Threads
from webhooks.ports import Consent, Fact, Journal, JournalDown, Line, TextMessage

STOPPED_BY_TEXT = "text message"
"""Who says so, beside a number on the do-not-call list."""

_log = structlog.get_logger(__name__)


class SiteMessages:
    """`webhooks.ports.Messages` over a site's store."""

    def __init__(  # noqa: PLR0913  (one part of the runtime each; the composition calls it once)
        self,
        *,
        store: Store,
        threads: Threads,
        pseudonyms: Pseudonyms,
        reach: Reach,
        journal: Journal,
        lines: Mapping[str, Line],
        clock: Clock,
        name: str = "",
    ) -> None:
        self._threads = threads
        self._reach = reach
        self._pseudonyms = pseudonyms
        self._journal = journal
        self._lines = lines
        self._clock = clock
        self._name = name
        self._callers = RedisCallers(store)

    def received(self, message: TextMessage) -> None:
        """Take a message; the same sid again is the same message.

        Raises:
            JournalDown: It could not be kept; the carrier will bring it again.
        """
        try:
            self._receive(message)
        except StoreDown as down:
            raise JournalDown(str(down)) from down

    def delivery_changed(self, call_id: CallId, name: str, status: str, error_code: int) -> None:
        """Take what became of a message of ours: the carrier's status, and its error or 0.

        Raises:
            JournalDown: It could not be kept.
        """
        try:
            is_news = self._threads.change(call_id, name, status, error_code)
            who = self._threads.correspondent(call_id) if is_news and error_code else None
            if who is not None:
                self._reach.learn(who.number, error_code, self._clock.wall_ms())
        except StoreDown as down:
            raise JournalDown(str(down)) from down

    def _receive(self, message: TextMessage) -> None:
        self._reach.heard_from(message.sender)
        line = self._lines.get(message.receiver)
        customer_id = self._pseudonyms.by_number(message.sender)
        if self._is_consent_alone(message):
            open_one = self._threads.current(customer_id, line.name) if line else None
            if open_one is not None:
                self._threads.keep(open_one, customer_id, self._row(message))
            return
        if line is None or not line.texts:
            _log.warning("text message to a number without a queue for texts", sid=message.sid)
            return
        who = self._correspondent(message)
        call_id, is_opened = self._threads.take(
            CallId(message.sid), line.name, who, self._clock.wall_ms()
        )
        self._threads.keep(call_id, customer_id, self._row(message))
        passed = MessagePassed(UNSTAMPED, call_id)
        queued = CallQueued(
            UNSTAMPED, call_id, QueueId(line.texts), customer_id, {}, language=who.language
        )
        self._journal.append([Fact(queued if is_opened else passed, _natural_key(message.sid))])

    def _correspondent(self, message: TextMessage) -> Correspondent:
        customer_id = self._pseudonyms.by_number(message.sender)
        known = self._callers.facts(customer_id, self._clock.wall_ms())
        language = known.get("language", "")
        return Correspondent(customer_id, message.sender, message.receiver, language)

    def _is_consent_alone(self, message: TextMessage) -> bool:
        """Heed words of consent; tell whether the message was nothing else."""
        match message.consent:
            case None:
                return False
            case Consent.STOP:
                is_news = self._reach.opt_outs.stop(message.sender, self._clock.wall_ms())
            case Consent.START:
                is_news = self._reach.opt_outs.start(message.sender)
                if not is_news:
                    return False
            case Consent.HELP:
                is_news = True
        if is_news and not message.is_answered:
            self._answer(message, message.consent)
        return True

    def _answer(self, message: TextMessage, consent: Consent) -> None:
        """Answer a word of consent that the carrier does not know, in a thread of its own."""
        who, thread = self._correspondent(message), CallId(f"{message.sid}.consent")
        self._threads.begin_alone(thread, who, self._clock.wall_ms())
        row = TextRow(
            name=consent.value,
            at_ms=self._clock.wall_ms(),
            writer=CENTRE,
            text=answer_to(consent, message.text, self._name),
            state=TO_SEND,
            is_last_word=consent is Consent.STOP,
        )
        self._threads.keep(thread, who.customer_id, row)

    def _row(self, message: TextMessage) -> TextRow:
        return TextRow(
            name=message.sid,
            at_ms=self._clock.wall_ms(),
            writer="",
            text=message.text,
            media_count=len(message.media),
        )


def _natural_key(sid: Sid) -> str:
    return f"{sid}|text"
