"""What call flows send their callers by text message: `webhooks.ports.Errands`.

An errand is kept in a thread of its own, named by its call and node, so that the same one again is
the same message; from there the leading worker sends it as it sends an agent's reply
(`carrier.texts`). It goes from the number of the line that was called, and it is an answer: the
caller has just asked for it.

What is known to keep a number from being reached is found out twice: before the flow offers
anything, so that it can take another way, and when the errand comes, for a number the caller keyed
in. Then it is not sent, and kept with the reason.
"""

from collections.abc import Mapping
from hashlib import blake2b

import structlog

from acd.ids import CallId
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.reach import Reach
from cordboard.runtime.sealing import Pseudonyms
from cordboard.runtime.segments import CHARACTERS_MAX
from cordboard.runtime.text_rows import FLOW, REFUSED, TO_SEND, TextRow
from cordboard.runtime.threads import Correspondent, Threads
from webhooks.ports import JournalDown, TextErrand

ONLY_MESSAGE = "m1"
"""The name of the message in its thread: there is but one."""

_MARK_BYTES = 5

_log = structlog.get_logger(__name__)


class SiteErrands:
    """Errands of a site's call flows."""

    def __init__(
        self,
        *,
        threads: Threads,
        reach: Reach,
        pseudonyms: Pseudonyms,
        senders: Mapping[str, str],
        clock: Clock,
    ) -> None:
        self._threads = threads
        self._reach = reach
        self._pseudonyms = pseudonyms
        self._senders = senders
        self._clock = clock

    def takes_texts(self, number: str) -> bool:
        """Tell whether messages to a number can arrive; a store in trouble says nothing against."""
        try:
            return self._reach.obstacle(number) == 0
        except StoreDown:
            return True

    def send_message(self, errand: TextErrand) -> None:
        """Send a text message, once.

        Raises:
            JournalDown: The errand could not be noted; nothing was sent.
        """
        sender = self._senders.get(errand.line_number)
        if sender is None:
            _log.error("text of a flow without a line", call_id=errand.call_id, node=errand.node)
            return
        try:
            self._keep(errand, sender)
        except StoreDown as down:
            raise JournalDown(str(down)) from down

    def _keep(self, errand: TextErrand, sender: str) -> None:
        error_code, now_ms = self._reach.obstacle(errand.receiver), self._clock.wall_ms()
        customer_id = self._pseudonyms.by_number(errand.receiver)
        who = Correspondent(customer_id, errand.receiver, sender, errand.language)
        thread = thread_of(errand.call_id, errand.node)
        self._threads.begin_alone(thread, who, now_ms)
        row = TextRow(
            name=ONLY_MESSAGE,
            at_ms=now_ms,
            writer=FLOW,
            text=errand.text[:CHARACTERS_MAX],
            state=REFUSED if error_code else TO_SEND,
            error_code=error_code,
        )
        self._threads.keep(thread, customer_id, row)


def thread_of(call_id: CallId, node: str) -> CallId:
    """Return the name of the thread of what a node of the flow sends in a call."""
    mark = blake2b(node.encode(), digest_size=_MARK_BYTES).hexdigest()
    return CallId(f"{call_id}.{mark}")
