"""A change as people ask for it: a few words each, one after the other.

more ana 2          two more agents with the skills of ana
leave fay           fay goes home after what she is doing
come bo             bo signs in
move eli cards      eli serves cards alone
target renewals 1   the campaign may abandon 1 % of live answers
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dialer.config import CentreConfig
from simulator.whatif.change import (
    Change,
    ChangeError,
    agents_like,
    coming,
    leaving,
    moved,
    pacing_target,
)


def change_of(config: CentreConfig, wishes: Iterable[str]) -> Change:
    """Return the change that all wishes make together.

    Args:
        config: The settings in force.
        wishes: As in the module's examples.

    Raises:
        ChangeError: A wish is none of those, or the centre does not have what it names.
    """
    whole: Change | None = None
    for wish in wishes:
        one = _one(config, wish)
        config = one.settings or config
        whole = one if whole is None else whole.along_with(one)
    return whole or Change()


def _one(config: CentreConfig, wish: str) -> Change:
    verb, *words = wish.split()
    known = _VERBS.get(verb)
    if known is None:
        raise ChangeError(f"'{wish}' begins with '{verb}'; use {', '.join(_VERBS)}")
    make, wanted = known
    if len(words) != len(wanted.split()):
        raise ChangeError(f"'{wish}' must read: {verb} {wanted}")
    return make(config, words)


def _more(config: CentreConfig, words: list[str]) -> Change:
    if not words[1].isdigit():
        raise ChangeError(f"'{words[1]}' is no number of agents")
    return agents_like(config, words[0], int(words[1]))


def _target(config: CentreConfig, words: list[str]) -> Change:
    try:
        percent = float(words[1])
    except ValueError as error:
        raise ChangeError(f"'{words[1]}' is no percentage") from error
    return pacing_target(config, words[0], percent)


_VERBS: dict[str, tuple[Callable[[CentreConfig, list[str]], Change], str]] = {
    "more": (_more, "AGENT COUNT"),
    "leave": (lambda config, words: leaving(config, words[0]), "AGENT"),
    "come": (lambda config, words: coming(config, words[0]), "AGENT"),
    "move": (lambda config, words: moved(config, words[0], words[1]), "AGENT QUEUE"),
    "target": (_target, "CAMPAIGN PERCENT"),
}
