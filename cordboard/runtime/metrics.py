"""Numbers about the worker for Prometheus: is it keeping up, and is the carrier answering.

Served on loopback when `CORDBOARD_METRICS_PORT` is set. Labels are kinds of commands, results and
error codes only: no queue, agent or number, as those belong to the wallboard.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """One worker's numbers, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.epoch = Gauge("cordboard_epoch", "The term that is led", registry=self.registry)
        self.entries = Counter(
            "cordboard_journal_entries", "Entries applied", registry=self.registry
        )
        self.put_aside = Counter(
            "cordboard_journal_put_aside", "Entries that made no sense", registry=self.registry
        )
        self.lag_s = Histogram(
            "cordboard_commit_lag_seconds",
            "From an entry's arrival in the store to the commit of what follows from it",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.unsettled = Gauge(
            "cordboard_outbox_unsettled", "Commands not settled yet", registry=self.registry
        )
        self.effects = Counter(
            "cordboard_effects",
            "Tries of commands, by kind and what they led to",
            ["kind", "result"],
            registry=self.registry,
        )
        self.refusals = Counter(
            "cordboard_carrier_refusals",
            "Commands that the carrier refused for good, by its error code",
            ["code"],
            registry=self.registry,
        )

    def serve(self, port: int) -> None:
        """Serve the numbers on loopback from a thread of their own."""
        start_http_server(port, addr="127.0.0.1", registry=self.registry)
