"""Our check of signatures against the carrier library's own, and against its published vector."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from webhooks.signatures import Signatures

TOKENS = ("primary-token", "next-token")
HOSTS = st.sampled_from(["cc.example.com", "localhost", "10.0.0.7", "xn--bcher-kva.example"])
PORTS = st.sampled_from(["", ":80", ":443", ":8080", ":8443"])
BASES = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https"]),
    HOSTS,
    PORTS,
    st.sampled_from(["", "/phone", "/a/b"]),
)
TARGETS = st.builds(
    "/voice{}{}".format,
    st.sampled_from(["", "/", "/inbound", "/wait/"]),
    st.sampled_from(["", "?a=1", "?a=1&a=2", "?q=%2B44&x=%20y", "?b=&c", "?token=1-2~a-_b"]),
)
NAMES = st.sampled_from(["CallSid", "Digits", "From", "callSid", "Z", "a", "Ünïcode"])
PAIRS = st.lists(st.tuples(NAMES, st.text(alphabet=st.characters(exclude_categories=["Cs"]))))


def _sign(url, pairs, token=TOKENS[0]):
    return RequestValidator(token).compute_signature(url, MultiDict(pairs))


def _sdk_admits(url, pairs, signature):
    params = MultiDict(pairs)
    return any(RequestValidator(token).validate(url, params, signature) for token in TOKENS)


def test_published_vector_is_admitted():
    pairs = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675310"),
        ("Digits", "1234"),
        ("From", "+14158675310"),
        ("To", "+18005551212"),
    ]
    ours = Signatures("https://example.com", ["12345"])
    assert ours.admits_form("/myapp.php?foo=1&bar=2", pairs, "L/OH5YylLD5NRKLltdqwSvS0BnU=")


@given(BASES, TARGETS, PAIRS, st.sampled_from(TOKENS), st.sampled_from(["", ":80", ":443"]))
def test_check_equals_the_carriers_library_on_signed_forms(base, target, pairs, token, port):
    """Signed for the base as it is, and for the base with a port that may or may not belong."""
    scheme, _, rest = base.partition("://")
    host, slash, path = rest.partition("/")
    signed_base = f"{scheme}://{host.partition(':')[0]}{port}{slash}{path}"
    signature = _sign(signed_base + target, pairs, token)
    ours = Signatures(base, TOKENS).admits_form(target, pairs, signature)
    assert ours == _sdk_admits(base + target, pairs, signature)


@given(BASES, TARGETS, PAIRS, st.data())
def test_check_equals_the_carriers_library_on_altered_forms(base, target, pairs, data):
    signature = _sign(base + target, pairs)
    altered = data.draw(
        st.sampled_from(
            [
                [*pairs, ("Digits", "")],
                [*pairs, *pairs],
                pairs[1:],
                pairs[::-1],
                [(name, value + "x") for name, value in pairs],
                [(name.lower(), value) for name, value in pairs],
            ]
        )
    )
    ours = Signatures(base, TOKENS).admits_form(target, altered, signature)
    assert ours == _sdk_admits(base + target, altered, signature)


@given(BASES, TARGETS, PAIRS, st.text(max_size=40))
def test_no_made_up_signature_is_admitted(base, target, pairs, signature):
    ours = Signatures(base, TOKENS)
    assert ours.admits_form(target, pairs, signature) == _sdk_admits(
        base + target, pairs, signature
    )


@given(BASES, st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.booleans())
def test_check_equals_the_carriers_library_on_json(base, body, is_altered):
    digest = hashlib.sha256(body.encode()).hexdigest()
    target = f"/voice/x?bodySHA256={digest}"
    signature = _sign(base + target, [])
    received = body + "x" if is_altered else body
    ours = Signatures(base, TOKENS).admits_json(target, received.encode(), signature)
    assert ours == RequestValidator(TOKENS[0]).validate(base + target, received, signature)
    assert ours is not is_altered


def test_json_without_a_digest_in_its_address_is_refused():
    signature = _sign("https://cc.example.com/voice/x", [])
    ours = Signatures("https://cc.example.com", TOKENS)
    assert not ours.admits_json("/voice/x", b"{}", signature)


def test_both_tokens_are_admitted_while_one_replaces_the_other():
    target, pairs = "/voice/inbound", [("a", "1")]
    for token in TOKENS:
        signature = _sign("https://cc.example.com" + target, pairs, token)
        assert Signatures("https://cc.example.com", TOKENS).admits_form(target, pairs, signature)
        alone = Signatures("https://cc.example.com", [TOKENS[0]])
        assert alone.admits_form(target, pairs, signature) is (token == TOKENS[0])


@pytest.mark.parametrize("tokens", [(), ("",), ("good", "")])
def test_start_is_refused_without_a_token(tokens):
    with pytest.raises(ValueError, match="auth token"):
        Signatures("https://cc.example.com", tokens)
