"""The agent's browser as a telephone: who gets a token, what is in it, what the page may load."""

import time

import pytest
from twilio.jwt import JwtDecodeError
from twilio.jwt.access_token import AccessToken

from cordboard.console.accounts import Role
from cordboard.console.agent.softphone import TOKENS_PER_MINUTE
from cordboard.console.sign_in import limiter
from cordboard.runtime.softphones import NoPhone, Softphones, VoiceSdk
from tests.cordboard.console.console_doubles import accounts_of, console_of
from webhooks.access_tokens import AgentAccess

OURS = {"Sec-Fetch-Site": "same-origin"}
ACCOUNT, KEY, SECRET = "AC" + "1" * 32, "SK" + "2" * 32, "s" * 32
SDK = VoiceSdk("https://static.example.com/voice-2.18.1.js", "sha384-" + "A" * 64)
ACCESS = AgentAccess(account_sid=ACCOUNT, key_sid=KEY, key_secret=SECRET)
ENDPOINTS = {"ana": "client:ana.lopez", "bo": "sip:bo@pbx.example.com", "dee": "client:dee"}


def phones(**changes):
    return Softphones(**({"endpoints": ENDPOINTS, "access": ACCESS, "sdk": SDK} | changes))


@pytest.fixture
def desk():
    """Return a function: a signed-in person's client, for given phones."""

    def of(name="ana", role=Role.AGENT, **changes):
        people = accounts_of("battery staple", role, name)
        app = console_of(people, journal=[], agents={"phones": phones(**changes)})
        limiter.reset()
        client = app.test_client()
        told = {"name": name, "password": "battery staple"}
        assert client.post("/sign-in", data=told, headers=OURS).status_code == 302
        return client

    return of


def ask(client, **more):
    return client.post("/agent/phone-token", headers=OURS, **more)


# --- the token ---------------------------------------------------------------------------------


def test_token_has_the_documented_claims_and_no_others(desk):
    answer = ask(desk()).json
    token = AccessToken.from_jwt(answer["token"], SECRET)
    assert token.headers == {"typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1"}
    assert set(token.payload) == {"jti", "grants", "iss", "sub", "nbf", "exp"}
    assert token.payload["jti"].startswith(f"{KEY}-")
    assert token.payload["iss"] == KEY
    assert token.payload["sub"] == ACCOUNT
    assert token.payload["grants"] == {
        "identity": "ana.lopez",
        "voice": {"incoming": {"allow": True}},
    }
    assert token.payload["exp"] - token.payload["nbf"] == answer["lifetime_s"] == 900
    assert abs(token.payload["nbf"] - time.time()) < 60


def test_token_of_another_region_names_it(desk):
    access = AgentAccess(account_sid=ACCOUNT, key_sid=KEY, key_secret=SECRET, region="ie1")
    answer = ask(desk(access=access, region="ie1", edge="dublin")).json
    assert AccessToken.from_jwt(answer["token"], SECRET).headers["twr"] == "ie1"
    assert answer["edge"] == "dublin"


def test_token_is_refused_under_another_secret(desk):
    text = ask(desk()).json["token"]
    with pytest.raises(JwtDecodeError, match="Signature"):
        AccessToken.from_jwt(text, "t" * 32)


def test_secret_and_auth_token_are_in_no_answer(desk):
    assert SECRET.encode() not in ask(desk()).data


# --- for whom ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wish",
    [
        {"query_string": {"identity": "dee"}},
        {"json": {"identity": "dee", "agent_id": "dee"}},
        {"data": {"identity": "dee"}},
    ],
)
def test_nobody_gets_a_token_for_another(desk, wish):
    text = ask(desk(), **wish).json["token"]
    assert AccessToken.from_jwt(text, SECRET).payload["grants"]["identity"] == "ana.lopez"


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OPERATOR, Role.PLANNER])
def test_others_than_agents_get_none_even_under_an_agents_name(desk, role):
    assert ask(desk(role=role)).status_code == 403


def test_nobody_gets_one_without_signing_in_or_from_another_site(desk):
    client = desk()
    answer = client.post("/agent/phone-token", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    client.post("/sign-out", headers=OURS)
    assert ask(client).status_code == 401


def test_tokens_are_not_kept_by_caches_and_not_given_without_end(desk):
    client = desk()
    assert ask(client).headers["Cache-Control"] == "no-store"
    answers = [ask(client).status_code for _ in range(TOKENS_PER_MINUTE)]
    assert (answers.count(200), answers[-1]) == (TOKENS_PER_MINUTE - 1, 429)


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        ("bo", {}, "ring your telephone"),
        ("zoe", {}, "no telephone for you"),
        ("ana", {"sdk": None}, "voice_sdk in centre.yaml"),
        ("ana", {"access": None}, "TWILIO_API_KEY and TWILIO_API_SECRET ("),
        ("ana", {"access": None, "sdk": None}, "TWILIO_API_SECRET and voice_sdk"),
    ],
)
def test_whoever_gets_none_is_told_what_to_do(desk, name, changes, says):
    answer = ask(desk(name, **changes))
    assert answer.status_code == 409
    assert says in answer.json["says"]
    with pytest.raises(NoPhone):
        phones(**changes).token_for(name)


# --- the page ----------------------------------------------------------------------------------


def directives(answer):
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: set(words.split()) for name, _, words in (part.partition(" ") for part in parts)}


def test_page_loads_the_carriers_script_by_its_digest_and_ours_behind_it(desk):
    text = desk().get("/agent/").text
    carriers, ours = text.index(SDK.url), text.index("/console/softphone.js")
    assert carriers < ours
    element = text[text.rindex("<script", 0, carriers) : text.index("</script>", carriers)]
    assert f'integrity="{SDK.integrity}"' in element
    assert 'crossorigin="anonymous"' in element
    assert "defer" in element


def test_policy_of_the_agents_page_permits_exactly_what_a_telephone_needs(desk):
    client = desk()
    without = directives(client.get("/sign-in"))
    policy = directives(client.get("/agent/"))
    assert policy.pop("connect-src") == {
        "'self'",
        "wss://voice-js.roaming.twilio.com",
        "https://eventgw.twilio.com",
        "https://eventgw.us1.twilio.com",
        "https://sdk.twilio.com",
        "https://media.twiliocdn.com",
    }
    assert policy.pop("media-src") == {
        *("'self'", "mediastream:", "https://sdk.twilio.com", "https://media.twiliocdn.com")
    }
    assert policy.pop("script-src") - without.pop("script-src") == {SDK.url}
    assert policy == without
    assert "unsafe-inline" not in str(directives(client.get("/agent/"))["script-src"])


def test_region_changes_where_the_page_may_connect(desk):
    policy = directives(desk(region="ie1", edge="dublin").get("/agent/"))
    assert "wss://voice-js.dublin.twilio.com" in policy["connect-src"]
    assert "https://eventgw.ie1.twilio.com" in policy["connect-src"]
    assert not [host for host in policy["connect-src"] if "roaming" in host or "us1" in host]


def test_without_the_script_nothing_more_is_permitted(desk):
    client = desk(sdk=None)
    page = client.get("/agent/")
    assert directives(page) == directives(client.get("/sign-in"))
    assert "static.example.com" not in page.text
    assert "microphone=()" in page.headers["Permissions-Policy"]


def test_microphone_is_for_the_agents_page_alone(desk):
    client = desk()
    assert "microphone=(self)" in client.get("/agent/").headers["Permissions-Policy"]
    assert "microphone=()" in client.get("/sign-in").headers["Permissions-Policy"]


def test_our_script_is_served(desk):
    with desk().get("/console/softphone.js") as answer:
        assert answer.status_code == 200
        assert "javascript" in answer.headers["Content-Type"]


@pytest.mark.parametrize("name", ["app.py", "agent/page.py", "templates/sign_in.html"])
def test_our_own_code_is_served_to_nobody(desk, name):
    assert desk().get(f"/agent/assets/{name}").status_code == 404
