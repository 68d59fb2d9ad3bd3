"""Cuts what is used here out of the carrier's OpenAPI document: `python -m tests.contract.cut DOC`.

The document of twilio/twilio-oai (MIT) is two megabytes, most of it descriptions and products that
have nothing to do with us. The cut keeps, for every operation of the resources in `ROOTS`, the
names and kinds of its parameters, and nothing is changed in them.
"""

import json
import sys
from pathlib import Path

CUT = Path(__file__).with_name("twilio_rest.json")

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
ROOTS = (
    "Calls",
    "Queues",
    "Conferences",
    "Recordings",
    "Messages",
    "IncomingPhoneNumbers",
    "OutgoingCallerIds",
)
LEFT_OUT = ("Payments", "Siprec", "Streams", "UserDefined", "Transcriptions", "AddOn", "Feedback")
LEFT_OUT += ("Events", "Notifications", "AssignedAdd", "Media")
KEPT = ("type", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength")
METHODS = ("get", "post", "delete")


def cut(api):
    """Return the operations of a document, by method and path."""
    operations = {}
    for path, item in api["paths"].items():
        if is_wanted(path):
            for method in METHODS:
                if method in item:
                    parameters = item.get("parameters", []) + item[method].get("parameters", [])
                    operations[f"{method.upper()} {path}"] = shape(api, item[method], parameters)
    return dict(sorted(operations.items()))


def is_wanted(path):
    if path == "/2010-04-01/Accounts/{Sid}.json":
        return True
    tail = path.removeprefix(ACCOUNT)
    root = tail.strip("/").partition("/")[0].partition(".")[0]
    return path != tail and root in ROOTS and not any(word in tail for word in LEFT_OUT)


def shape(api, operation, parameters):
    content = operation.get("requestBody", {}).get("content", {})
    form = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
    told = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
    told |= form.get("properties", {})
    return {
        "parameters": {name: kind(api, schema) for name, schema in sorted(told.items())},
        "path": {
            each["name"]: kind(api, each["schema"]) for each in parameters if each["in"] == "path"
        },
        "required": sorted(form.get("required", [])),
    }


def kind(api, schema):
    if "$ref" in schema:
        return kind(api, api["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    kept = {name: schema[name] for name in KEPT if name in schema}
    return kept | ({"items": kind(api, schema["items"])} if "items" in schema else {})


def main(document):
    operations = cut(json.loads(Path(document).read_text(encoding="utf-8")))
    rows = [f" {json.dumps(name)}: {json.dumps(shape)}" for name, shape in operations.items()]
    CUT.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
