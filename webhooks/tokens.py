"""Step tokens: a caller's answer counts once, at the step it was asked for, on its own call.

The carrier's signature has no time in it, so a request that was captured stays valid for ever.
An address whose request moves a caller on therefore carries a token: the number of the step, the
instant after which it is worthless, and a MAC over both and the call. The MAC is checked here,
without any store; that it is used once is the session store's part (`webhooks.ports.Sessions`).
"""

import base64
import hashlib
import hmac

KEY_BYTES_MIN = 32
_MAC_BYTES = 15


def ordinal_of(token: str) -> int:
    """Return the number of the step an admitted token is of."""
    return int(token.partition("-")[0])


class StepTokens:
    """Makes and checks step tokens under one secret."""

    def __init__(self, key: bytes, *, lifetime_s: int = 86_400) -> None:
        """Take the secret and how long an answer may stay out.

        Raises:
            ValueError: The secret is shorter than 32 bytes: whoever configured it must change it.
        """
        if len(key) < KEY_BYTES_MIN:
            raise ValueError(
                f"the step token secret has {len(key)} bytes; give {KEY_BYTES_MIN} random ones"
            )
        self._key = key
        self._lifetime_s = lifetime_s

    def mint(self, call_id: str, ordinal: int, *, now_s: int) -> str:
        """Make the token of a call's step."""
        claim = f"{ordinal}-{now_s + self._lifetime_s}"
        return f"{claim}~{self._mac(call_id, claim)}"

    def admits(self, token: str, call_id: str, *, now_s: int) -> bool:
        """Tell whether we made this token for this call and it has not expired."""
        claim, _, mac = token.rpartition("~")
        if not hmac.compare_digest(self._mac(call_id, claim).encode(), mac.encode()):
            return False
        _, _, expires_s = claim.partition("-")
        return now_s <= int(expires_s)

    def _mac(self, call_id: str, claim: str) -> str:
        text = f"{call_id}\n{claim}".encode()
        digest = hmac.digest(self._key, text, hashlib.sha256)[:_MAC_BYTES]
        return base64.urlsafe_b64encode(digest).decode()
