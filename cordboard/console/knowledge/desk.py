"""What a supervisor is shown of callers' questions, gathered from history and store.

History is asked at most every few seconds, however many pages are open. The sentences nobody could
answer are opened under their callers' keys: those of an erased person are gone. Digits in them are
hidden, since nobody needs an account number to see what is missing among the answers.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import structlog

from acd.ids import CustomerId
from cordboard.history.counts import HistoryUnreadable, reading
from cordboard.history.flows import helpfulness_of
from cordboard.history.topics import (
    DAY_MS,
    SealedQuestions,
    Topic,
    hot_topics,
    reached_ms,
    surging,
    unanswered_questions,
)
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.proposals import Proposal, Proposals
from cordboard.runtime.releases import Releases
from cordboard.runtime.sealing import Sealer
from cordboard.runtime.sessions import unanswered_label
from ivr import speech
from ivr.flow import Flow, read_flow
from ivr.knowledge import Surge, Unanswered, front_message, unanswered

LOOK_MS = 5_000
QUESTIONS_DAYS = 14
FRONT: Mapping[str, str] = {
    "en": "Many of you are calling about {value} just now. We know about it and are working on it.",
    "zh-CN": "目前有很多客户来电咨询{value}。我们已了解情况,正在处理。",
    "zh-TW": "目前有很多客戶來電詢問{value}。我們已了解情況,正在處理。",
}
"""What a front message begins with; the supervisor completes it."""
_DIGITS = re.compile(r"\d{3,}")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A self-service answer and how much it has helped lately."""

    name: str
    question: str
    score: float | None  #: None while nobody has said


@dataclass(frozen=True, slots=True)
class FlowKnowledge:
    """What is known of one flow's questions and answers."""

    flow: str
    languages: tuple[str, ...]
    topics: tuple[Topic, ...]
    surges: tuple[Surge, ...]
    messages: Mapping[str, Mapping[str, str]]  #: proposed front message by intent and language
    unanswered: tuple[Unanswered, ...]
    answers: tuple[Answer, ...]
    waiting: tuple[Proposal, ...]


@dataclass(slots=True)
class KnowledgeDesk:
    """Gathers what is shown, for all pages of a process."""

    history_url: str
    releases: Releases
    proposals: Proposals
    sealer: Sealer
    zone: ZoneInfo
    clock: Clock
    _shown: tuple[FlowKnowledge, ...] = ()
    _looked_ms: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def flows(self, *, is_fresh: bool = False) -> tuple[FlowKnowledge, ...]:
        """Return what is known of every flow in use.

        Args:
            is_fresh: Look again, however short ago the last look was: somebody changed something.
        """
        with self._lock:
            now_ms = self.clock.monotonic_ms()
            if is_fresh or self._looked_ms is None or now_ms - self._looked_ms >= LOOK_MS:
                self._looked_ms = now_ms
                try:
                    self._shown = self._look()
                except (HistoryUnreadable, StoreDown) as reason:
                    _log.warning("questions of callers cannot be shown", reason=str(reason))
        return self._shown

    def _look(self) -> tuple[FlowKnowledge, ...]:
        waiting = self.proposals.waiting()
        found = []
        with reading(self.history_url) as connection:
            for name, release in self.releases.all().items():
                version = max(release.shares, key=lambda share: share.percent).version
                text = self.releases.text(name, version)
                if text is None:
                    continue
                flow = read_flow(text, file=name)
                now_ms = reached_ms(connection, name) or 0
                topics = hot_topics(connection, name, now_ms + 1, self.zone)
                from_ms = now_ms - QUESTIONS_DAYS * DAY_MS
                sealed = unanswered_questions(connection, name, from_ms, now_ms + 1)
                scores = helpfulness_of(connection, name)
                surges = surging(topics)
                found.append(
                    FlowKnowledge(
                        flow=name,
                        languages=tuple(flow.document.languages),
                        topics=tuple(topics),
                        surges=tuple(surges),
                        messages={one.intent: _message(flow, one) for one in surges},
                        unanswered=tuple(unanswered(self._sentences(sealed))),
                        answers=_answers(flow, scores),
                        waiting=tuple(one for one in waiting if one.flow == name),
                    )
                )
        return tuple(found)

    def _sentences(self, sealed: list[SealedQuestions]) -> list[str]:
        """Open what callers asked in vain, in the form in which equal questions are equal."""
        texts: list[str] = []
        for one in sealed:
            label = unanswered_label(one.call_id)
            opened = self.sealer.open(CustomerId(one.customer_id), label, one.sealed) or {}
            texts += [
                _DIGITS.sub("\u2022\u2022\u2022", speech.normal(text)) for text in opened.values()
            ]
        return texts


def _message(flow: Flow, surge: Surge) -> dict[str, str]:
    """Propose a front message in the flow's languages, as far as there is a beginning for it."""
    intent = flow.document.intents.get(surge.intent)
    texts = {
        language: FRONT.get(language) or FRONT.get(language.partition("-")[0], "")
        for language in flow.document.languages
    }
    names = {} if intent is None else intent.name
    return front_message(surge, names, {name: text for name, text in texts.items() if text})


def _answers(flow: Flow, scores: Mapping[str, float]) -> tuple[Answer, ...]:
    """List a flow's answers, those that help least first: they are what needs work."""
    listed = [
        Answer(name, entry.questions[0], scores.get(name))
        for name, entry in flow.document.answers.items()
    ]
    return tuple(sorted(listed, key=lambda one: (one.score is None, one.score or 0.0)))
