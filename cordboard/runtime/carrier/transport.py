"""The HTTP client under the carrier's own library: time-outs always, another host on demand.

The library itself waits for ever and knows only the carrier's hosts. Here every request has a
time-out, and `carrier_url` sends all of them elsewhere (the stand-in of a demonstration or a test),
whatever region the library believes to be in.
"""

from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

TIMEOUT_S = 10.0
"""Longer than the carrier usually takes, shorter than anybody would wait for an agent."""


class CarrierHttp(TwilioHttpClient):  # type: ignore[misc]  # the library is not typed
    """Requests with a time-out, to the carrier or to whoever stands in for it."""

    def __init__(self, carrier_url: str = "", timeout_s: float = TIMEOUT_S) -> None:
        super().__init__(timeout=timeout_s)
        self._host = urlsplit(carrier_url) if carrier_url else None

    def request(  # noqa: PLR0913, PLR0917  (mirrors the library's own signature)
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT001, FBT002  (mirrors the library's own signature)
    ) -> Response:
        """Send a request, to the host that was configured."""
        if self._host is not None:
            parts = urlsplit(url)
            path = self._host.path.rstrip("/") + parts.path
            url = urlunsplit((self._host.scheme, self._host.netloc, path, parts.query, ""))
        return super().request(method, url, params, data, headers, auth, timeout, allow_redirects)


def carrier_client(account_sid: str, auth_token: str, carrier_url: str = "") -> Client:
    """Make the carrier's client; nothing is sent yet."""
    return Client(account_sid, auth_token, http_client=CarrierHttp(carrier_url))
