"""The speech model of a flow, trained from the examples its author wrote."""

from ivr.flow.document import FlowDocument
from ivr.flow.ready import Flow
from ivr.intents.classifier import IntentClassifier
from ivr.knowledge import label_of
from ivr.understanding import OUT_OF_SCOPE


def examples_of(document: FlowDocument) -> list[tuple[str, str]]:
    """Give the examples of a flow as pairs of (text, intent), in the order they are written."""
    pairs = [(text, name) for name, intent in document.intents.items() for text in intent.examples]
    pairs += [
        (text, label_of(name))
        for name, entry in document.answers.items()
        for text in entry.questions
    ]
    return pairs + [(text, OUT_OF_SCOPE) for text in document.out_of_scope]


def understanding_of(flow: Flow) -> Flow:
    """Give the flow with a model of its examples; unchanged when there is nothing to tell apart."""
    examples = examples_of(flow.document)
    if len({label for _, label in examples}) < 2:
        return flow
    return flow.with_understanding(IntentClassifier.train(examples))
