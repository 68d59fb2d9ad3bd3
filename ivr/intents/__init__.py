"""Speech to intent: a small local model trained from examples. Needs numpy and scikit-learn.

Only the processes that answer callers or train import this package; the interpreter itself asks
through the `Understanding` protocol of `ivr.understanding` and imports none of it.
"""

from ivr.intents.classifier import IntentClassifier
from ivr.intents.flows import understanding_of

__all__ = ["IntentClassifier", "understanding_of"]
