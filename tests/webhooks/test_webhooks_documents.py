"""Steps become documents: the intended verbs, whatever texts they carry."""

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from acd.ids import CallId
from ivr import steps
from webhooks.addresses import Addresses
from webhooks.flow_document import FlowDocuments
from webhooks.twiml import DOCUMENT_BYTES_MAX, DocumentTooLong, cleaned

DOCUMENTS = FlowDocuments(Addresses("https://cc.example.com"), talk_s_max=3600)
PLACE = DOCUMENTS.place(CallId("CA1"), "1-2~mac")

HOSTILE = st.one_of(
    st.sampled_from(
        [
            '"><Dial>+15005550006</Dial>',
            "</Say><Hangup/>",
            "]]>",
            "<![CDATA[x]]>",
            "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
            "a\x00b\x08\x1f\x7f\x85",
            "\ud800",
            "\u202eevil\u2066",
            "\ufffe\uffff\U0001ffff",
            "&amp;&lt;",
            "x" * 10_000,
            "</speak><Redirect>https://evil.example</Redirect>",
            "<break time='1s'/><Dial>1</Dial>",
        ]
    ),
    st.text(),
)
PROMPTS = st.one_of(
    st.builds(steps.Say, HOSTILE, HOSTILE, st.none() | HOSTILE, st.booleans()),
    st.builds(steps.Play, HOSTILE),
    st.builds(steps.Pause, st.integers(0, 90_000)),
)
VERBS = {steps.Say: "Say", steps.Play: "Play", steps.Pause: "Pause"}
ENDINGS = st.one_of(
    st.tuples(
        st.builds(
            steps.Ask, HOSTILE, st.lists(PROMPTS, max_size=2).map(tuple), hints=st.tuples(HOSTILE)
        ),
        st.just(["Gather", "Redirect"]),
    ),
    st.tuples(st.builds(steps.Voicemail, HOSTILE), st.just(["Record", "Redirect"])),
    st.tuples(st.builds(steps.FetchData, st.just("GET"), HOSTILE), st.just(["Redirect"])),
    st.tuples(
        st.builds(steps.TakePayment, HOSTILE, st.integers(0, 10**6), description=HOSTILE),
        st.just(["Pay", "Redirect"]),
    ),
    st.tuples(st.builds(steps.Enqueue, HOSTILE, HOSTILE), st.just(["Enqueue", "Redirect"])),
    st.tuples(st.builds(steps.Transfer, HOSTILE), st.just(["Dial"])),
    st.tuples(st.just(steps.HangUp("refused")), st.just(["Hangup"])),
)
MARKUP = {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
ERRANDS = st.one_of(
    st.builds(steps.SendMessage, HOSTILE, HOSTILE, HOSTILE),
    st.builds(steps.BookCallback, HOSTILE, HOSTILE, HOSTILE),
)


@given(st.lists(PROMPTS | ERRANDS, max_size=3), ENDINGS)
def test_verbs_are_the_intended_ones_whatever_the_texts(leading, ending_and_verbs):
    ending, verbs = ending_and_verbs
    root = fromstring(DOCUMENTS.document((*leading, ending), PLACE))
    heard = [VERBS[type(step)] for step in leading if type(step) in VERBS]
    assert [verb.tag for verb in root] == heard + verbs
    for verb in root:
        inside = {child.tag for child in verb.iter()} - {verb.tag}
        if verb.tag == "Gather":
            assert inside <= {"Say", "Play", "Pause"} | MARKUP
        elif verb.tag == "Say":
            assert inside <= MARKUP
        else:
            assert inside <= {"Number"}


def test_rejection_is_the_only_verb():
    root = fromstring(DOCUMENTS.document((steps.Reject("busy"),), PLACE))
    assert [(verb.tag, verb.get("reason")) for verb in root] == [("Reject", "busy")]


def _one(step):
    return fromstring(DOCUMENTS.document((step,), PLACE))[0]


def test_question_asks_for_what_the_flow_wants():
    gather = _one(
        steps.Ask(
            "cmn-Hans-CN",
            inputs=("digits", "speech"),
            digits_max=4,
            finish_key="",
            timeout_ms=2500,
            speech_timeout_ms=1200,
            hints=("balance, please", "x" * 200),
        )
    )
    assert gather.get("input") == "dtmf speech"
    assert gather.get("numDigits") == "4"
    assert gather.get("finishOnKey") == ""
    assert gather.get("timeout") == "3"
    assert gather.get("speechTimeout") == "2"
    assert gather.get("language") == "cmn-Hans-CN"
    assert gather.get("hints") == "balance  please," + "x" * 100
    assert gather.get("actionOnEmptyResult") == "true"
    assert gather.get("action").startswith("https://cc.example.com/voice/flow?call_id=CA1&token=")


def test_keys_alone_ask_no_recogniser_for_anything():
    gather = _one(steps.Ask("en-GB", hints=("x",)))
    assert gather.get("input") == "dtmf"
    assert {"language", "hints", "speechTimeout"}.isdisjoint(gather.keys())


@pytest.mark.parametrize(("is_sensitive", "listens"), [(False, True), (True, False)])
def test_partial_results_are_asked_for_only_where_nothing_is_sensitive(is_sensitive, listens):
    place = DOCUMENTS.place(CallId("CA1"), "t", has_partials=True)
    ask = steps.Ask("en-GB", inputs=("speech",), is_sensitive=is_sensitive)
    gather = fromstring(DOCUMENTS.document((ask,), place))[0]
    assert ("partialResultCallback" in gather.keys()) is listens  # noqa: SIM118  (XML attributes)


def test_payment_is_asked_in_whole_and_hundredth():
    pay = _one(steps.TakePayment("en-GB", 1205))
    assert (pay.get("chargeAmount"), pay.get("maxAttempts")) == ("12.05", "2")


def test_speech_markup_is_rebuilt_from_what_is_known():
    text = 'One <break time="1s" evil="x"/><Dial>two</Dial> <say-as interpret-as="date">3</say-as>.'
    say = _one_say(text)
    assert [child.tag for child in say] == ["break", "say-as"]
    assert say[0].attrib == {"time": "1s"}
    assert "".join(say.itertext()) == "One two 3."


def _one_say(text):
    said = (steps.Say(text, "en-GB", is_ssml=True), steps.HangUp("self_served"))
    return fromstring(DOCUMENTS.document(said, PLACE))[0]


def test_broken_speech_markup_is_read_as_text():
    assert "".join(_one_say("1 < 2 <break>").itertext()) == "1 < 2 <break>"


def test_document_over_the_carriers_limit_is_never_sent():
    long = (*[steps.Say("字" * 4000, "zh-CN")] * 6, steps.HangUp("refused"))
    with pytest.raises(DocumentTooLong):
        DOCUMENTS.document(long, PLACE)
    shorter = DOCUMENTS.document((*long[:4], long[-1]), PLACE)
    assert len(shorter.encode()) < DOCUMENT_BYTES_MAX


@given(st.text())
def test_clean_text_is_clean(text):
    once = cleaned(text)
    assert cleaned(once) == once
    assert all(char in "\t\n\r" or ord(char) >= 0x20 for char in once)
