"""What a caller has told a flow, for whoever comes after it: the agent, and history.

The agent gets the *story*: the trail and what was collected, so that nobody asks a second time.
History gets a *record* without anything personal: version, sides of split tests, intent, answers
heard, rating. What callers asked and nobody could answer is personal too, so it travels apart.

Secrets end here. What a masked question collected is neither in the story nor, once the caller has
left the flow, in the place that is kept; whatever else could be a card's number is dots.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from acd.ids import CustomerId
from ivr import speech
from ivr.flow import Flow, nodes
from ivr.session import Session, TrailEntry
from ivr.slots.digits import mask_cards
from webhooks.places import Place
from webhooks.ports import Told

HELPED = {"helped": True, "not helped": False}
"""What callers think of an answer, in the interpreter's words."""

UNANSWERED_MAX = 5
"""So many sentences of one call are kept; more is somebody playing."""

_UNMASKED = "caller."
"""Values under this are told by carrier and records, not by the caller: numbers look like cards."""


class Hearing(msgspec.Struct, frozen=True):
    """An answer the caller heard, and whether it helped; None when they did not say."""

    entry: str
    helped: bool | None


class FlowRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How a call went through its flow. Nothing in it is personal."""

    call_id: str
    customer_id: str
    flow: str
    version: int
    at_ms: int  #: modelled Unix time of what is told
    language: str
    outcome: str  #: one of `ivr.steps.Outcome`
    turns: int
    intent: str = ""
    splits: dict[str, str] = {}  #: split node to the side the call fell on
    heard: tuple[Hearing, ...] = ()
    rating: int | None = None
    unanswered: int = 0
    attestation: str = ""  #: who vouches for the caller's number (see `webhooks.attestation`)


@dataclass(frozen=True, slots=True)
class Story:
    """What an agent reads of a call: what was said and keyed on the way, and what is known."""

    flow: str
    version: int
    language: str
    trail: tuple[TrailEntry, ...]
    data: Mapping[str, str]

    def to_private(self) -> dict[str, str]:
        """Write the story as texts to be sealed."""
        return {
            "flow": self.flow,
            "version": str(self.version),
            "language": self.language,
            "trail": msgspec.json.encode(self.trail).decode(),
            "data": msgspec.json.encode(self.data).decode(),
        }

    @classmethod
    def from_private(cls, private: Mapping[str, str]) -> "Story":
        """Read what `to_private` wrote.

        Raises:
            ValueError: Something else wrote it.
        """
        try:
            return cls(
                flow=private["flow"],
                version=int(private["version"]),
                language=private["language"],
                trail=msgspec.json.decode(private["trail"], type=tuple[TrailEntry, ...]),
                data=msgspec.json.decode(private["data"], type=dict[str, str]),
            )
        except (KeyError, msgspec.MsgspecError) as error:
            raise ValueError("this is no story of a call") from error


def story_of(session: Session, flow: Flow | None) -> Story:
    """Return what the agent may see.

    Args:
        session: Where the caller is.
        flow: Its flow; None when that version is not kept any more: then nobody knows which values
            are secret, and none is shown.
    """
    kept = {} if flow is None else without_secrets(session, flow).data
    shown = {
        name: value if name.startswith(_UNMASKED) else mask_cards(value)
        for name, value in kept.items()
    }
    return Story(session.flow, session.flow_version, session.language, session.trail, shown)


def without_secrets(session: Session, flow: Flow) -> Session:
    """Return the place of somebody who leaves the flow: what was masked is forgotten."""
    secret = {
        node.save for node in flow.nodes.values() if isinstance(node, nodes.Ask) and node.sensitive
    }
    kept = {name: value for name, value in session.data.items() if name not in secret}
    return replace(session, data=kept)


def told_by(place: Place, flow: Flow | None, *, at_ms: int, outcome: str) -> Told:
    """Return what a call has told so far."""
    session = place.session
    sentences = list(unanswered(session, flow)) if flow is not None else []
    record = FlowRecord(
        call_id=session.call,
        customer_id=place.customer_id,
        flow=session.flow,
        version=session.flow_version,
        at_ms=at_ms,
        language=session.language,
        outcome=outcome,
        turns=session.turns,
        intent=session.data.get("intent", ""),
        splits=_under(session, "split."),
        heard=tuple(_heard(session)),
        rating=_rating(session, flow),
        unanswered=len(sentences),
        attestation=session.data.get("caller.attestation", ""),
    )
    return Told(
        subject=CustomerId(place.customer_id),
        story=story_of(session, flow).to_private(),
        record=msgspec.to_builtins(record),
        unanswered={str(index): text for index, text in enumerate(sentences)},
        remembered={"language": session.language, "last_at_ms": str(at_ms)},
    )


def _under(session: Session, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): value
        for name, value in session.data.items()
        if name.startswith(prefix)
    }


def _heard(session: Session) -> Iterator[Hearing]:
    """Yield every answer that was read to the caller, once, with their opinion."""
    opinions = _under(session, "answer.")
    for entry in dict.fromkeys(one.text for one in session.trail if one.kind == "answer"):
        yield Hearing(entry, HELPED.get(opinions.get(entry, "")))


def _rating(session: Session, flow: Flow | None) -> int | None:
    """Return the rating given, the last one asked for if the flow asks for several."""
    surveys = [] if flow is None else flow.nodes.values()
    given = [
        session.data[node.save]
        for node in surveys
        if isinstance(node, nodes.Survey) and node.save in session.data
    ]
    return int(given[-1]) if given and given[-1].isdecimal() else None


def unanswered(session: Session, flow: Flow) -> Iterator[str]:
    """Yield what the caller asked in their own words and got no use of.

    That is a sentence at an open question after which neither an intent nor an answer was found,
    and one whose answer did not help. A yes, a no, a digit or the wish for a person is no question.
    """
    opinions = _under(session, "answer.")
    found = [
        sentence
        for index, sentence in enumerate(session.trail)
        if _is_question(sentence, flow) and not _is_served(session.trail[index + 1 :], opinions)
    ]
    yield from list(dict.fromkeys(one.text for one in found))[:UNANSWERED_MAX]


def _is_question(entry: TrailEntry, flow: Flow) -> bool:
    if entry.kind != "said" or not isinstance(flow.nodes.get(entry.node), nodes.Intent):
        return False
    said = speech.normal(entry.text)
    is_reply = speech.yes_or_no(said) is not None or speech.digit_said(said) is not None
    return bool(said) and not is_reply and not speech.means(said, speech.PERSON)


def _is_served(after: tuple[TrailEntry, ...], opinions: Mapping[str, str]) -> bool:
    """Tell whether what was said led to an intent, or to an answer of which nobody complained."""
    for entry in after:
        if entry.kind == "intent":
            return True
        if entry.kind == "answer":
            return opinions.get(entry.text) != "not helped"
        if entry.kind == "went":
            return False
    return False
