"""Whether callers are told that they are recorded before they are.

A queue that records needs a flow that says so and remembers the answer under `recording_consent`:
`yes` or `no`. With `with_consent` nobody is recorded otherwise; with `always` people are recorded
who were never told, which most jurisdictions forbid.

Source: docs/distributor.md (recording); California Penal Code, section 632 (all parties agree);
Regulation (EU) 2016/679, article 13 (told before it is collected).
"""

from collections.abc import Iterable, Iterator

from acd.config import QueueConfig
from ivr.flow import Flow, nodes
from webhooks.flow_facts import CONSENT

SAYS = {
    "with_consent": (
        f"records whoever agrees, but no call flow asks (data `{CONSENT}`): nobody is recorded"
    ),
    "always": (
        f"records everybody, but no call flow says so (data `{CONSENT}`); say it before the line"
    ),
}


def unannounced(queues: Iterable[QueueConfig], flows: Iterable[Flow]) -> Iterator[tuple[str, str]]:
    """Yield each queue that records and is reached by no flow that asks or says so, and why not.

    Args:
        queues: Of the centre.
        flows: All its call flows.
    """
    spoken = [flow for flow in flows if _remembers_consent(flow)]
    told = {
        str(node.queue)
        for flow in spoken
        for node in flow.nodes.values()
        if isinstance(node, nodes.Queue)
    }
    for queue in queues:
        if queue.recording in SAYS and str(queue.queue_id) not in told:
            yield f"queue {queue.queue_id}", SAYS[queue.recording]


def _remembers_consent(flow: Flow) -> bool:
    return any(
        CONSENT in node.values
        if isinstance(node, nodes.Set)
        else getattr(node, "save", "") == CONSENT
        for node in flow.nodes.values()
    )
