"""Rule documents: plain dicts to rule sets, with errors a lawyer's clerk can act on.

Reading files and YAML is the shell's work; this module is given what the file said.
"""

from collections.abc import Iterable, Mapping

import msgspec

from dialer.compliance.book import RuleBook, RuleSet


class RuleDocumentError(ValueError):
    """A rule document is wrong; its author must mend it. The text says where and what."""


def decode_rule_set(document: object, origin: str) -> RuleSet:
    """Return the rule set a document describes.

    Args:
        document: What the file said: dicts, lists and plain values.
        origin: What to call the document in an error, such as its file name.

    Raises:
        RuleDocumentError: The document is not a rule set.
    """
    try:
        rule_set = msgspec.convert(document, RuleSet)
    except msgspec.ValidationError as error:
        raise RuleDocumentError(f"{origin}: {error}") from error
    ids = [rule.id for rule in rule_set.rules]
    for rule_id in ids:
        if ids.count(rule_id) > 1:
            raise RuleDocumentError(f"{origin}: rule {rule_id!r} is given twice")
    return rule_set


def decode_rule_book(documents: Iterable[tuple[str, Mapping[str, object]]]) -> RuleBook:
    """Return the rule book that (origin, document) pairs describe; the last of one id wins.

    A site's own documents come after the supplied ones and replace them whole.

    Raises:
        RuleDocumentError: A document is not a rule set, or its parents are missing.
    """
    rule_sets: dict[str, RuleSet] = {}
    for origin, document in documents:
        rule_set = decode_rule_set(document, origin)
        rule_sets[rule_set.id] = rule_set
    try:
        return RuleBook(rule_sets.values())
    except ValueError as error:
        raise RuleDocumentError(str(error)) from error
