"""The speech model of a flow, trained from the examples its author wrote."""

from ivr.flow.document import FlowDocument
from ivr.flow.ready import Flow
from ivr.intents.classifier import IntentClassifier
from ivr.understanding import OUT_OF_SCOPE


def examples_of(document: FlowDocument) -> list[tuple[str, str]]:
    """Give the examples of a flow as pairs of (text, intent), in the order they are written."""
    pairs = [(text, name) for name, intent in document.intents.items() for text in intent.examples]
    return pairs + [(text, OUT_OF_SCOPE) for text in document.out_of_scope]


def understanding_of(flow: Flow) -> Flow:
    """Give the flow with a model of its examples; unchanged when there is nothing to tell apart."""
    if len(flow.document.intents) < 2:
        return flow
    return flow.with_understanding(IntentClassifier.train(examples_of(flow.document)))
