"""One step of one caller through a flow, while it is being worked out.

`Walk` unfolds a session into fields that node functions may change, collects the steps they put,
and folds everything back into a new session at the end. It knows how a prompt becomes steps in the
caller's language, and nothing about what nodes mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.flow.document import Tongue
from ivr.flow.prompts import Line, Prompt, clean_text, fill, printable
from ivr.flow.ready import Flow
from ivr.flow.wording import standard
from ivr.inputs import Input
from ivr.session import WAY_LENGTH_MAX, Session, TrailEntry, TrailKind
from ivr.slots.digits import mask_cards, masked
from ivr.steps import Ending, Final, HangUp, Leading, Outcome, Play, Reject, Say, Steps
from ivr.steps import Prompt as PromptStep

ENDED = "ended"
"""The stage of a session whose call is over."""


@dataclass(slots=True)
class Walk:
    """A session being advanced by one input."""

    flow: Flow
    given: Input
    call: str
    language: str
    node: str
    stage: str
    candidates: tuple[str, ...]
    refused: tuple[str, ...]
    returns: list[str]
    turns: int
    no_inputs: int
    no_matches: int
    data: dict[str, str]
    secrets: dict[str, str]
    trail: list[TrailEntry]
    way: list[str]
    settled: Outcome | None
    is_new: bool
    leading: list[Leading] = field(default_factory=list)
    ending: Ending | None = None

    @classmethod
    def of(cls, flow: Flow, session: Session, given: Input) -> "Walk":
        """Unfold a session; one of a version with other languages goes on in the flow's first."""
        has_language = session.language in flow.document.languages
        return cls(
            flow=flow,
            given=given,
            call=session.call,
            language=session.language if has_language else flow.first_language,
            node=session.node,
            stage=session.stage if session.candidates or session.stage == ENDED else "",
            candidates=session.candidates,
            refused=session.refused,
            returns=list(session.returns),
            turns=session.turns,
            no_inputs=session.no_inputs,
            no_matches=session.no_matches,
            data=dict(session.data),
            secrets=dict(session.secrets),
            trail=list(session.trail),
            way=list(session.way),
            settled=session.settled,
            is_new=session.ordinal == 0,
        )

    def folded(self, session: Session) -> tuple[Session, Steps]:
        """Give the new session and the steps that were put."""
        assert self.ending is not None  # every node function goes on or ends
        after = Session(
            call=session.call,
            flow=session.flow,
            flow_version=session.flow_version,
            language=self.language,
            node=self.node,
            stage=self.stage,
            candidates=self.candidates,
            refused=self.refused,
            returns=tuple(self.returns),
            ordinal=session.ordinal + 1,
            turns=self.turns,
            no_inputs=self.no_inputs,
            no_matches=self.no_matches,
            data=self.data,
            secrets={} if isinstance(self.ending, Final) else self.secrets,
            trail=tuple(self.trail),
            way=tuple(self.way[:WAY_LENGTH_MAX]),
            settled=self.settled,
            outcome=self.ending.outcome if isinstance(self.ending, Final) else None,
        )
        return after, (*self.leading, self.ending)

    # --- remembering ----------------------------------------------------------------------

    def keep_secret(self, name: str, value: str) -> None:
        """Remember a value for asking other systems; everybody else sees how long it is."""
        self.secrets[name] = value
        self.data[name] = masked(value)

    def keep(self, name: str, value: str) -> None:
        """Remember a value that the agent may see."""
        self.secrets.pop(name, None)
        self.data[name] = value

    @property
    def told(self) -> dict[str, str]:
        """All values with the secret ones: for other systems, never for a voice or a person."""
        return self.data | self.secrets

    def note(self, kind: TrailKind, text: str) -> None:
        """Add to what the agent will see, with card numbers hidden."""
        kept = mask_cards(clean_text(text))
        self.trail.append(TrailEntry(at_ms=self.given.at_ms, node=self.node, kind=kind, text=kept))

    def arrive(self, node: str) -> None:
        """Stand at a node whose question has not been put yet."""
        self.node = node
        self.way.append(node)
        self.stage, self.candidates, self.refused = "", (), ()
        self.no_inputs = self.no_matches = 0

    # --- speaking -------------------------------------------------------------------------

    @property
    def is_tired(self) -> bool:
        """Whether the caller has answered so much that only a person may be next."""
        return self.turns >= self.flow.document.turns_max

    @property
    def is_unanswered(self) -> bool:
        """Whether the caller has heard nothing yet, so that the call can still be refused."""
        return self.is_new and not self.leading

    @property
    def tongue(self) -> Tongue:
        """How the caller's language is spoken and heard."""
        return self.flow.document.languages[self.language]

    @property
    def hearing_language(self) -> str:
        """The tag the recogniser is asked with."""
        return self.tongue.hear or self.language

    def prompt(self, prompt: Prompt, language: str | None = None) -> tuple[PromptStep, ...]:
        """Turn a prompt into what is heard, in the caller's language unless another is named."""
        language = language or self.language
        table = self.flow.document.prompts.get(prompt, {}) if isinstance(prompt, str) else prompt
        line = table.get(language)
        if line is None:
            return ()
        if isinstance(line, str):
            return self.text(fill(line, self.data), language)
        return self._line(line, language)

    def _line(self, line: Line, language: str) -> tuple[PromptStep, ...]:
        if line.audio is not None:
            return (Play(line.audio),)
        if line.ssml is not None:
            filled = fill(line.ssml, self.data, into="ssml")
            return self.text(filled, language, voice=line.voice, is_ssml=True)
        return self.text(fill(line.text or "", self.data), language, voice=line.voice)

    def text(
        self, text: str, language: str, *, voice: str | None = None, is_ssml: bool = False
    ) -> tuple[PromptStep, ...]:
        """Turn a text into what is heard; one with nothing to hear in it into nothing."""
        text = text if text.isprintable() else printable(text)
        if not text:
            return ()
        tongue = self.flow.document.languages[language]
        tag, reader = tongue.say or language, voice or tongue.voice
        return (Say(text=text, language=tag, voice=reader, is_ssml=is_ssml),)

    def sentence(self, name: str, **values: str) -> tuple[PromptStep, ...]:
        """Say a standard sentence; nothing when the language has none (a finding of the proofs)."""
        found = standard(name, self.language, self.flow.document.wording)
        return self.text(fill(found, values), self.language) if found else ()

    def choice(self, names: Sequence[str]) -> tuple[PromptStep, ...]:
        """Offer names by number, and something else after the last."""
        own = self.flow.document.wording
        offer = standard("choose_intent", self.language, own) or ""
        other = standard("something_else", self.language, own) or ""
        parts = [
            fill(offer, {"value": name, "key": str(key)}) for key, name in enumerate(names, start=1)
        ]
        parts.append(fill(other, {"key": str(len(names) + 1)}))
        return self.text(" ".join(parts).strip(), self.language)

    def say(self, steps: tuple[Leading, ...]) -> None:
        """Let the caller hear something, to its end."""
        self.leading += steps

    def end_call(self, outcome: Outcome, prompt: Prompt | None = None) -> None:
        """Say goodbye and end the call."""
        self.say(self.prompt(prompt) if prompt is not None else self.sentence("goodbye"))
        self.end(HangUp(outcome))

    def end(self, ending: Ending) -> None:
        """Put the step that asks or ends."""
        assert self.ending is None  # a node function ends once
        self.ending = ending
        self.turns += 1
        if isinstance(ending, HangUp | Reject):
            self.stage = ENDED

    def leave_for(self, node: str) -> str:
        """Leave all sub-flows for a node: the way to a person comes back to none of them."""
        self.returns.clear()
        return node

    def to_person(self) -> str:
        """Leave for a person."""
        return self.leave_for(self.flow.document.person)
