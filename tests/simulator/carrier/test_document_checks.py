"""What the carrier's debugger says about documents and requests that are not quite right."""

import pytest
from werkzeug.wrappers import Response

from simulator.carrier.grammar import problems
from simulator.carrier.people.speech import speech_s
from simulator.carrier.twiml import TwimlError, parse, read_answer
from tests.simulator.carrier.harness import CUSTOMER, OUR_NUMBER


def codes(verbs):
    return [problem.code for problem in problems(parse(f"<Response>{verbs}</Response>"))]


@pytest.mark.parametrize(
    ("verbs", "expected"),
    [
        ("<Say voice='Polly.Zhiyu'>你好</Say><Pause length='2'/><Hangup/>", []),
        ("<Gather input='dtmf speech' hints='a, b'><Say>Hi</Say></Gather>", []),
        ("<Dial><Conference statusCallbackEvent='start end'>x</Conference></Dial>", []),
        ("<Shout>Hi</Shout>", [12200]),
        ("<gather/>", [12200]),
        ("<Gather numdigits='1'/>", [12200]),
        ("<Pause length='long'/>", [12200]),
        ("<Redirect method='PUT'>/x</Redirect>", [12200]),
        ("<Gather><Dial>1</Dial></Gather>", [12200]),
        ("<Dial><Say>Hi</Say></Dial>", [13201]),
        ("<Dial/>", [13223]),
        ("<Enqueue/>", [14204]),
        (f"<Enqueue>{'q' * 65}</Enqueue>", [14203]),
        ("<Gather speechTimeout='auto' input='speech'/>", [13335]),
        ("<Gather speechTimeout='auto' speechModel='deepgram_nova-3'/>", [13335]),
        ("<Gather speechTimeout='soon'/>", [13322]),
        ("<Gather numDigits='0'/>", [13314]),
        ("<Dial><Conference participantLabel='a/b'>x</Conference></Dial>", [16025]),
        ("<Dial><Conference statusCallbackEvent='start over'>x</Conference></Dial>", [12200]),
    ],
)
def test_problems_of_a_document_are_told_by_code(verbs, expected):
    assert codes(verbs) == expected


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"<Response><Say>", "text/xml", 12100),
        (b"<Reply/>", "text/xml", 12100),
        (b"", "text/xml", 12100),
        (b"<Response/>", "application/json", 12300),
        (b"<Response/>", "", 12300),
        (b"<Response>" + b" " * 70_000 + b"</Response>", "text/xml", 11750),
    ],
)
def test_answers_that_cannot_be_executed_are_refused_by_code(body, kind, code):
    with pytest.raises(TwimlError) as caught:
        read_answer(body, kind, url="https://app.example/voice", method="POST")
    assert caught.value.code == code


def test_plain_text_is_read_aloud_and_audio_is_played():
    say = read_answer(b"Welcome", "text/plain", url="https://app.example/a", method="GET")
    play = read_answer(b"\0", "audio/mpeg", url="https://app.example/a.mp3", method="GET")
    assert [(verb.tag, verb.text) for verb in (*say.verbs, *play.verbs)] == [
        ("Say", "Welcome"),
        ("Play", "https://app.example/a.mp3"),
    ]


def test_relative_url_in_inline_twiml_is_an_error():
    document = parse("<Response/>")
    with pytest.raises(TwimlError) as caught:
        document.resolve("/menu")
    assert caught.value.code == 11100


def test_chinese_takes_longer_by_the_character_than_english():
    assert speech_s("您好您好") > speech_s("good")
    assert speech_s("") == 0.0


@pytest.mark.off_contract
def test_document_with_a_problem_is_executed_all_the_same(world, application):
    application.pages["/voice"] = "<Shout>Hi</Shout><Say loud='yes'>Hello</Say>"
    sid = world.call_in()
    world.pass_(5)
    assert world.alerts() == [12200, 12200]
    assert world.status(sid) == "completed"


@pytest.mark.off_contract
def test_misspelt_parameter_of_a_request_is_noted(world, application):
    uri = f"https://api.twilio.com/2010-04-01/Accounts/{world.carrier.account.sid}/Calls.json"
    data = {
        "To": CUSTOMER,
        "From": OUR_NUMBER,
        "Url": application.url("/x"),
        "StatusCallbackEvents": "ringing",
    }
    assert world.client.request("POST", uri, data=data).status_code == 201
    assert world.alerts() == [20001]


def test_fallback_document_takes_over_with_the_error(world, application):
    number = world.carrier.exchange.numbers[OUR_NUMBER]
    number.voice_fallback_url = application.url("/fallback")
    application.pages["/voice"] = Response("oops", 500)
    application.pages["/fallback"] = "<Say>Please call again later.</Say>"
    sid = world.call_in()
    world.pass_(10)
    (visit,) = application.at("/fallback")
    assert visit["ErrorCode"] == "11200"
    assert visit["ErrorUrl"] == application.url("/voice")
    assert world.status(sid) == "completed"
