"""How the carrier signs a webhook, written from its description rather than from its SDK.

Source:
    https://www.twilio.com/docs/usage/webhooks/webhooks-security: HMAC-SHA1 under the auth token of
    the exact URL followed, for a form post, by the sorted parameters' names and values.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit


def signed_url(url: str) -> str:
    """Return the part of a URL that is signed: no fragment, no credentials, no https port."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and parts.port is not None:
        host = host.removesuffix(f":{parts.port}")
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def sign(token: str, url: str, form: Sequence[tuple[str, str]] = ()) -> str:
    """Return the value of `X-Twilio-Signature`.

    Args:
        token: The account's primary auth token.
        url: The URL as requested, query included; it is reduced to what is signed here.
        form: The parameters of a form post, repeated names as repeated pairs; empty for GET.

    Example:
        >>> sign("12345", "https://example.com/myapp.php?foo=1&bar=2",
        ...      [("Digits", "1234"), ("To", "+18005551212"), ("From", "+14158675310"),
        ...       ("Caller", "+14158675310"), ("CallSid", "CA1234567890ABCDE")])
        'L/OH5YylLD5NRKLltdqwSvS0BnU='
    """
    pairs = sorted(set(form))
    text = signed_url(url) + "".join(name + value for name, value in pairs)
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
