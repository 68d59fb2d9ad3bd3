"""A flow as a picture: nodes by kind, ways between them, how far a person is, where callers go.

Ways that every question has, to a person and `everywhere`, are left out: they would cover
everything else. Each node says how many questions and seconds a person is away; with counts of
callers, each way says which share of its node's callers took it.
"""

from ivr.drawing.mermaid import mermaid
from ivr.drawing.parts import callers_of
from ivr.drawing.svg import svg

__all__ = ["callers_of", "mermaid", "svg"]
