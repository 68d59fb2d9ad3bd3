"""Self-service answers: which may be read today, which help, and what callers miss.

Entries live in the flow's document and are found by its speech model, each under the label
`answer:NAME`. How much an entry helps is learnt from the callers who heard it: every "that helped"
and "that did not" counts, an old one less than a new one, so that an answer that was right last
year sinks when it stops helping. What nobody could answer and what suddenly everybody asks is
listed for the supervisor.

Everything here is a pure function of records the shell keeps; nothing is learnt behind its back.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LABEL = "answer:"
"""What the labels of answers begin with in the speech model."""
HALF_LIFE_MS = 14 * 24 * 3_600_000
"""After two weeks a caller's opinion counts half."""
PRIOR_WEIGHT = 2.0
"""An unheard answer counts as if one caller in two had been helped."""
SURGE_P_MAX = 1e-4
"""How unlikely a count must be, against its own past, to be called a surge."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """One caller heard an entry and said, or did not say, whether it helped."""

    entry: str
    at_ms: int
    helped: bool


def label_of(entry: str) -> str:
    """Give the name of an entry's class in the speech model."""
    return LABEL + entry


def entry_of(label: str) -> str | None:
    """Give the entry a label stands for; None for the label of an intent."""
    return label[len(LABEL) :] if label.startswith(LABEL) else None


def is_valid(valid_from: str | None, valid_until: str | None, today: dt.date) -> bool:
    """Tell whether an entry may be read today; both days are inclusive."""
    day = today.isoformat()
    return (valid_from is None or valid_from <= day) and (valid_until is None or day <= valid_until)


def helpfulness(hearings: Iterable[Hearing], now_ms: int) -> dict[str, float]:
    """Give each heard entry's share of helped callers, decayed and drawn towards one half.

    Source: exponential forgetting with a Beta(1, 1) prior, as in discounted Thompson sampling
    (Raj and Kalyani, "Taming non-stationary bandits", 2017, section 3).

    Example:
        >>> old, now = 0, 10 * HALF_LIFE_MS
        >>> found = helpfulness([Hearing("a", old, True), Hearing("b", now, True)], now)
        >>> round(found["a"], 2), round(found["b"], 2)
        (0.5, 0.67)
    """
    helped: dict[str, float] = {}
    heard: dict[str, float] = {}
    for hearing in hearings:
        age_ms = max(0, now_ms - hearing.at_ms)
        weight = 0.5 ** (age_ms / HALF_LIFE_MS)
        heard[hearing.entry] = heard.get(hearing.entry, 0.0) + weight
        helped[hearing.entry] = helped.get(hearing.entry, 0.0) + weight * hearing.helped
    prior = PRIOR_WEIGHT / 2
    return {name: (helped[name] + prior) / (heard[name] + PRIOR_WEIGHT) for name in heard}


def in_order(entries: Iterable[str], scores: Mapping[str, float]) -> list[str]:
    """Put the most helpful entries first; equals stay in the order given."""
    return sorted(entries, key=lambda entry: -scores.get(entry, 0.5))


def related(
    entry: str, tags: Mapping[str, Sequence[str]], scores: Mapping[str, float]
) -> list[str]:
    """Give the entries that share a tag with one, most shared tags first, then most helpful.

    Args:
        entry: The entry that was heard.
        tags: The tags of every entry that may be read today.
        scores: Their helpfulness.
    """
    own = tags.get(entry, ())
    shared = {
        other: sum(tag in own for tag in others) for other, others in tags.items() if other != entry
    }
    near = in_order((other for other, count in shared.items() if count), scores)
    return sorted(near, key=lambda other: -shared[other])


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A thing callers said that led nowhere, with how often."""

    text: str
    count: int


def unanswered(sentences: Iterable[str], limit: int = 20) -> list[Unanswered]:
    """List what callers said that matched nothing, most frequent first, equals as first heard.

    Args:
        sentences: Normal texts (`ivr.speech.normal`) of the sentences without a match.
        limit: How many to list.
    """
    return [Unanswered(text, count) for text, count in Counter(sentences).most_common(limit)]


@dataclass(frozen=True, slots=True)
class Surge:
    """An intent that many more callers have than usual."""

    intent: str
    count: int
    expected: float
    probability: float
    """How likely so many or more would be by chance."""


def surges(
    counts: Mapping[str, int], usual: Mapping[str, float], p_max: float = SURGE_P_MAX
) -> list[Surge]:
    """List the intents that more callers have in this interval than chance explains.

    Args:
        counts: Callers per intent in this interval.
        usual: The mean count in such an interval; one that was never seen counts as half a caller.
        p_max: The probability below which chance is no explanation any more.

    Returns:
        The least likely first.

    Source: counts of unrelated callers in an interval are Poisson; its upper tail.
    """
    found = []
    for intent, count in counts.items():
        expected = max(usual.get(intent, 0.0), 0.5)
        probability = poisson_tail(count, expected)
        if probability <= p_max:
            found.append(Surge(intent, count, expected, probability))
    return sorted(found, key=lambda surge: surge.probability)


def poisson_tail(count: int, mean: float) -> float:
    """Give the probability of `count` or more events when `mean` are expected.

    Example:
        >>> round(poisson_tail(1, 0.5), 4)
        0.3935
    """
    term = math.exp(-mean)
    below = 0.0
    for k in range(count):
        below += term
        term *= mean / (k + 1)
    return max(0.0, 1.0 - below)


def front_message(
    surge: Surge, names: Mapping[str, str], texts: Mapping[str, str]
) -> dict[str, str]:
    """Propose a message for the flow's front about a surge, for a supervisor to complete.

    Args:
        surge: What many callers have.
        names: The intent's name per language.
        texts: Per language a sentence with a place `{value}` for the name.
    """
    return {
        language: text.replace("{value}", names.get(language, surge.intent.replace("_", " ")))
        for language, text in texts.items()
    }
