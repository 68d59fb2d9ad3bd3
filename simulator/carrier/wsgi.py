"""Webhooks without a network: the application under test runs in this process.

Signatures, parameters, cookies and content types are as over HTTP; only sockets are left out. This
makes long seeded runs quick and independent of the machine's load.
"""

from typing import TYPE_CHECKING

from werkzeug.test import Client

from simulator.carrier.webhooks import Incoming, Outgoing

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class WsgiTransport:
    """Hands every webhook to a WSGI application."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def perform(self, request: Outgoing) -> Incoming:
        """Let the application answer one request; an exception in it is a 500."""
        client = Client(self._application, use_cookies=False)
        try:
            response = client.open(
                request.url,
                method=request.method,
                data=request.body,
                headers=dict(request.headers),
                base_url=_origin(request.url),
            )
        except Exception:  # noqa: BLE001  (whatever fails there is a 500 over HTTP too)
            return 500, {"Content-Type": "text/plain"}, b""
        return response.status_code, dict(response.headers), response.get_data()

    def close(self) -> None:
        """Do nothing: there is no connection."""


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
