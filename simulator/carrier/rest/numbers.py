"""The account itself and its telephone numbers.

Source:
    https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource,
    https://www.twilio.com/docs/iam/api/account.
"""

import re
from typing import Any

from simulator.carrier.account import PhoneNumber
from simulator.carrier.calls import API_VERSION
from simulator.carrier.identifiers import named
from simulator.carrier.rest.errors import invalid, not_found
from simulator.carrier.rest.request import Form, Reply, Route, page
from simulator.carrier.rest.resource import Resource

E164 = re.compile(r"\+[1-9]\d{6,14}")

#: Parameters that set an attribute of a number.
SETTABLE = {
    "FriendlyName": "friendly_name",
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "VoiceApplicationSid": "voice_application_sid",
    "SmsApplicationSid": "sms_application_sid",
}

#: What this stand-in never sets.
ABSENT = (
    "address_sid",
    "identity_sid",
    "trunk_sid",
    "emergency_address_sid",
    "bundle_sid",
)


class Numbers(Resource):
    """`/IncomingPhoneNumbers` and the account."""

    def routes(self) -> tuple[Route, ...]:
        """Return what is answered here."""
        return (
            Route(".json", "GET", self.account),
            Route("/IncomingPhoneNumbers.json", "POST", self.create),
            Route("/IncomingPhoneNumbers.json", "GET", self.list),
            Route("/IncomingPhoneNumbers/<sid>.json", "GET", self.get),
            Route("/IncomingPhoneNumbers/<sid>.json", "POST", self.update),
            Route("/IncomingPhoneNumbers/<sid>.json", "DELETE", self.delete),
            Route("/OutgoingCallerIds.json", "GET", self.caller_ids),
            Route("/OutgoingCallerIds/<sid>.json", "GET", self.caller_id),
        )

    def account(self, _form: Form) -> Reply:
        """Show the account, without its token."""
        parts = {"calls": "Calls", "conferences": "Conferences", "queues": "Queues"}
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}"
        return Reply(
            {
                "sid": self.account_sid,
                "owner_account_sid": self.account_sid,
                "friendly_name": "Carrier stand-in",
                "auth_token": "",
                "status": self.exchange.account.status,
                "type": self.exchange.account.kind,
                "date_created": self.date(0.0),
                "date_updated": self.date(0.0),
                "uri": f"{uri}.json",
                "subresource_uris": {name: f"{uri}/{part}.json" for name, part in parts.items()},
            }
        )

    def create(self, form: Form) -> Reply:
        """Buy a number; any that can be written is for sale once."""
        wanted = form.required("PhoneNumber")
        if not E164.fullmatch(wanted):
            raise invalid(21421, f"PhoneNumber is {wanted!r}; write it as +15550100100")
        if wanted in self.exchange.numbers:
            raise invalid(21422, f"The number {wanted} is not available")
        number = self._changed(PhoneNumber(wanted), form)
        self.exchange.numbers[wanted] = number
        return Reply(self.show(number), 201)

    def list(self, form: Form) -> Reply:
        """List the account's numbers."""
        numbers = [
            number
            for number in self.exchange.numbers.values()
            if form.text("PhoneNumber", number.phone_number) in number.phone_number
            and form.text("FriendlyName", number.friendly_name) == number.friendly_name
        ]
        return page(form, "incoming_phone_numbers", numbers, self.show)

    def get(self, form: Form, sid: str) -> Reply:
        """Show one number."""
        return Reply(self.show(self._find(form, sid)))

    def update(self, form: Form, sid: str) -> Reply:
        """Set where a number's calls and messages go."""
        return Reply(self.show(self._changed(self._find(form, sid), form)))

    def delete(self, form: Form, sid: str) -> Reply:
        """Give a number back; calls to it reach nobody of ours any more."""
        del self.exchange.numbers[self._find(form, sid).phone_number]
        return Reply(None, 204)

    def _changed(self, number: PhoneNumber, form: Form) -> PhoneNumber:
        for name, attribute in SETTABLE.items():
            if name in form.values:
                value = form.url(name) if name.endswith(("Url", "Callback")) else form.text(name)
                setattr(number, attribute, value)
        return number

    def caller_ids(self, form: Form) -> Reply:
        """List the numbers of others that may be shown as caller id."""
        found = [
            number
            for number in self.exchange.account.verified
            if form.text("PhoneNumber", number) == number
        ]
        return page(form, "outgoing_caller_ids", found, self._show_caller_id)

    def caller_id(self, form: Form, sid: str) -> Reply:
        """Show one of them."""
        for number in self.exchange.account.verified:
            if _caller_id_sid(number) == sid:
                return Reply(self._show_caller_id(number))
        raise not_found(form.path)

    def _show_caller_id(self, number: str) -> dict[str, Any]:
        sid = _caller_id_sid(number)
        return {
            "sid": sid,
            "account_sid": self.account_sid,
            "phone_number": number,
            "friendly_name": number,
            "date_created": self.date(0.0),
            "date_updated": self.date(0.0),
            "uri": self.address(f"OutgoingCallerIds/{sid}"),
        }

    def show(self, number: PhoneNumber) -> dict[str, Any]:
        """Return a number's JSON."""
        fields = {attribute: getattr(number, attribute) for attribute in SETTABLE.values()}
        return {
            **fields,
            **dict.fromkeys(ABSENT),
            "sid": number.sid,
            "account_sid": self.account_sid,
            "phone_number": number.phone_number,
            "friendly_name": number.friendly_name or number.phone_number,
            "address_requirements": "none",
            "api_version": API_VERSION,
            "beta": False,
            "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
            "date_created": self.date(0.0),
            "date_updated": self.date(0.0),
            "origin": "twilio",
            "voice_receive_mode": "voice",
            "voice_caller_id_lookup": number.voice_caller_id_lookup,
            "emergency_status": "Inactive",
            "emergency_address_status": "unregistered",
            "status": "in-use",
            "uri": self.address(f"IncomingPhoneNumbers/{number.sid}"),
        }

    def _find(self, form: Form, sid: str) -> PhoneNumber:
        for number in self.exchange.numbers.values():
            if number.sid == sid:
                return number
        raise not_found(form.path)


def _caller_id_sid(number: str) -> str:
    return named("PN", f"verified {number}")
