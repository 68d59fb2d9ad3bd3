"""The rule documents: one dated, sourced YAML file per jurisdiction; no code.

Status A was read in the primary text or a page quoting it, B in a secondary source, C could not be
confirmed. Engineering notes, not legal advice. A site replaces a document by one of its own.
"""
