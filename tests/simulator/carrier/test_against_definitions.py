"""Our tables against the carrier's own published definitions, where they are at hand.

Set CORDBOARD_CARRIER_DEFINITIONS to a folder with `twilio_api_v2010.json` (the OpenAPI document of
twilio/twilio-oai) and `twiml_grammar.json` (elements, attributes and values of TwiML).
"""

import json
import os
from pathlib import Path

import pytest

from simulator.carrier.grammar import RULES
from simulator.carrier.people.manners import Callee, Manner
from simulator.carrier.rest.parameters import KNOWN
from tests.contract.cut import cut
from tests.contract.rest import OPERATIONS
from tests.simulator.carrier.harness import OUR_NUMBER

FOLDER = os.environ.get("CORDBOARD_CARRIER_DEFINITIONS", "")

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="CORDBOARD_CARRIER_DEFINITIONS names no folder with the definitions"
)

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"

#: Values the carrier documents although its type declarations leave them out.
EXTRA_WORDS = {("Dial", "record"): {"true", "false"}}


def load(name):
    return json.loads(Path(FOLDER, name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def api():
    return load("twilio_api_v2010.json")


@pytest.fixture(scope="module")
def elements():
    return load("twiml_grammar.json")["elements"]


@pytest.mark.parametrize("tag", list(RULES))
def test_element_has_the_defined_attributes_and_children(elements, tag):
    rule, defined = RULES[tag], elements[tag]
    assert set(rule.attributes) == set(defined["attributes"])
    assert rule.any_children or rule.children == set(defined["children"])
    for name, attribute in defined["attributes"].items():
        kind = rule.attributes[name]
        if "values" in attribute and isinstance(kind, frozenset):
            assert kind - EXTRA_WORDS.get((tag, name), set()) == set(attribute["values"])


def path_of(api, rule):
    """Return the OpenAPI path with the same words as one of our rules."""
    words = [word for word in rule.split("/") if "<" not in word]
    for path in api["paths"]:
        tail = path.removeprefix(ACCOUNT).split("/")
        same = [word for word in tail if "{" not in word] == words
        if path.startswith(ACCOUNT) and same and len(tail) == len(rule.split("/")):
            return path
    raise AssertionError(rule)


@pytest.mark.parametrize(("method", "rule"), list(KNOWN))
def test_operation_knows_the_defined_parameters(api, method, rule):
    operation = api["paths"][path_of(api, rule)][method.lower()]
    body = operation.get("requestBody", {}).get("content", {})
    form = body.get("application/x-www-form-urlencoded", {}).get("schema", {})
    defined = set(form.get("properties", {}))
    defined |= {each["name"] for each in operation["parameters"] if each["in"] == "query"}
    assert set(KNOWN[method, rule]) == defined


def test_what_the_suite_is_held_to_is_what_is_published(api):
    assert cut(api) == OPERATIONS


def raw(world, path):
    """Return the JSON of a resource as it goes over the wire."""
    uri = f"https://api.twilio.com/2010-04-01/Accounts/{world.carrier.account.sid}{path}"
    return json.loads(world.client.request("GET", uri).text)


@pytest.fixture
def busy_world(world, application):
    """One of everything: a waiting caller, a conference with an agent, a text, a recording."""
    application.pages["/voice"] = "<Enqueue>help</Enqueue>"
    world.person("client:ana", Callee(ring_s=1, manner=Manner(lingers_s=None, stays_s=None)))
    world.call_in()
    agent = world.client.conferences("room").participants.create(from_=OUR_NUMBER, to="client:ana")
    world.client.messages.create(from_=OUR_NUMBER, to="+15550100123", body="Hello")
    world.pass_(5)
    world.client.calls(agent.call_sid).recordings.create()
    world.pass_(5)
    return world


@pytest.mark.parametrize(
    ("path", "key", "schema"),
    [
        ("/Calls.json", "calls", "api.v2010.account.call"),
        ("/Queues.json", "queues", "api.v2010.account.queue"),
        ("/Queues/{QU}/Members.json", "queue_members", "api.v2010.account.queue.member"),
        ("/Conferences.json", "conferences", "api.v2010.account.conference"),
        (
            "/Conferences/{CF}/Participants.json",
            "participants",
            "api.v2010.account.conference.participant",
        ),
        ("/Messages.json", "messages", "api.v2010.account.message"),
        ("/Recordings.json", "recordings", "api.v2010.account.recording"),
        (
            "/IncomingPhoneNumbers.json",
            "incoming_phone_numbers",
            "api.v2010.account.incoming_phone_number",
        ),
    ],
)
def test_resource_has_the_defined_fields(api, busy_world, path, key, schema):
    world = busy_world
    queue, room = raw(world, "/Queues.json"), raw(world, "/Conferences.json")
    path = path.replace("{QU}", queue["queues"][0]["sid"])
    path = path.replace("{CF}", room["conferences"][0]["sid"])
    listed = raw(world, path)
    assert listed[key]
    fields = set(api["components"]["schemas"][schema]["properties"])
    optional = {"track", "subresource_uris"}
    for each in listed[key]:
        assert set(each) - optional == fields - optional
    assert set(listed) >= {"page", "page_size", "start", "end", "uri", "next_page_uri"}
