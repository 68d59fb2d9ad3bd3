"""The JSON Schema of a flow document, for editors that check and complete while one types."""

from typing import Any

import msgspec

from ivr.flow.document import FlowDocument

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def flow_schema() -> dict[str, Any]:
    """Give the schema of a flow document: every field, bound and kind of node that is decoded."""
    schema = msgspec.json.schema(FlowDocument)
    return {"$schema": ADDRESS, "title": "Cordboard call flow", **schema}
