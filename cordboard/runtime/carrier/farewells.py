"""The last words of a conversation: what the customer is told when the centre closes it.

The words are put among the messages to send, under the command's own key, so that a repeat adds
nothing. An agent who closes a conversation has said goodbye themselves; nothing is added then.
"""

from collections.abc import Callable, Mapping

from acd.commands import CloseConversation, ConversationEnd
from cordboard.runtime.carrier.effects import Done, Doubtful, Effect, Try
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.outbox import Settlement
from cordboard.runtime.text_rows import CENTRE, TO_SEND, TextRow
from cordboard.runtime.threads import Threads

_ENGLISH: Mapping[ConversationEnd, str] = {
    ConversationEnd.IDLE: "We have not heard from you for a while and close this conversation."
    " Write again whenever you need us.",
    ConversationEnd.UNANSWERED: "We are sorry: nobody could answer you. Please write again later.",
}
_MANDARIN: Mapping[ConversationEnd, str] = {
    ConversationEnd.IDLE: "我们已有一段时间没有收到您的消息,本次会话现已结束。"
    "如需帮助,请随时再次发送短信。",
    ConversationEnd.UNANSWERED: "很抱歉,目前无人能够回复您。请稍后再次发送短信。",
}
_BY_TAG = {"zh": _MANDARIN, "cmn": _MANDARIN}
"""Languages by the first part of their tag; any other is told in English."""


class Farewells:
    """Carries out `CloseConversation`."""

    def __init__(self, threads: Threads, language: str, wall_ms: Callable[[], int]) -> None:
        self._threads = threads
        self._language = language
        self._wall_ms = wall_ms

    def close(self, command: CloseConversation, attempt: Try) -> Effect:
        """Tell the customer that the conversation is over."""
        try:
            who = self._threads.correspondent(command.call_id)
            if who is None:
                return Done(Settlement("nobody to tell"))
            text = words(command.end, who.language or self._language)
            if not text:
                return Done(Settlement("nothing to tell"))
            farewell = TextRow(
                name=attempt.key,
                at_ms=self._wall_ms(),
                writer=CENTRE,
                text=text,
                state=TO_SEND,
                is_unasked=True,
            )
            self._threads.keep(command.call_id, who.customer_id, farewell)
        except StoreDown as down:
            return Doubtful(str(down))
        return Done(Settlement("to send"))


def words(end: ConversationEnd, language: str) -> str:
    """Return what a customer is told at this end of a conversation; empty for nothing.

    Example:
        >>> words(ConversationEnd.CLOSED, "en-GB")
        ''
    """
    return _BY_TAG.get(language.partition("-")[0].lower(), _ENGLISH).get(end, "")
