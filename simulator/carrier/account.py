"""The account: its credentials, its numbers, and where their calls and messages go."""

from dataclasses import dataclass

from simulator.carrier.identifiers import named

DEMO_ACCOUNT_SID = named("AC", "stand-in")
DEMO_AUTH_TOKEN = named("", "stand-in token")


@dataclass(slots=True)
class PhoneNumber:
    """A number the account owns, with the addresses that decide about its calls."""

    phone_number: str
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    friendly_name: str = ""
    voice_application_sid: str = ""
    sms_application_sid: str = ""
    voice_caller_id_lookup: bool = False

    @property
    def sid(self) -> str:
        """The number's identifier."""
        return named("PN", self.phone_number)


@dataclass(frozen=True, slots=True)
class Account:
    """Who owns the calls: sid, token, and rates agreed with the carrier."""

    sid: str = DEMO_ACCOUNT_SID
    token: str = DEMO_AUTH_TOKEN
    calls_per_s: float = 1.0
    """How many calls placed by REST leave the carrier's queue in a modelled second."""
    requests_at_once: int = 100
    """REST requests in progress above this are refused with 429."""
    calls_at_once: int = 100_000
    """Live legs above this are refused with 10004."""
    status: str = "active"
    kind: str = "Full"
    """`Full` or `Trial`."""
    verified: tuple[str, ...] = ()
    """Numbers of others that may be shown as caller id: they were verified by a call."""
    countries: tuple[str, ...] | None = None
    """Countries (ISO 3166) that may be called; None for all. Shown, not enforced."""
