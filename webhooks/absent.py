"""Ports that were not given: nobody is known, runs errands or answers for another system.

A call flow that needs one of these says so in the log, and the caller goes on as after a failure.
"""

from collections.abc import Mapping

import structlog

from acd.ids import CustomerId
from ivr.inputs import Scalar
from ivr.steps import FetchData
from webhooks.ports import DataUnavailable, TextErrand

log = structlog.get_logger("webhooks")


class Strangers:
    """Nothing is known of anybody."""

    def facts(self, customer_id: CustomerId, at_ms: int) -> Mapping[str, str]:  # noqa: ARG002  (the protocol's form)
        """Know nothing."""
        return {}


class NoErrands:
    """Nobody runs errands."""

    def takes_texts(self, number: str) -> bool:
        """Know of nobody who could be sent one."""
        del number
        return False

    def send_message(self, errand: TextErrand) -> None:
        """Say that the message is lost."""
        log.error("message without anybody to send it", call_id=errand.call_id, node=errand.node)


class NoData:
    """No other system may be asked."""

    def fetch(self, question: FetchData) -> Mapping[str, Scalar]:
        """Refuse."""
        del question
        raise DataUnavailable("no data source is configured")
