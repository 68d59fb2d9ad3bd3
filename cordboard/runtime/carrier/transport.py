"""The HTTP client under the carrier's own library: time-outs always, another host on demand.

The library itself waits for ever and knows only the carrier's hosts. Here every request has a
time-out for the connection and one for each silence after it, and `carrier_url` sends all of them
elsewhere (the stand-in of a demonstration or a test), whatever region the library is told.

A connection that does not come up was never used, so giving up on it early is free: the request is
simply made again. After it is up, patience pays, for a time-out leaves an outcome unknown.

Source: https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region
(the host is `api.EDGE.REGION.twilio.com`).
"""

from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

CONNECT_S = 3.0
"""A lost packet is sent again after one second and after three; a host that is there answers."""

READ_S = 10.0
"""Longer than the carrier usually takes, shorter than anybody would wait for an agent."""


class CarrierHttp(TwilioHttpClient):  # type: ignore[misc]  # the library is not typed
    """Requests with a time-out, to the carrier or to whoever stands in for it."""

    def __init__(
        self, carrier_url: str = "", *, connect_s: float = CONNECT_S, read_s: float = READ_S
    ) -> None:
        super().__init__(timeout=read_s)
        self.timeout = (connect_s, read_s)
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


def carrier_client(
    account_sid: str, auth_token: str, carrier_url: str = "", *, region: str = "", edge: str = ""
) -> Client:
    """Make the carrier's client; nothing is sent yet.

    Args:
        account_sid: Whose calls they are.
        auth_token: Of the same region.
        carrier_url: Where requests go instead; empty: to the carrier.
        region: The account's home region; empty: the carrier's own.
        edge: The way into it, told exactly when the region is.
    """
    return Client(
        account_sid,
        auth_token,
        region=region or None,
        edge=edge or None,
        http_client=CarrierHttp(carrier_url),
    )
