"""Where a number is, as far as it shows: the best-effort place in every webhook about a call.

The carrier looks numbers up and tells city, state, postal code and country of both sides; any of
them may be blank. Here the country is read from the calling code and the rest stays blank. Clients
and SIP addresses have no place, and a number that is withheld has none either.

Source:
    https://www.twilio.com/docs/voice/twiml#request-parameters (FromCity and its kin); calling
    codes: ITU-T E.164, list of assigned country codes.
"""

from collections.abc import Mapping

#: Calling codes with their country (ISO 3166), the longest first where one begins another.
COUNTRIES: Mapping[str, str] = {
    "353": "IE",
    "852": "HK",
    "886": "TW",
    "31": "NL",
    "33": "FR",
    "34": "ES",
    "39": "IT",
    "44": "GB",
    "49": "DE",
    "61": "AU",
    "64": "NZ",
    "65": "SG",
    "81": "JP",
    "86": "CN",
    "91": "IN",
    "1": "US",
}


def country_of(number: str) -> str:
    """Return the country of a number, "" if it is none or its code is not listed.

    Example:
        >>> country_of("+442079460100"), country_of("+15550100100"), country_of("client:ana")
        ('GB', 'US', '')
    """
    digits = number.removeprefix("+")
    if digits == number:
        return ""
    return next((land for code, land in COUNTRIES.items() if digits.startswith(code)), "")


def place_parameters(side: str, other_name: str, address: str) -> dict[str, str]:
    """Return where one side of a call is, under both names of that side; nothing for no number.

    Example:
        >>> place_parameters("To", "Called", "+442079460100")["CalledCountry"]
        'GB'
    """
    if not address.startswith("+"):
        return {}
    place = {"City": "", "State": "", "Zip": "", "Country": country_of(address)}
    return {name + part: text for name in (side, other_name) for part, text in place.items()}
