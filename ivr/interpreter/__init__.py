"""The interpreter: (flow, session, input) -> (session, steps), pure and total."""

from ivr.interpreter.machine import advance

__all__ = ["advance"]
