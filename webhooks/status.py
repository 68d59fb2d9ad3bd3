"""Whether this process is alive, and whether it should be given calls; open to anybody."""

from collections.abc import Callable

from flask import Blueprint, Response


def blueprint(is_ready: Callable[[], bool]) -> Blueprint:
    """Make the routes a supervisor of processes and a load balancer ask."""
    health = Blueprint("status", __name__)

    def healthz() -> Response:
        return Response("alive\n", mimetype="text/plain")

    def readyz() -> Response:
        if is_ready():
            return Response("ready\n", mimetype="text/plain")
        return Response("not ready\n", status=503, mimetype="text/plain")

    health.add_url_rule("/healthz", view_func=healthz)
    health.add_url_rule("/readyz", view_func=readyz)
    return health
