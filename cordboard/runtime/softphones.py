"""Agents' browsers as telephones: who may have a token, and what is missing where nobody may.

A browser is rung when three things are there: an API key that signs tokens, the carrier's script in
the agent's page, and an agent whose endpoint is a browser. A token is for the identity in the
signed-in agent's own endpoint; no part of a request says for whom it is asked.

The carrier's script is not supplied with Cordboard and is on no public host of the carrier's any
more; whoever runs the centre puts one version where browsers reach it, and the page takes it only
if it is that version, byte for byte.

Source: https://github.com/twilio/twilio-voice.js (README: hosting, hosts a page must reach).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from acd.ids import AgentId
from webhooks.access_tokens import AgentAccess

BROWSER = "client:"
"""How an endpoint begins that is a browser; what follows is the identity."""

ROAMING = "roaming"
"""The edge of browsers for which none was told: the one nearest to each."""

SOUNDS = ("https://sdk.twilio.com", "https://media.twiliocdn.com")
"""Where the carrier's script fetches its ringing tones."""


@dataclass(frozen=True, slots=True)
class VoiceSdk:
    """The carrier's script for browsers, in the one version that is trusted."""

    url: str
    integrity: str  #: as the page's script element takes it


@dataclass(frozen=True, slots=True)
class PhoneToken:
    """What the page of an agent needs to be rung."""

    token: str
    lifetime_s: int
    edge: str


class NoPhone(Exception):  # noqa: N818  (mostly no fault: an agent may have a real telephone)
    """This agent's browser is not rung; the sentence says why, and who can change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Softphones:
    """The browsers of a site's agents."""

    endpoints: Mapping[AgentId, str]
    access: AgentAccess | None = None
    sdk: VoiceSdk | None = None
    region: str = ""
    edge: str = ""

    def token_for(self, agent_id: AgentId) -> PhoneToken:
        """Make a token with which this agent's browser, and no other, is rung.

        Raises:
            NoPhone: It is not rung.
        """
        endpoint = self.endpoints.get(agent_id, "")
        if not endpoint:
            raise NoPhone("The settings name no telephone for you; ask whoever runs the centre.")
        if not endpoint.startswith(BROWSER):
            raise NoPhone("Calls ring your telephone, not this browser.")
        if self.sdk is None or self.access is None:
            missing = [
                *(["TWILIO_API_KEY and TWILIO_API_SECRET"] if self.access is None else []),
                *(["voice_sdk in centre.yaml"] if self.sdk is None else []),
            ]
            raise NoPhone(
                "Calls cannot ring in this browser yet. Whoever runs the centre has to set"
                f" {' and '.join(missing)} (docs/agents.md tells how)."
            )
        token = self.access.issue(endpoint.removeprefix(BROWSER))
        return PhoneToken(token, self.access.lifetime_s, self.edge or ROAMING)

    @property
    def script_hosts(self) -> tuple[str, ...]:
        """What a page may run besides our own: this one script."""
        return () if self.sdk is None else (self.sdk.url,)

    @property
    def connect_hosts(self) -> tuple[str, ...]:
        """To what a page may connect besides us: signalling, the script's own notes, tones."""
        regions = (f".{self.region}",) if self.region else ("", ".us1")
        return (
            f"wss://voice-js.{self.edge or ROAMING}.twilio.com",
            *(f"https://eventgw{region}.twilio.com" for region in regions),
            *SOUNDS,
        )
