"""The unmodified Twilio SDK, pointed at a stand-in.

The SDK builds its addresses from edge and region, so a base URL cannot be set reliably. Its HTTP
client is replaced by one that keeps path and query and changes only where the request goes.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

if TYPE_CHECKING:
    from simulator.carrier.server import CarrierStandIn


class LoopbackHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the SDK is untyped
    """The SDK's own client, sent to one host whatever host it asks for."""

    def __init__(self, base_url: str, timeout_s: float = 10.0) -> None:
        super().__init__(timeout=timeout_s)
        self._host = urlsplit(base_url).netloc

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401  (the SDK's own form)
        """Perform a request of the SDK on the other host."""
        parts = urlsplit(url)
        local = urlunsplit(("http", self._host, parts.path, parts.query, ""))
        return super().request(method, local, *args, **kwargs)

    def close(self) -> None:
        """Close the kept connection."""
        self.session.close()


def client_of(carrier: "CarrierStandIn") -> Client:
    """Return an SDK client signed in to a running stand-in."""
    http = LoopbackHttpClient(carrier.base_url)
    return Client(carrier.account.sid, carrier.account.token, http_client=http)
