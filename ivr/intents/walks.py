"""Finished calls, one JSON object a line: what was said in them and where they went.

A line holds the call's id, its session's `trail` and `way`, and, where it is known, the queue an
agent passed it on to:

    {"call": "CA1", "trail": [{"at_ms": 0, "node": "wish", "kind": "said", "text": "..."}],
     "way": ["opening", "wish", "cards"], "passed_on_to": "payments"}

From the trail of an intent node follows what a sentence turned out to mean: the caller confirmed it
or chose it after a doubt, refused it and found it another way, gave up and was given a person, or
an agent passed the call on to a queue that another intent leads to. That is what `learning` lists.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from ivr import speech
from ivr.flow import nodes
from ivr.flow.ready import Flow
from ivr.intents.learning import Evidence, Lesson
from ivr.session import TrailEntry
from ivr.understanding import Understanding


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """One finished call."""

    call: str = ""
    trail: tuple[TrailEntry, ...] = ()
    way: tuple[str, ...] = ()
    """The nodes the caller came through, in order; empty when that was not kept."""
    passed_on_to: str | None = None
    """The queue an agent passed the call on to; None when nobody did, or it is not known."""


def read_walks(text: str) -> list[Walk]:
    """Read calls, one JSON object a line; fields not named above are passed over.

    Raises:
        ValueError: A line is no such object; the message names it.
    """
    found: list[Walk] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                found.append(msgspec.json.decode(line, type=Walk))
            except msgspec.MsgspecError as wrong:
                raise ValueError(f"line {number}: {wrong}") from None
    return found


def lessons_of(flow: Flow, walks: Iterable[Walk]) -> Iterator[Lesson]:
    """Give what the sentences of calls turned out to mean, call by call.

    Args:
        flow: The flow, with its speech model: of several intents that lead to the queue a call
            was passed on to, the likeliest is meant.
        walks: The calls.
    """
    leading = _intents_by_queue(flow)
    for walk in walks:
        wishes = list(_wishes(flow, walk))
        for wish in wishes:
            passed = _passed_on(flow, wish, leading.get(walk.passed_on_to or "", ()))
            lesson = passed or wish.lesson()
            if lesson is not None:
                yield lesson


@dataclass(slots=True)
class _Wish:
    """A sentence said at an intent node, and what came of it."""

    text: str
    taken_for: str | None = None
    """The intent it was routed by in the end."""
    evidence: Evidence | None = None
    """How the caller made clear what was meant; None when they did not."""

    def lesson(self) -> Lesson | None:
        """Give what this teaches; nothing when the model was simply believed."""
        if self.evidence is None:
            return None
        return Lesson(self.text, self.taken_for, self.evidence)


def _wishes(flow: Flow, walk: Walk) -> Iterator[_Wish]:
    """Give the sentences said at intent nodes, in order, each with what came of it."""
    open_wishes: list[_Wish] = []
    answered: TrailEntry | None = None
    for entry in walk.trail:
        if not isinstance(flow.nodes.get(entry.node), nodes.Intent):
            yield from _given_up(open_wishes)
            open_wishes, answered = [], None
            continue
        if entry.kind == "said" and _is_wish(entry.text):
            open_wishes.append(_Wish(entry.text))
            answered = None
        elif entry.kind in ("said", "keyed"):
            answered = entry
        elif entry.kind == "intent":
            yield from _settled(open_wishes, entry.text, answered)
            open_wishes, answered = [], None
    yield from _given_up(open_wishes)


def _is_wish(text: str) -> bool:
    """Tell whether a sentence says what is wanted, rather than yes, no, two or "agent"."""
    said = speech.normal(text)
    closed = (speech.PERSON, speech.REPEAT, speech.OTHER, speech.DONE)
    is_closed = any(speech.means(said, table) for table in closed)
    is_answer = speech.yes_or_no(said) is not None and said.count(" ") < speech.SHORT_WORDS_MAX
    return bool(said) and not (is_closed or is_answer or speech.digit_said(said))


def _settled(wishes: list[_Wish], intent: str, answered: TrailEntry | None) -> Iterator[_Wish]:
    """Say what an intent found at last tells of the sentences before it."""
    for wish in wishes[:-1]:
        yield _Wish(wish.text, intent, "refused")
    for wish in wishes[-1:]:
        yield _Wish(wish.text, intent, None if answered is None else _by_answer(answered))


def _by_answer(answered: TrailEntry) -> Evidence:
    is_yes = answered.text == "1" or speech.yes_or_no(speech.normal(answered.text)) == "yes"
    return "confirmed" if is_yes else "chosen"


def _given_up(wishes: list[_Wish]) -> Iterator[_Wish]:
    """What was wanted by a caller who was given a person instead, only a person can say."""
    for wish in wishes:
        yield _Wish(wish.text, None, "gave_up")


def _passed_on(flow: Flow, wish: _Wish, meant: tuple[str, ...]) -> Lesson | None:
    """Give what an agent's passing the call on tells; None when it fits what was understood."""
    if not meant or wish.taken_for in meant:
        return None
    return Lesson(wish.text, likeliest(flow.understanding, wish.text, meant), "transferred")


def likeliest(model: Understanding | None, text: str, among: tuple[str, ...]) -> str:
    """Give the intent a model finds likeliest among some."""
    chances = {} if model is None else dict(model.read(text).ranking)
    return max(among, key=lambda intent: chances.get(intent, 0.0))


def _intents_by_queue(flow: Flow) -> dict[str, tuple[str, ...]]:
    """Give the intents that lead to each queue, through nodes that ask nothing."""
    found: dict[str, tuple[str, ...]] = {}
    for node in flow.nodes.values():
        if isinstance(node, nodes.Intent):
            for intent, target in node.routes.items():
                for queue in _queues_after(flow, target):
                    found[queue] = tuple(dict.fromkeys((*found.get(queue, ()), intent)))
    return found


def _queues_after(flow: Flow, target: nodes.NodeId) -> Iterator[str]:
    reached = [target]
    for name in reached:  # grows while it is gone through
        node = flow.nodes.get(name)
        if isinstance(node, nodes.Queue):
            yield node.queue
        elif node is not None and not isinstance(node, nodes.Question):
            reached += [to for _, to in nodes.ways(node) if to not in reached]
