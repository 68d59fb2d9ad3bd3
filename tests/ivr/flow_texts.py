"""Flow texts for tests: the example centre's flow, and small ones built node by node."""

from pathlib import Path

from ivr.flow import Flow, read_flow
from ivr.inputs import Input, Started
from ivr.interpreter import advance
from ivr.session import Session, new_session
from ivr.steps import Steps

EXAMPLE = Path(__file__).parents[2] / "examples" / "retail-bank" / "flows" / "main.yaml"
MONDAY_NOON_MS = 1_795_435_200_000  # 2026-11-23 12:00 in London
SUNDAY_NOON_MS = MONDAY_NOON_MS - 24 * 3_600_000

HEAD = """
name: tiny
version: 1
start: first
person: people
languages: {en-GB: {}}
nodes:
  people: {kind: queue, queue: general}
"""


def tiny(nodes: str, head: str = HEAD) -> Flow:
    """Read a flow with a queue named `people` and the nodes given, indented by two."""
    return read_flow(head + nodes, file="tiny.yaml")


class Caller:
    """A caller in a flow: keeps the session between inputs."""

    def __init__(
        self, flow: Flow, *, at_ms: int = MONDAY_NOON_MS, call: str = "call-1", **facts: str
    ) -> None:
        self.flow, self.at_ms = flow, at_ms
        language = flow.first_language
        self.session: Session = new_session(
            call=call, flow=flow.name, version=flow.version, language=language
        )
        self.steps: Steps = ()
        self.does(Started, caller=facts)

    def does(self, kind: type[Input], **fields: object) -> Steps:
        """Give the flow an input and keep its answer."""
        given = kind(at_ms=self.at_ms, **fields)  # type: ignore[arg-type]
        self.session, self.steps = advance(self.flow, self.session, given)
        return self.steps

    @property
    def hears(self) -> str:
        """All text of the last answer."""
        prompts = [*self.steps, *getattr(self.steps[-1], "prompts", ())]
        return " ".join(step.text for step in prompts if hasattr(step, "text"))
