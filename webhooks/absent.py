"""Ports that were not given: nobody is known, runs errands or answers for another system.

A call flow that needs one of these says so in the log, and the caller goes on as after a failure.
"""

from collections.abc import Mapping

import structlog

from acd.ids import CallId, CustomerId
from ivr.inputs import Scalar
from ivr.steps import FetchData, SendMessage
from webhooks.ports import DataUnavailable

log = structlog.get_logger("webhooks")


class Strangers:
    """Nothing is known of anybody."""

    def facts(self, customer_id: CustomerId, at_ms: int) -> Mapping[str, str]:  # noqa: ARG002  (the protocol's form)
        """Know nothing."""
        return {}


class NoErrands:
    """Nobody runs errands."""

    def send_message(self, call_id: CallId, key: str, message: SendMessage) -> None:  # noqa: ARG002  (the protocol's form)
        """Say that the message is lost."""
        log.error("message without anybody to send it", call_id=call_id, node=message.node)


class NoData:
    """No other system may be asked."""

    def fetch(self, question: FetchData) -> Mapping[str, Scalar]:
        """Refuse."""
        del question
        raise DataUnavailable("no data source is configured")
