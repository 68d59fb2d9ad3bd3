"""The speech side of a flow: its model, its hints, and what its examples fail to tell apart."""

from pathlib import Path as FilePath

from ivr.flow.document import FlowDocument
from ivr.flow.ready import Flow
from ivr.flow.source import Path
from ivr.intents.classifier import IntentClassifier
from ivr.intents.evaluation import cross_validate
from ivr.intents.features import features
from ivr.intents.hints import hints_of
from ivr.intents.sentences import NoSentenceModel, SentenceEncoder
from ivr.knowledge import entry_of, label_of
from ivr.proofs.findings import Finding, Report
from ivr.understanding import OUT_OF_SCOPE

CONFUSED_SHARE = 0.3
"""Two intents are confusable when so many of one's sentences are taken for the other's."""
CONFUSED_COUNT_MIN = 2
INSTALLED = "installed"
"""What a flow writes that wants the sentence model installed beside this program."""


def examples_of(document: FlowDocument) -> list[tuple[str, str]]:
    """Give the examples of a flow as pairs of (text, intent), in the order they are written."""
    pairs = [(text, name) for name, intent in document.intents.items() for text in intent.examples]
    pairs += [
        (text, label_of(name))
        for name, entry in document.answers.items()
        for text in entry.questions
    ]
    return pairs + [(text, OUT_OF_SCOPE) for text in document.out_of_scope]


def sentences_of(flow: Flow) -> SentenceEncoder | None:
    """Load the model of whole sentences a flow asks for; None when it asks for none.

    Raises:
        NoSentenceModel: It is not there; the operator has to install it.
    """
    named = flow.document.sentence_model
    if named is None:
        return None
    return SentenceEncoder.load(None if named == INSTALLED else FilePath(flow.file).parent / named)


def understanding_of(flow: Flow) -> Flow:
    """Give the flow with a model of its examples and hints for the recogniser.

    Unchanged when there is nothing to tell apart. Examples without a word in them teach nothing
    and are left out; `confusable` names them.

    Raises:
        NoSentenceModel: The flow asks for a stronger model that is not there.
    """
    examples = [pair for pair in examples_of(flow.document) if has_words(pair[0])]
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
    return flow.with_understanding(IntentClassifier.train(examples, sentences_of(flow)), hints)


def has_words(text: str) -> bool:
    """Tell whether there is anything in a text that a model could learn from."""
    return next(features(text), None) is not None


def confusable(flow: Flow) -> list[Finding]:
    """Find intents that a model trained on most examples takes for each other on the rest.

    Examples that no model can learn from, and a stronger model that is not there, are found too.
    """
    report = Report(flow)
    try:
        sentences = sentences_of(flow)
    except NoSentenceModel as missing:
        report.add("no-sentence-model", ("sentence_model",), str(missing))
        return report.findings
    examples = examples_of(flow.document)
    for text, intent in examples:
        if not has_words(text):
            problem = f"the example {text!r} has no words in it; take it out"
            report.add("wordless-example", _path_of(intent), problem)
    readable = [pair for pair in examples if has_words(pair[0])]
    judged = cross_validate(readable, sentences=sentences, calibrated=False)
    for one in judged.confusions(CONFUSED_COUNT_MIN):
        if one.share >= CONFUSED_SHARE:
            said = next(
                found.text
                for found in judged.judged
                if (found.intent, found.found) == (one.intent, one.taken_for)
            )
            problem = (
                f"{one.count} of its sentences ({one.share:.0%}), such as {said!r}, are taken for "
                f"{one.taken_for!r}; give both more telling examples, or make them one"
            )
            report.add("confusable", _path_of(one.intent), problem)
    return report.findings


def _path_of(label: str) -> Path:
    """Give where in the document the examples of a label stand."""
    if label == OUT_OF_SCOPE:
        return ("out_of_scope",)
    entry = entry_of(label)
    return ("intents", label) if entry is None else ("answers", entry)
