"""`cordboard intents`: how well a flow understands what callers say, and what it could learn."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.flow_file import FlowFile, read_understanding_flow
from cordboard.cli.intents_learn import learn
from cordboard.cli.output import ERR, FOUND, OUT, UserError, print_json

if TYPE_CHECKING:
    from ivr.flow import Flow
    from ivr.intents.evaluation import Evaluation

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _options() -> None:
    """Measure how well a flow understands speech, and teach it from past calls."""


app.command("learn")(learn)


@app.command("test")
def measure(
    flow: FlowFile,
    sentences: Annotated[
        Path, typer.Argument(help="A table of text, tab, intent: sentences not in the flow.")
    ],
    least: Annotated[
        float | None, typer.Option(min=0, max=1, help="Accuracy below which the exit code is 1.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try a flow's speech model on sentences: accuracy, calibration, confusions, out of scope."""
    from ivr.intents.evaluation import evaluate, report

    ready = read_understanding_flow(flow)
    if ready.understanding is None:
        raise UserError(f"{flow} has no two intents with examples; there is nothing to tell apart")
    found = evaluate(ready.understanding, _sentences(sentences, ready), ready.document.costs)
    if as_json:
        print_json(_figures(found))
    else:
        OUT.out(report(found), highlight=False, end="")
    if least is not None and (found.accuracy is None or found.accuracy < least):
        ERR.print(f"[red]too low:[/] the accuracy is below {least:.1%}", soft_wrap=True)
        raise SystemExit(FOUND)


def _sentences(file: Path, flow: "Flow") -> list[tuple[str, str]]:
    """Read the table; an intent the flow does not have is a slip of the pen, not a wrong answer."""
    from ivr.intents.evaluation import read_examples
    from ivr.intents.flows import examples_of
    from ivr.understanding import OUT_OF_SCOPE

    try:
        pairs = read_examples(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        raise UserError(f"{file}: {error}") from error
    if not pairs:
        raise UserError(f"{file} holds no sentences; write one a line: text, tab, intent")
    known = dict.fromkeys([*(label for _, label in examples_of(flow.document)), OUT_OF_SCOPE])
    for text, intent in pairs:
        if intent not in known:
            names = ", ".join(known)
            raise UserError(f"{file}: {text!r}: no intent {intent!r}; there are: {names}")
    return pairs


def _figures(found: "Evaluation") -> dict[str, object]:
    return {
        "sentences": len(found.judged),
        "accuracy": found.accuracy,
        "calibration_error": found.calibration_error,
        "accepted": found.accepted,
        "accepted_right": found.accepted_right,
        "false_rejection": found.false_rejection,
        "out_of_scope_recall": found.out_of_scope_recall,
        "bins": [asdict(one) for one in found.bins],
        "confusions": [asdict(one) for one in found.confusions(count_min=1)],
    }
