"""One caller's mind in a call flow: what they hear, how long it takes, what they do about it.

A caller follows their way (`simulator.ways`): the first of its steps not yet taken whose pattern is
found in what was heard at this place of the flow. They remember it while the place is the same, so
that a shorter prompt after a silence still finds them knowing what to do. Where no step fits they
ask for a person, or say nothing.

Everything is drawn from the generator that is given for the question, always in the same order and
number, so that one kind of slip does not change the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ivr.proofs.lengths import RECORDING_S, text_seconds
from ivr.steps import Ask, Pause, Play, Say, Step
from simulator.ways import CallFlow, Steps
from simulator.ways import Step as Reaction

KEY_S = 0.4
"""Between two keys of a number that is keyed in."""

SPEECH_END_S = 1.0
"""The silence after which the recogniser takes a sentence for finished."""

CONFIDENCE = 0.9
"""Of the recogniser in what it hears."""

PERSON_KEY = "0"

_MARK_UP = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Deed:
    """What a caller does about a question; neither keys nor words are silence."""

    after_s: float  #: from the beginning of what is heard
    keys: str = ""
    said: str = ""
    hangs_up: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a caller is asked, and how long it takes to hear."""

    ask: Ask
    hang_up_share: float
    before_s: float  #: what is heard to its end before keys and words count
    prompt_s: float  #: what can be interrupted

    @property
    def listened_s(self) -> float:
        """Until all has been said."""
        return self.before_s + self.prompt_s

    @property
    def silence(self) -> Deed:
        """What it is to say nothing."""
        return Deed(self.listened_s + self.ask.timeout_ms / 1_000)


def heard_s(steps: Iterable[Step]) -> float:
    """Return how long it takes to hear steps."""
    return sum(map(_length_s, steps))


def _length_s(step: Step) -> float:
    if isinstance(step, Say):
        return text_seconds(_MARK_UP.sub("", step.text) if step.is_ssml else step.text)
    if isinstance(step, Play):
        return RECORDING_S
    return step.ms / 1_000 if isinstance(step, Pause) else 0.0


@dataclass(slots=True)
class Mind:
    """What one caller remembers and has yet to do."""

    steps_left: list[Reaction]
    heard: str = ""
    place: object = None  #: in the flow, where `heard` was heard

    @classmethod
    def of(cls, way: Steps) -> Mind:
        """Return a caller at the beginning of their way."""
        return cls(list(way))

    def hear(self, steps: Iterable[Step], place: object) -> None:
        """Listen; what was heard elsewhere is forgotten."""
        text = " ".join(step.text for step in steps if isinstance(step, Say))
        self.heard = f"{self.heard} {text}" if place == self.place else text
        self.place = place

    def answer(self, question: Question, habits: CallFlow, rng: np.random.Generator) -> Deed:
        """Decide what to do about a question; `rng` is of this caller and this question."""
        hangs_up, slip, hurry, hears, picks = rng.random(5).tolist()
        think_s = float(habits.think_s.draw(rng, 1)[0])
        if hangs_up < question.hang_up_share:
            return Deed(question.listened_s * hurry, hangs_up=True)
        if slip < habits.silent_share:
            return question.silence
        heard = hurry / habits.hurry_share if hurry < habits.hurry_share else 1.0
        listened_s = question.before_s + question.prompt_s * heard
        if slip < habits.silent_share + habits.wrong_key_share:
            return Deed(listened_s + think_s, keys=str(1 + int(9 * picks)))
        step = self._next_step()
        if step is not None:
            is_heard = "speech" in question.ask.inputs and hears >= habits.unheard_share
            after_s = think_s if step.after_s is None else step.after_s
            return _deed(step, question, listened_s + after_s, picks, is_heard=is_heard)
        asks = picks < habits.asks_for_person_share
        return Deed(listened_s + think_s, keys=PERSON_KEY) if asks else question.silence

    def leaves_queue(self) -> Reaction | None:
        """Return the step by which this caller leaves the queue, if their way has one."""
        return next((step for step in self.steps_left if step.after_wait_s is not None), None)

    def leave_queue(self) -> None:
        """Take the step by which this caller leaves the queue: once."""
        self.steps_left = [step for step in self.steps_left if step.after_wait_s is None]

    def _next_step(self) -> Reaction | None:
        for step in self.steps_left:
            if step.after_wait_s is None and re.search(step.when, self.heard, re.IGNORECASE):
                self.steps_left.remove(step)
                return step
        return None


def _deed(
    step: Reaction, question: Question, after_s: float, picks: float, *, is_heard: bool
) -> Deed:
    """Return a step of a way as it is done: keyed, spoken, or spoken in vain."""
    if step.key:
        keys = step.key.rstrip(question.ask.finish_key) or step.key
        return Deed(after_s + KEY_S * (len(step.key) - 1), keys=keys)
    if not is_heard:
        return question.silence
    said = step.said(picks)
    return Deed(after_s + text_seconds(said) + SPEECH_END_S, said=said)


def question_at(habits: CallFlow, node: str, before_s: float, ask: Ask) -> Question:
    """Return what is asked at a node.

    Args:
        habits: With the prompts whose time is known, and where callers hang up.
        node: Where it is asked.
        before_s: How long what stands before it takes, by its text.
        ask: What is asked.
    """
    hang_up_share = habits.hang_up_shares.get(node, habits.hang_up_share)
    prompt_s, stated_s = heard_s(ask.prompts), habits.prompt_s.get(node)
    if stated_s is not None and ask.prompts:
        prompt_s = stated_s
    elif stated_s is not None:
        before_s = stated_s
    return Question(ask, hang_up_share, before_s, prompt_s)
