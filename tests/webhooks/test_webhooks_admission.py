"""The door: forged, oversized, truncated, wrong kind or account: refused, nothing changed."""

import hashlib
import io
import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from tests.webhooks import carrier
from tests.webhooks.carrier import ACCOUNT, BASE, CALL, LINE, TOKEN
from webhooks.addresses import Addresses, BaseUrlError
from webhooks.admission import split_form
from webhooks.hook import Hook, Refused
from webhooks.settings import WebhookSettings

FORM = {"AccountSid": ACCOUNT, "CallSid": CALL, "From": "+12125550142", "To": LINE}
KIND = "application/x-www-form-urlencoded"


def _post(world, *, path="/voice/inbound", form=FORM, signature=None, body=None, kind=KIND, **more):
    body = urlencode(form) if body is None else body
    if signature is None:
        signature = RequestValidator(TOKEN).compute_signature(BASE + path, form)
    headers = {"X-Twilio-Signature": signature}
    client = world.app.test_client()
    return client.post(path, data=body, content_type=kind, headers=headers, **more)


def _refused(world, answer, status):
    assert (answer.status_code, answer.data) == (status, b"")
    assert world.journal.facts == []
    assert world.sessions.kept == {}


def test_signed_request_comes_in(world):
    assert _post(world).status_code == 200


@pytest.mark.parametrize("signature", ["", "L/OH5YylLD5NRKLltdqwSvS0BnU=", "ü", "x" * 10_000])
def test_forged_signature_is_refused(world, signature):
    _refused(world, _post(world, signature=signature), 403)


def test_missing_signature_is_refused(world):
    answer = world.app.test_client().post("/voice/inbound", data=FORM)
    _refused(world, answer, 403)


def test_request_signed_for_another_address_is_refused(world):
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/voice/wait", FORM)
    _refused(world, _post(world, signature=signature), 403)


def test_added_parameter_is_refused(world):
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/voice/inbound", FORM)
    _refused(world, _post(world, form=FORM | {"Digits": "1"}, signature=signature), 403)


def test_blank_and_repeated_parameters_count(world):
    pairs = [*FORM.items(), ("CallerName", ""), ("X", "2"), ("X", "1"), ("X", "2")]
    text = BASE + "/voice/inbound" + "".join(n + v for n, v in sorted(set(pairs)))
    signature = _mac(text)
    assert _post(world, body=urlencode(pairs), signature=signature).status_code == 200


def _mac(text):
    return RequestValidator(TOKEN).compute_signature(text, {})


def test_another_account_of_the_same_carrier_is_refused(world):
    _refused(world, _post(world, form=FORM | {"AccountSid": "AC" + "b" * 32}), 403)


def test_request_without_an_account_is_refused(world):
    _refused(world, _post(world, form={"CallSid": CALL}), 403)


def test_oversized_body_is_not_read(world):
    _refused(world, _post(world, body="x" * 70_000), 413)


def test_body_without_a_length_is_not_read(world):
    answer = world.app.test_client().post(
        "/voice/inbound",
        input_stream=io.BytesIO(b"x"),
        content_type=KIND,
        headers={"Transfer-Encoding": "chunked"},
    )
    _refused(world, answer, 411)


def test_truncated_body_is_refused(world):
    answer = world.app.test_client().post(
        "/voice/inbound",
        input_stream=io.BytesIO(b"CallSid="),
        content_type=KIND,
        environ_overrides={"CONTENT_LENGTH": "500"},
    )
    _refused(world, answer, 400)


def test_too_many_fields_are_refused_before_they_are_looked_at(world):
    _refused(world, _post(world, body="&".join(f"f{i}=1" for i in range(300))), 400)


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""]
)
def test_other_content_types_are_refused(world, kind):
    _refused(world, _post(world, kind=kind), 415)


def test_charset_in_the_content_type_is_fine(world):
    assert _post(world, kind=KIND + "; charset=UTF-8").status_code == 200


def test_bytes_that_are_no_text_are_refused(world):
    _refused(world, _post(world, body=b"CallSid=%ff%fe&\xff=1"), 403)


@given(st.text(alphabet="ab=&+%2Bé;\x00"))
def test_forms_are_split_as_the_standard_library_does(text):
    assert split_form(text) == parse_qsl(text, keep_blank_values=True)


def test_json_is_admitted_by_the_digest_in_its_address(world):
    body = json.dumps({"a": 1})
    query = f"?AccountSid={ACCOUNT}&bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"
    path = "/voice/agent/status" + query
    signature = _mac(BASE + path)
    answer = _post(world, path=path, body=body, kind="application/json", signature=signature)
    assert answer.status_code == 400  # admitted; then it names no leg
    answer = _post(world, path=path, body="{}", kind="application/json", signature=signature)
    _refused(world, answer, 403)


def test_raw_query_is_signed_as_it_is(world):
    for query in ("?call_id=7.12&x=%2B1%20a", "?call_id=7.12&x=+1+a", "?x&call_id=7.12"):
        path = "/voice/outbound/status" + query
        form = FORM | {"CallStatus": "completed"}
        assert _post(world, path=path, form=form).status_code == 204


def test_public_address_with_path_and_port_is_what_counts():
    world = carrier.world(base_url="https://cc.example.com:8443/phone/")
    url = "https://cc.example.com:8443/phone/voice/inbound"
    signature = RequestValidator(TOKEN).compute_signature(url, FORM)
    assert _post(world, signature=signature).status_code == 200
    assert _post(world).status_code == 403


def test_ids_that_we_would_not_have_written_are_refused(world):
    for leg_id in ("", "a|b", "x" * 65, "../..", "<x>"):
        path = "/voice/agent/status?" + urlencode({"leg_id": leg_id})
        answer = _post(world, path=path, form=FORM | {"CallStatus": "completed"})
        _refused(world, answer, 400)


def test_request_without_a_call_is_refused(world):
    _refused(world, _post(world, form={"AccountSid": ACCOUNT}), 400)


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("", 0), ("-1", 0), ("1.5", 0), ("٣", 0), ("9" * 30, 0)]
)
def test_number_is_whole_and_bounded_or_nothing(text, number):
    assert Hook("/", {"n": text}).number("n") == number


def test_tries_are_read_from_our_address_only():
    assert Hook("/", {"try": "7"}).tries == 0
    assert Hook("/", {}, {"try": "7"}).tries == 7
    assert Hook("/", {}, {"try": "x"}).tries == 0


def test_refusal_carries_nothing_of_the_request():
    with pytest.raises(Refused) as caught:
        Hook("/", {}, {"leg_id": "secret|"}).leg_id  # noqa: B018  (reading it is the test)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "base",
    [
        "cc.example.com",
        "ftp://cc.example.com",
        "https://user:pass@cc.example.com",
        "https://cc.example.com?x=1",
        "https://cc.example.com#x",
        "https://my_host.example.com",
        "https://",
    ],
)
def test_public_address_that_cannot_work_stops_the_start(base):
    with pytest.raises(BaseUrlError, match="public address"):
        Addresses(base)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"account_sids": ()}, "account_sids"),
        ({"language": "tlh"}, "language"),
        ({"leave_key": "12"}, "leave_key"),
        ({"opt_out_key": ""}, "opt_out_key"),
        ({"talk_s_max": 5}, "talk_s_max"),
        ({"token_key": b"short"}, "secret"),
    ],
)
def test_setting_that_cannot_work_stops_the_start(changes, word):
    with pytest.raises(ValueError, match=word):
        carrier.world(**changes)


def test_secrets_are_not_in_the_text_of_the_settings():
    text = repr(carrier.settings())
    assert isinstance(carrier.settings(), WebhookSettings)
    assert TOKEN not in text
    assert "kkkk" not in text
