"""What call flows send their callers by text message: `webhooks.ports.Errands`.

An errand is kept in a thread of its own, named by its call and node, so that the same one again is
the same message; from there the leading worker sends it as it sends an agent's reply
(`carrier.texts`). It goes from the number of the line that was called, and it is an answer: the
caller has just asked for it.

What is known to keep a number from being reached is found out twice: before the flow offers
anything, so that it can take another way, and when the errand comes, for a number the caller keyed
in. Then it is not sent, and kept with the reason. So is what would be one too many for the number
that day (see `text_caps`).
"""

from collections.abc import Mapping
from hashlib import blake2b

import structlog

from acd.ids import CallId
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.reach import ENOUGH_TODAY, Reach
from cordboard.runtime.sealing import Pseudonyms
from cordboard.runtime.text_caps import DayCap
from cordboard.runtime.text_length import CHARACTERS_MAX
from cordboard.runtime.text_rows import FLOW, REFUSED, TO_SEND, TextRow
from cordboard.runtime.threads import Correspondent, Threads
from webhooks.ports import JournalDown, TextErrand

ONLY_MESSAGE = "m1"
"""The name of the message in its thread: there is but one."""

_MARK_BYTES = 5

_log = structlog.get_logger(__name__)


class SiteErrands:
    """Errands of a site's call flows."""

    def __init__(  # noqa: PLR0913  (one part of the runtime each; the composition calls it once)
        self,
        *,
        threads: Threads,
        reach: Reach,
        cap: DayCap,
        pseudonyms: Pseudonyms,
        senders: Mapping[str, str],
        clock: Clock,
    ) -> None:
        self._threads = threads
        self._reach = reach
        self._cap = cap
        self._pseudonyms = pseudonyms
        self._senders = senders
        self._clock = clock

    def takes_texts(self, number: str) -> bool:
        """Tell whether a message to a number is sent and can arrive.

        A store in trouble says nothing against it.
        """
        try:
            has_room = self._cap.has_room(number, self._clock.wall_ms())
            return has_room and self._reach.obstacle(number) == 0
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
        thread, now_ms = thread_of(errand.call_id, errand.node), self._clock.wall_ms()
        error_code = self._obstacle(errand.receiver, thread, now_ms)
        customer_id = self._pseudonyms.by_number(errand.receiver)
        who = Correspondent(customer_id, errand.receiver, sender, errand.language)
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

    def _obstacle(self, number: str, thread: CallId, now_ms: int) -> int:
        """Return why this message is not sent, or 0; one that will be is counted."""
        if error_code := self._reach.obstacle(number):
            return error_code
        return 0 if self._cap.takes(number, thread, now_ms) else ENOUGH_TODAY


def thread_of(call_id: CallId, node: str) -> CallId:
    """Return the name of the thread of what a node of the flow sends in a call."""
    mark = blake2b(node.encode(), digest_size=_MARK_BYTES).hexdigest()
    return CallId(f"{call_id}.{mark}")
