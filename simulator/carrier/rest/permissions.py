"""Geographic permissions of the account: into which countries it may call. Another API, `/v1`.

Source: https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource.
"""

from simulator.carrier.rest.errors import not_found
from simulator.carrier.rest.request import Form, Reply, Route
from simulator.carrier.rest.resource import Resource


class Permissions(Resource):
    """`/v1/DialingPermissions/Countries`."""

    def routes(self) -> tuple[Route, ...]:
        """Return what is answered here, below `/v1`."""
        return (Route("/DialingPermissions/Countries/<iso_code>", "GET", self.country),)

    def country(self, form: Form, iso_code: str) -> Reply:
        """Show what is permitted in one country."""
        if len(iso_code) != 2 or not iso_code.isalpha():
            raise not_found(form.path)
        permitted = self.exchange.account.countries
        return Reply(
            {
                "iso_code": iso_code,
                "name": iso_code,
                "continent": "",
                "country_codes": [],
                "low_risk_numbers_enabled": permitted is None or iso_code in permitted,
                "high_risk_special_numbers_enabled": False,
                "high_risk_tollfraud_numbers_enabled": False,
                "url": f"https://voice.twilio.com{form.path}",
                "links": {
                    "highrisk_special_prefixes": (
                        f"https://voice.twilio.com{form.path}/HighRiskSpecialPrefixes"
                    )
                },
            }
        )
