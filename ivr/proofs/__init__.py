"""What is proved of a flow before a caller hears it, for every language and every way.

`check` runs all proofs and gives the findings: ways, names, wishes, texts, privacy. None is a
matter of taste: each is something a caller would suffer from. The speech model's own findings
(confusable intents) come from `ivr.intents`, since they need training.
"""

from ivr.flow.ready import Flow
from ivr.proofs.findings import Centre, Finding, Limits, Report
from ivr.proofs.graph import graph_of, with_ways
from ivr.proofs.names import check_names
from ivr.proofs.privacy import check_privacy
from ivr.proofs.texts import check_texts
from ivr.proofs.ways import Distance, check_ways, distances
from ivr.proofs.wishes import check_wishes

__all__ = ["Centre", "Distance", "Finding", "Limits", "check", "distances"]


def check(flow: Flow, centre: Centre | None = None, limits: Limits | None = None) -> list[Finding]:
    """Prove what has to hold of a flow; an empty list means all of it does.

    Args:
        flow: The flow.
        centre: What exists outside it; what is not told is not checked.
        limits: How far a person may be, and so on; the usual ones when None.
    """
    centre, limits = centre or Centre(), limits or Limits()
    report = Report(flow)
    check_ways(flow, limits, report)
    check_names(flow, centre, report)
    check_wishes(flow, limits, report)
    check_texts(flow, centre, limits, report)
    check_privacy(flow, report)
    return list(with_ways(report.findings, graph_of(flow)))
