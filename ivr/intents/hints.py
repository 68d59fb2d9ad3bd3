"""What the speech recogniser should expect: the words that tell a flow's intents apart.

A recogniser that is told "chargeback" hears it; one that is not hears "charge back" or "large
black". The hints of a language are the runs of one to three words, or of two to four Chinese
characters, that occur in one intent's examples and hardly in the others', best of each intent in
turn, so that no intent is left without.

Source of the limits: Twilio's reference of `<Gather>`, attribute `hints` (500 entries of 100
characters).
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ivr.speech import is_han, normal

ENTRY_LENGTH_MAX = 100
ENTRIES_MAX = 500
USUAL_COUNT = 100


def hints_of(
    examples: Mapping[str, Sequence[str]], *, chinese: bool, count: int = USUAL_COUNT
) -> tuple[str, ...]:
    """Give the most telling words of a language.

    Args:
        examples: Sentences per intent, in any languages.
        chinese: Whether to take the Chinese or the Latin part of them.
        count: How many hints, at most 500.

    Example:
        >>> hints_of({"card": ["lost card"], "loan": ["a loan"]}, chinese=False, count=2)
        ('lost card', 'a loan')
    """
    counts = {
        intent: Counter(
            run for text in texts for run in dict.fromkeys(_runs(text, chinese=chinese))
        )
        for intent, texts in examples.items()
    }
    everywhere: Counter[str] = Counter()
    for runs in counts.values():
        everywhere.update(runs)
    ranked = [_telling(runs, everywhere) for runs in counts.values()]
    longest = max((len(runs) for runs in ranked), default=0)
    in_turn = [runs[place] for place in range(longest) for runs in ranked if place < len(runs)]
    return tuple(dict.fromkeys(in_turn))[: min(count, ENTRIES_MAX)]


def _telling(runs: Counter[str], everywhere: Counter[str]) -> list[str]:
    """Order an intent's runs by how often they occur here and not elsewhere; longer ones first."""

    def weight(run: str) -> float:
        return runs[run] * math.log(1 + runs[run] / (1 + everywhere[run] - runs[run]))

    return sorted(runs, key=lambda run: (-weight(run), -len(run), run))


def _runs(text: str, *, chinese: bool) -> Iterator[str]:
    parts = normal(text).split()
    if chinese:
        for part in parts:
            if is_han(part[0]):
                for size in (4, 3, 2):
                    yield from (part[at : at + size] for at in range(len(part) - size + 1))
        return
    words = [part for part in parts if not is_han(part[0])]
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            run = " ".join(words[at : at + size])
            if 3 < len(run) <= ENTRY_LENGTH_MAX:
                yield run
