"""The speech side of a flow: its model, its hints, and what its examples fail to tell apart."""

from ivr.flow.document import FlowDocument
from ivr.flow.ready import Flow
from ivr.intents.classifier import IntentClassifier
from ivr.intents.evaluation import cross_validate
from ivr.intents.hints import hints_of
from ivr.knowledge import entry_of, label_of
from ivr.proofs.findings import Finding, Report
from ivr.understanding import OUT_OF_SCOPE

CONFUSED_SHARE = 0.3
"""Two intents are confusable when so many of one's sentences are taken for the other's."""
CONFUSED_COUNT_MIN = 2


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
    """Give the flow with a model of its examples and hints for the recogniser.

    Unchanged when there is nothing to tell apart.
    """
    examples = examples_of(flow.document)
    if len({label for _, label in examples}) < 2:
        return flow
    by_intent: dict[str, list[str]] = {}
    for text, label in examples:
        if label != OUT_OF_SCOPE:
            by_intent.setdefault(label, []).append(text)
    hints = {
        language: hints_of(by_intent, chinese=language.startswith("zh"))
        for language in flow.document.languages
    }
    return flow.with_understanding(IntentClassifier.train(examples), hints)


def confusable(flow: Flow) -> list[Finding]:
    """Find intents that a model trained on most examples takes for each other on the rest."""
    report = Report(flow)
    examples = examples_of(flow.document)
    for one in cross_validate(examples).confusions(CONFUSED_COUNT_MIN):
        if one.share >= CONFUSED_SHARE:
            entry = entry_of(one.intent)
            path = ("intents", one.intent) if entry is None else ("answers", entry)
            problem = (
                f"{one.count} of its sentences ({one.share:.0%}) are taken for {one.taken_for!r}; "
                "give both more telling examples, or make them one"
            )
            report.add("confusable", path, problem)
    return report.findings
