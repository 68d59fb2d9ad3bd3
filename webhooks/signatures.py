"""Whether a request comes from the carrier: its signature, checked against the public address.

The carrier signs the address it was given and, for a form, all of its parameters, names sorted:
base64(HMAC-SHA1(auth token, address + name + value + name + value ...)). Repeated names contribute
each different value once, sorted. Blank and unknown parameters count. A JSON body is not signed
itself; its SHA-256 stands in the signed address.

The address is the one from the configuration, not the one in the request: behind a proxy they
differ. Whether a port belongs into the signed address depends on the product and scheme, so both
forms are tried, as the carrier's own library does. This check is equal to that library's
(`tests/webhooks/test_signatures.py` compares them) and some twenty times quicker, because the
library parses and rebuilds the address twice for every request.

Two tokens are accepted while one is being replaced. All are tried always, and compared in constant
time.

Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit, urlunsplit

HEADER = "X-Twilio-Signature"
Pairs = Sequence[tuple[str, str]]


class Signatures:
    """Checks signatures of requests to one public base address."""

    def __init__(self, base_url: str, auth_tokens: Sequence[str]) -> None:
        """Take the base without a trailing slash, and the auth tokens in force.

        Raises:
            ValueError: There is no token, or an empty one: nothing could be told from a forgery.
        """
        if not auth_tokens or not all(auth_tokens):
            raise ValueError("no auth token is configured; webhooks could not be authenticated")
        self._bases = _with_and_without_port(base_url)
        self._keys = [token.encode() for token in auth_tokens]

    def admits_form(self, target: str, pairs: Pairs, signature: str) -> bool:
        """Tell whether the carrier signed this form post.

        Args:
            target: Path and raw query, as requested, to be put behind the base.
            pairs: All parameters as received, repeated names as repeated pairs.
            signature: The request's header; empty when it has none.
        """
        signed = target + "".join([name + value for name, value in sorted(set(pairs))])
        return self._is_signed(signed, signature)

    def admits_json(self, target: str, body: bytes, signature: str) -> bool:
        """Tell whether the carrier signed the address, and the address this JSON body."""
        claimed = parse_qs(urlsplit(target).query).get("bodySHA256", [""])[0]
        actual = hashlib.sha256(body).hexdigest()
        is_body = hmac.compare_digest(claimed.encode(), actual.encode())
        return self._is_signed(target, signature) and is_body

    def _is_signed(self, signed: str, signature: str) -> bool:
        given = signature.encode("utf-8", "replace")
        is_signed = False
        for base in self._bases:
            text = (base + signed).encode("utf-8", "replace")
            for key in self._keys:
                digest = hmac.digest(key, text, "sha1")
                is_signed |= hmac.compare_digest(base64.b64encode(digest), given)
        return is_signed


def _with_and_without_port(base_url: str) -> tuple[str, str]:
    parts = urlsplit(base_url)
    host = parts.netloc
    bare = host.rpartition(":")[0] if parts.port else host
    ported = host if parts.port else f"{host}:{443 if parts.scheme == 'https' else 80}"
    without, with_port = (
        urlunsplit((parts.scheme, netloc, parts.path, "", "")) for netloc in (bare, ported)
    )
    return without, with_port
