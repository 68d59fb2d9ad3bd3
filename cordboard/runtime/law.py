"""The rule documents from disk: those supplied with the dialer, then the site's own.

A site's document replaces the supplied one of the same jurisdiction whole, so that what binds can
be read in one place. Decoding and its errors are `dialer.compliance.documents`; only the files are
read here.
"""

from importlib import resources
from pathlib import Path

import yaml

from dialer.compliance import RuleBook, RuleDocumentError, decode_rule_book


def site_rule_book(folder: Path) -> RuleBook:
    """Return the rule book of a site: its own documents are in `law`, if it has any.

    Raises:
        RuleDocumentError: A document is wrong; its author must mend it.
    """
    law = folder / "law"
    return load_rule_book(law if law.is_dir() else None)


def load_rule_book(site: Path | None = None) -> RuleBook:
    """Return the rule book in force.

    Args:
        site: A folder of the site's own rule documents (`*.yaml`), or None.

    Raises:
        RuleDocumentError: A document is not YAML or not a rule set; its author must mend it.
    """
    supplied = resources.files("dialer.compliance.law")
    texts = [
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in sorted(supplied.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    ]
    if site is not None:
        texts += [(str(path), path.read_text("utf-8")) for path in sorted(site.glob("*.yaml"))]
    documents = []
    for origin, text in texts:
        try:
            documents.append((origin, yaml.safe_load(text)))
        except yaml.YAMLError as error:
            raise RuleDocumentError(f"{origin}: not YAML: {error}") from error
    return decode_rule_book(documents)
