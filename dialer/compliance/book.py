"""The rule book: jurisdictions, who inherits from whom, and which rules bind one call.

A region is a country ("gb") or a state in it ("us-fl"). The rules that bind a call are:

- a region in the book: its own rules and those of its parents;
- a state that is not in the book, of a country that is: the country's;
- a country of which the state is not known (many mobile numbers): the country's and those of *all*
  its states;
- anything else: all rules of the book, so that the windows become their intersection.

Where a number's region and an address disagree, both are given and both bind: the strictest wins
because every rule must allow the call. Which rule set let a call through is recorded with it, as
`Applicable.version`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from dialer.compliance.rules import AnyRule, Purpose, Record

SomeRule = TypeVar("SomeRule", bound=AnyRule)


class RuleSet(Record, frozen=True, kw_only=True):
    """One jurisdiction's rules as of a date."""

    id: str
    name: str
    dated: str
    """ISO date as of which the figures were gathered."""
    rules: tuple[AnyRule, ...]
    parents: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Countries this set speaks for when they have none of their own."""


@dataclass(frozen=True, slots=True)
class Applicable:
    """The rules that bind one call."""

    version: str
    """Names every rule set and its date; recorded with each dial."""
    rules: tuple[AnyRule, ...]
    _by_kind: dict[type, tuple[AnyRule, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """The same rules by kind: the gate asks for each kind at every dial."""

    def __post_init__(self) -> None:
        """Sort the rules by kind."""
        for rule in self.rules:
            self._by_kind[type(rule)] = (*self._by_kind.get(type(rule), ()), rule)

    def narrowed(self, own: Sequence[AnyRule], version: str) -> "Applicable":
        """Return these rules and a campaign's own, which can only be stricter.

        Args:
            own: The campaign's rules; none changes nothing.
            version: Names them in the record of each dial.
        """
        if not own:
            return self
        return Applicable(f"{self.version},{version}", (*self.rules, *own))

    def of(self, kind: type[SomeRule], purpose: Purpose) -> Iterable[SomeRule]:
        """Yield the rules of one kind that bind calls of this purpose."""
        for rule in self._by_kind.get(kind, ()):
            if purpose in rule.purposes:
                yield cast("SomeRule", rule)


class RuleBook:
    """All jurisdictions that are known."""

    def __init__(self, rule_sets: Iterable[RuleSet]) -> None:
        """Take the rule sets in.

        Raises:
            ValueError: A set is given twice or names a parent that is not in the book.
        """
        self._sets: dict[str, RuleSet] = {}
        for rule_set in rule_sets:
            if rule_set.id in self._sets:
                raise ValueError(f"jurisdiction {rule_set.id!r} is given twice")
            self._sets[rule_set.id] = rule_set
        for rule_set in self._sets.values():
            for parent in rule_set.parents:
                if parent not in self._sets:
                    raise ValueError(f"{rule_set.id}: there is no jurisdiction {parent!r}")
        self._speaks_for = {
            member: rule_set.id for rule_set in self._sets.values() for member in rule_set.members
        }

    @property
    def sets(self) -> Mapping[str, RuleSet]:
        """Return the rule sets by jurisdiction."""
        return self._sets

    def applicable(self, regions: Sequence[str]) -> Applicable:
        """Return the rules that bind a call to somebody in these regions.

        Args:
            regions: Lower-case codes such as "us-fl", "us", "gb"; more than one where number and
                address disagree; none or an unknown one when nothing is known.
        """
        ids: dict[str, None] = {}
        for region in regions or ("",):
            for found in self._bound(region):
                ids.setdefault(found)
        names = sorted(ids)
        version = ",".join(f"{name}@{self._sets[name].dated}" for name in names)
        return Applicable(version, tuple(rule for name in names for rule in self._sets[name].rules))

    def _bound(self, region: str) -> list[str]:
        """Return the jurisdictions that bind one region."""
        country = region.partition("-")[0]
        states = [name for name in self._sets if name.startswith(f"{country}-")]
        if region in self._sets:
            return self._with_parents(region) + (states if region == country else [])
        if country != region and country in self._sets:
            return self._with_parents(country)
        if country in self._speaks_for:
            return self._with_parents(self._speaks_for[country])
        return list(self._sets)

    def _with_parents(self, name: str) -> list[str]:
        found = [name]
        for parent in self._sets[name].parents:
            found += self._with_parents(parent)
        return found
