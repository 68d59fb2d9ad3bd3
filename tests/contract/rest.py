"""REST requests against the carrier's own description: paths, names, kinds, what must be there."""

import json
import re

from tests.contract.cut import CUT

OPERATIONS = json.loads(CUT.read_text(encoding="utf-8"))

#: Of the other API that is asked:
#: https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource
ELSEWHERE = {
    "GET /v1/DialingPermissions/Countries/{IsoCode}": {
        "parameters": {},
        "path": {"IsoCode": {"type": "string", "pattern": "^[A-Z]{2}$"}},
        "required": [],
    },
    # The sound itself, https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-media-file
    "GET /2010-04-01/Accounts/{AccountSid}/Recordings/{Sid}.mp3": {
        "parameters": {},
        "path": {"Sid": {"type": "string", "pattern": "^RE[0-9a-f]{32}$"}},
        "required": [],
    },
}
KNOWN = OPERATIONS | ELSEWHERE

#: The description gives these one value; the carrier takes several, as its pages and its SDK do.
REPEATED = re.compile(r".*StatusCallbackEvent$")

#: Where the description gives the sid's form, the pages and the SDK also take a name or a label.
OR_NAME = {
    ("ConferenceSid", "/Participants"),  # the conference's friendly name
    ("CallSid", "/Participants/"),  # the participant's label
}
CURRENT = "Twilio.CURRENT"


def problems(method, path, params):
    """Return what is wrong with a request, in words; nothing if it is as described."""
    found = operation_of(method, path)
    if found is None:
        return [f"{method} {path} is not described"]
    name, parts, shape = found
    wrong = [
        f"{name}: {part} is {value!r}"
        for part, value in parts.items()
        if not fits(value, shape["path"].get(part, {})) and not is_name(name, part, value)
    ]
    given = {key for key, _ in params}
    wrong += [f"{name} needs {key}" for key in shape["required"] if key not in given]
    for key in sorted(given):
        values = [value for each, value in params if each == key]
        described = shape["parameters"].get(key)
        if described is None:
            wrong.append(f"{name} knows no {key}")
        elif len(values) > 1 and described["type"] != "array" and not REPEATED.match(key):
            wrong.append(f"{name}: {key} is given {len(values)} times")
        else:
            item = described.get("items", {}) if described["type"] == "array" else described
            wrong += [f"{name}: {key} is {value!r}" for value in values if not fits(value, item)]
    return wrong


def is_name(name, part, value):
    is_taken = any(part == each and where in name for each, where in OR_NAME)
    return value == CURRENT or (is_taken and 0 < len(value) <= 128)


def operation_of(method, path):
    """Return an operation's name, the parts of the path and its shape; the most literal wins."""
    for name in sorted(KNOWN, key=lambda each: (each.count("{"), each)):
        verb, template = name.split()
        match = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(template)), path)
        if verb == method and match is not None:
            return name, match.groupdict(), KNOWN[name]
    return None


def fits(value, kind):
    """Tell whether a value, as text, is of a kind."""
    if "enum" in kind and value not in kind["enum"]:
        return False
    if kind.get("type") == "integer" and not re.fullmatch(r"-?\d+", value):
        return False
    if kind.get("type") == "boolean" and value not in ("true", "false"):
        return False
    if kind.get("type") == "string":
        short, long = kind.get("minLength", 0), kind.get("maxLength", len(value))
        return short <= len(value) <= long and bool(re.search(kind.get("pattern", ""), value))
    return True
