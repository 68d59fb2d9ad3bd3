"""Tokens with which an agent's browser may be rung: short-lived, for one identity, incoming only.

Whoever calls this has authenticated the agent. The token is signed with an API key made for the
purpose, never with the account's own token, and grants no outgoing calls: an agent's browser is
rung by the centre and can dial nobody by itself.

Source: https://www.twilio.com/docs/iam/access-tokens (claims, 24 hours at most).
"""

import re
from dataclasses import dataclass, field

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

LIFETIME_S_MAX = 3_600
_IDENTITY = re.compile(r"[A-Za-z0-9_.-]{1,121}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAccess:
    """Issues access tokens under one API key."""

    account_sid: str
    key_sid: str
    key_secret: str = field(repr=False)
    region: str | None = None
    lifetime_s: int = 900

    def __post_init__(self) -> None:
        """Check what the carrier would refuse.

        Raises:
            ValueError: A setting is wrong; the sentence says which and what would be right.
        """
        if not self.key_sid.startswith("SK"):
            raise ValueError("key_sid is not an API key (SK...); the auth token must not be used")
        if not 60 <= self.lifetime_s <= LIFETIME_S_MAX:
            raise ValueError(f"lifetime_s is {self.lifetime_s}; it must be 60 to {LIFETIME_S_MAX}")

    def issue(self, identity: str) -> str:
        """Make a token for the browser of one agent.

        Raises:
            ValueError: The identity is not one the carrier can ring.
        """
        if not _IDENTITY.fullmatch(identity):
            raise ValueError("an agent's identity consists of letters, digits, '_', '.' and '-'")
        token = AccessToken(
            self.account_sid,
            self.key_sid,
            self.key_secret,
            identity=identity,
            ttl=self.lifetime_s,
            region=self.region,
        )
        token.add_grant(VoiceGrant(incoming_allow=True))
        return str(token.to_jwt())
