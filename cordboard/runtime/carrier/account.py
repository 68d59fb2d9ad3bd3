"""The carrier account held against a site's settings: what is wrong, and what would set it right.

What the carrier's API tells is checked: whether the account works, whether the lines and caller
ids are ours, where the lines' calls go, whether the campaigns' countries may be called. What it
does not tell (the calls per second that were agreed) is said to be unknown rather than fine. What
can be told without the carrier, such as the ranges of detection, the settings refuse themselves.

Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource (an application
or a trunk takes precedence over addresses),
https://www.twilio.com/docs/voice/api/outgoing-caller-ids,
https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource,
https://www.twilio.com/docs/voice/api/call-resource (one call a second unless agreed otherwise).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import phonenumbers
from twilio.rest import Client

from cordboard.runtime.settings import Settings
from webhooks.addresses import Addresses

CALLS_PER_S_DEFAULT = 1.0

_TAKES_PRECEDENCE = ("trunk_sid", "voice_application_sid", "sms_application_sid")
"""What a number may belong to; the carrier then looks at no address of the number's own."""


@dataclass(frozen=True, slots=True)
class AccountFinding:
    """Something about the account that must be mended, or at least known."""

    where: str
    what: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class NumberChange:
    """What has to be set on one number, by the library's own parameter names."""

    line: str
    sid: str
    was: Mapping[str, str]
    becomes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Number:
    """One of the account's numbers."""

    sid: str
    has_voice: bool
    fields: Mapping[str, str]


class CarrierAccount:
    """The account of a site, as the carrier tells it."""

    def __init__(self, client: Client, settings: Settings, addresses: Addresses) -> None:
        self._client = client
        self._settings = settings
        self._addresses = addresses

    # --- what is wrong -------------------------------------------------------------------------

    def findings(self) -> list[AccountFinding]:
        """Return what is wrong with the account, or worth knowing; errors keep calls from working.

        Raises:
            CARRIER_ERRORS: The carrier did not answer, or not these credentials.
        """
        return [
            *self._account(),
            *self._lines(),
            *self._caller_ids(),
            *self._countries(),
            *self._rate(),
        ]

    def _account(self) -> Iterator[AccountFinding]:
        account = self._client.api.v2010.accounts(self._client.account_sid).fetch()
        if account.status != "active":
            what = f"is {account.status}: no call goes in or out; see the carrier's console"
            yield AccountFinding("account", what, is_error=True)
        if account.type == "Trial":
            what = "is a trial: only verified numbers can be called, and every call says so first"
            yield AccountFinding("account", what, is_error=False)

    def _lines(self) -> Iterator[AccountFinding]:
        numbers = self._numbers()
        for number, line in self._settings.lines.items():
            where = f"line {line.name}"
            found = numbers.get(number)
            if found is None:
                what = "its number is not one of the account's; buy it, or correct centre.yaml"
                yield AccountFinding(where, what, is_error=True)
                continue
            if not found.has_voice:
                yield AccountFinding(where, "its number cannot take calls", is_error=True)
            for name in _TAKES_PRECEDENCE:
                if found.fields[name]:
                    what = f"{name} is set, so its addresses are not asked; empty it in the console"
                    yield AccountFinding(where, what, is_error=True)
            for name, wanted in self._wanted().items():
                if found.fields[name] != wanted:
                    said = found.fields[name] or "nothing"
                    what = f"{name} is {said}; it must be {wanted or 'nothing'} (apply sets it)"
                    yield AccountFinding(where, what, is_error=True)

    def _caller_ids(self) -> Iterator[AccountFinding]:
        shown = [("caller_id", self._settings.caller_id)]
        for name, campaign in self._settings.campaigns.items():
            shown += [(f"campaign {name}", number) for number in campaign.caller_ids]
        owned = set(self._numbers())
        verified = {str(each.phone_number) for each in self._client.outgoing_caller_ids.list()}
        for where, number in shown:
            if number not in owned | verified:
                what = (
                    f"shows {number}, which is neither owned nor verified: every call from it is"
                    " refused (21210); buy or verify it"
                )
                yield AccountFinding(where, what, is_error=True)

    def _countries(self) -> Iterator[AccountFinding]:
        for name, campaign in self._settings.campaigns.items():
            if not campaign.region:
                what = "names no region, so nobody can tell here which countries it calls"
                yield AccountFinding(f"campaign {name}", what, is_error=False)
        permitted: dict[str, bool] = {}
        for where, code in self._called():
            if code not in permitted:
                country = self._client.voice.v1.dialing_permissions.countries(code).fetch()
                permitted[code] = bool(country.low_risk_numbers_enabled)
            if not permitted[code]:
                what = f"calls to {code} are not permitted (21215); permit them in the console"
                yield AccountFinding(where, what, is_error=True)

    def _called(self) -> Iterator[tuple[str, str]]:
        """Yield the countries that are called, and by whom: campaigns, and us when we ring people.

        A browser or a SIP telephone is in no country that the carrier asks about.
        """
        settings = self._settings
        for name, campaign in settings.campaigns.items():
            if campaign.region:
                yield f"campaign {name}", campaign.region.upper()
        rung = [
            *((f"agent {name}", endpoint) for name, endpoint in settings.endpoints.items()),
            *((f"supervisor {name}", endpoint) for name, endpoint in settings.supervisors.items()),
            *((f"directory {name}", number) for name, number in settings.directory.items()),
        ]
        for where, endpoint in rung:
            number = phonenumbers.parse(endpoint) if endpoint.startswith("+") else None
            code = phonenumbers.region_code_for_number(number) if number else None
            if code:
                yield where, code

    def _rate(self) -> Iterator[AccountFinding]:
        wanted = self._settings.calls_per_s_max
        if wanted > CALLS_PER_S_DEFAULT:
            what = (
                f"is {wanted:g}; the carrier's API does not tell what was agreed, and the usual is"
                f" {CALLS_PER_S_DEFAULT:g}: above it calls wait in the carrier's queue"
            )
            yield AccountFinding("calls_per_s_max", what, is_error=False)

    # --- what would set it right -----------------------------------------------------------------

    def plan(self) -> list[NumberChange]:
        """Return what `apply` would set, number by number; empty if all is right.

        Raises:
            CARRIER_ERRORS: The carrier did not answer.
        """
        numbers, wanted = self._numbers(), self._wanted()
        changes: list[NumberChange] = []
        for number, line in self._settings.lines.items():
            if number in numbers:
                found = numbers[number]
                wrong = [name for name in wanted if found.fields[name] != wanted[name]]
                was = {name: found.fields[name] for name in wrong}
                if wrong:
                    becomes = {name: wanted[name] for name in wrong}
                    changes.append(NumberChange(line.name, found.sid, was, becomes))
        return changes

    def apply(self, change: NumberChange) -> None:
        """Set one number right.

        Raises:
            CARRIER_ERRORS: The carrier refused or did not answer; repeat it freely.
        """
        self._client.incoming_phone_numbers(change.sid).update(**change.becomes)

    def _wanted(self) -> dict[str, str]:
        """Return how every line must be set."""
        return {
            "voice_url": self._addresses.inbound(),
            "voice_method": "POST",
            "voice_fallback_url": self._addresses.fallback(),
            "voice_fallback_method": "POST",
            "status_callback": self._addresses.inbound_status(),
            "status_callback_method": "POST",
            "sms_url": self._addresses.message_received(),
            "sms_method": "POST",
        }

    def _numbers(self) -> dict[str, _Number]:
        return {
            str(each.phone_number): _Number(
                sid=str(each.sid),
                has_voice=bool((each.capabilities or {}).get("voice", True)),
                fields={
                    name: str(getattr(each, name) or "")
                    for name in (*self._wanted(), *_TAKES_PRECEDENCE)
                },
            )
            for each in self._client.incoming_phone_numbers.list()
        }
