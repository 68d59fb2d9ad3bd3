"""Flow text to a flow that can be walked, or an error that an author can act on.

Reading checks the shape: every field known, of the right type and within its bounds, every calendar
real, and the few names present without which not even an apology could be given. Whether names
lead somewhere and whether callers can be trapped is left to `ivr.proofs`, which reports all
findings at once instead of the first.
"""

from typing import Any

from ivr.flow.decoding import decode
from ivr.flow.document import Entry, FlowDocument, Intent, Tongue
from ivr.flow.nodes import Node
from ivr.flow.ready import Flow
from ivr.flow.source import Source, read_source
from ivr.hours import OfficeHours, OpeningHours, local_time, opening_hours


def read_flow(text: str | bytes, *, file: str) -> Flow:
    """Read a flow.

    Args:
        text: The document, YAML in UTF-8.
        file: Its name, for errors.

    Raises:
        FlowError: The author made a mistake; the message says where and what would be right.
    """
    source = read_source(text, file=file)
    document = _document(source)
    hours = {name: _hours(source, name, written) for name, written in document.hours.items()}
    for name in ("start", "person"):
        target = getattr(document, name)
        if target not in document.nodes:
            problem = (
                f"leads to {target!r}, which is no node; there are: {', '.join(document.nodes)}"
            )
            raise source.error((name,), problem)
    try:
        local = local_time(document.zone)
    except ValueError as wrong:
        raise source.error(("zone",), str(wrong)) from None
    return Flow(
        document=document,
        file=file,
        nodes=document.nodes,
        hours=hours,
        local=local,
        lines=source.lines,
    )


def _document(source: Source) -> FlowDocument:
    if not isinstance(source.value, dict):
        raise source.error((), "is no flow; a flow begins with name, version, start, person, nodes")
    return decode(source, FlowDocument, _TABLES)


_TABLES: dict[str, Any] = {
    "languages": Tongue,
    "hours": OfficeHours,
    "intents": Intent,
    "answers": Entry,
    "nodes": Node,
}
"""Tables decoded entry by entry; what each entry is."""


def _hours(source: Source, name: str, written: OfficeHours) -> OpeningHours:
    try:
        return opening_hours(written)
    except ValueError as wrong:
        raise source.error(("hours", name), str(wrong)) from None
