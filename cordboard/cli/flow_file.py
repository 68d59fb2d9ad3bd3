"""Reads the flow file that a command names."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.output import UserError

if TYPE_CHECKING:
    from ivr.flow import Flow

FlowFile = Annotated[Path, typer.Argument(metavar="FLOW", help="A flow file, YAML.")]
"""The argument of every command that takes a flow."""


def read_flow_file(file: Path) -> "Flow":
    """Read a flow from a file.

    Raises:
        UserError: It cannot be read; the message says where and what would be right.
    """
    from ivr.flow import FlowError

    try:
        return parse_flow(file)
    except FlowError as error:
        raise UserError(str(error)) from error


def read_understanding_flow(file: Path) -> "Flow":
    """Read a flow from a file and train its speech model.

    Raises:
        UserError: It cannot be read, or asks for a model that is not there.
    """
    from ivr.intents import understanding_of
    from ivr.intents.sentences import NoSentenceModel

    try:
        return understanding_of(read_flow_file(file))
    except NoSentenceModel as missing:
        raise UserError(f"{file}: sentence_model: {missing}") from missing


def parse_flow(file: Path) -> "Flow":
    """Read a flow from a file, leaving it to the caller what an author's mistake means.

    Raises:
        UserError: There is no such file, or it may not be read.
        FlowError: The author made a mistake.
    """
    from ivr.flow import read_flow

    try:
        text = file.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror}") from error
    return read_flow(text, file=str(file))
