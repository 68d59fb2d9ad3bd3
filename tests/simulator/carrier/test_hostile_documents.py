"""Whatever an application answers, the stand-in goes on and every call ends."""

from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.wrappers import Request, Response

from simulator.carrier.account import PhoneNumber
from simulator.carrier.clock import StepClock
from simulator.carrier.grammar import RULES
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Callee, Caller, Manner, Reaction
from simulator.carrier.people.population import Directory
from simulator.carrier.server import CarrierStandIn
from simulator.carrier.wsgi import WsgiTransport
from tests.simulator.carrier.harness import CUSTOMER, MONDAY, OUR_NUMBER

VALUES = st.one_of(
    st.sampled_from(
        [
            *("true", "false", "0", "1", "3", "-1", "nan", "inf", "1e9", "", " ", "#", "*"),
            *("dtmf", "speech", "dtmf speech", "auto", "POST", "GET", "/next", "http://[", "//"),
            *("help", "room", "client:ana", "start end join leave", "record-from-start", "Enable"),
        ]
    ),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8),
)


@st.composite
def elements(draw, depth=0):
    tag = draw(st.sampled_from(sorted(RULES)))
    rule = RULES[tag]
    names = sorted(rule.attributes)
    attributes = draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=4)) if names else {}
    text = escape(draw(VALUES))
    inner = "" if depth >= 2 else "".join(draw(st.lists(elements(depth=depth + 1), max_size=2)))
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag} {written}>{text}{inner}</{tag}>"


DOCUMENTS = st.one_of(
    st.lists(elements(), max_size=4).map("".join).map("<Response>{}</Response>".format),
    st.text(max_size=30),
)


def run(documents):
    """Answer with these documents in turn, the last one for ever."""
    asked = []

    def application(environ, start_response):
        Request(environ).get_data()
        asked.append(1)
        body = documents[min(len(asked), len(documents)) - 1]
        return Response(body, mimetype="text/xml")(environ, start_response)

    people = Directory(
        {"client:ana": Callee(manner=Manner(stays_s=60.0))},
        [
            Caller(
                CUSTOMER,
                OUR_NUMBER,
                manner=Manner((Reaction(key="1*#", times=0), Reaction(say="help")), stays_s=60.0),
            )
        ],
    )
    number = PhoneNumber(OUR_NUMBER, "http://app.example/voice", status_callback="http://[")
    options = CarrierOptions(numbers=(number,), epoch=MONDAY)
    transport = WsgiTransport(application)
    carrier = CarrierStandIn(options, people, clock=StepClock(), transport=transport)
    try:
        with carrier.timeline.held():
            carrier.exchange.open()
        carrier.timeline.advance(1000)
    finally:
        carrier.stop()
    return carrier


@pytest.mark.off_contract
@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_any_document_leaves_the_exchange_in_order(documents):
    carrier = run(documents)
    assert carrier.timeline.failures == []
    assert carrier.ledger.live_legs() == []


@pytest.mark.off_contract
@pytest.mark.parametrize(
    "text",
    [
        "<Response><Redirect>http://[</Redirect></Response>",
        "<Response><Pause length='nan'/></Response>",
        "<Response><Play loop='0'>/a.mp3</Play></Response>",
        "<Response><Dial><Queue>nowhere</Queue></Dial></Response>",
        "<Response><Dial><Client/></Dial></Response>",
        "<Response><Dial><Conference coach='CA1'>x</Conference></Dial></Response>",
        "<Response><Enqueue waitUrl='http://['>help</Enqueue></Response>",
        "<Response><Gather action='http://app.example:port/'><Say>x</Say></Gather></Response>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><Response><Say>&b;</Say></Response>",
    ],
)
def test_hostile_document_ends_the_call_and_nothing_else(text):
    carrier = run([text])
    assert carrier.timeline.failures == []
    assert carrier.ledger.live_legs() == []
