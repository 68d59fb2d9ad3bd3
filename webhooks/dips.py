"""Questions to other systems, asked while the caller hears something.

A dip begins in the request in which the flow asks the question; its answer is wanted in the next
one, which the carrier makes when the filler has been heard. In between it is *carried out*: how is
for whoever composes the program. `AtOnce` asks only when the answer is wanted: the simplest that is
right, in which the caller hears the filler first and the silence after it.
"""

from collections.abc import Mapping

from acd.ids import CallId
from ivr.inputs import Scalar
from ivr.steps import FetchData
from webhooks.ports import DataSource


class AtOnce:
    """`webhooks.ports.Dips` that asks when the answer is wanted."""

    def __init__(self, data: DataSource) -> None:
        self._data = data

    def begin(self, call_id: CallId, token: str, question: FetchData) -> None:
        """Do nothing yet."""

    def collect(self, call_id: CallId, token: str, question: FetchData) -> Mapping[str, Scalar]:  # noqa: ARG002  (the protocol's form)
        """Ask."""
        return self._data.fetch(question)
