"""The flow document: call flows as versioned text, decoded and ready to be walked."""

from ivr.flow.document import FlowDocument
from ivr.flow.reading import read_flow
from ivr.flow.ready import Flow
from ivr.flow.source import FlowError

__all__ = ["Flow", "FlowDocument", "FlowError", "read_flow"]
