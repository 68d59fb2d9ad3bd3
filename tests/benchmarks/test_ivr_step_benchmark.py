"""What one answer of the interpreter costs: the example flow, each kind of caller's turn."""

import pytest

from acd.ids import CallId
from ivr.flow import Flow, read_flow
from ivr.inputs import Digits, Input, Speech, Started
from ivr.intents import understanding_of
from ivr.interpreter import advance
from ivr.session import Session, new_session
from tests.ivr.flow_texts import EXAMPLE, MONDAY_NOON_MS
from webhooks.addresses import Addresses
from webhooks.flow_document import FlowDocuments

pytestmark = pytest.mark.bench
WRITER = FlowDocuments(Addresses("https://voice.example"), talk_s_max=14_400)


@pytest.fixture(scope="module")
def flow() -> Flow:
    return understanding_of(read_flow(EXAMPLE.read_bytes(), file=EXAMPLE.name))


def session_after(flow: Flow, *given_all: Input) -> Session:
    session = new_session(call="c", flow=flow.name, version=1, language=flow.first_language)
    for given in (Started(at_ms=MONDAY_NOON_MS), *given_all):
        session, _ = advance(flow, session, given)
    return session


ENGLISH = Digits(at_ms=MONDAY_NOON_MS, digits="1")
OWN_WORDS = Digits(at_ms=MONDAY_NOON_MS, digits="5")
WISH = Speech(at_ms=MONDAY_NOON_MS, text="The transfer I sent on Monday has not arrived")


@pytest.mark.parametrize(
    ("before", "given"),
    [
        ((), ENGLISH),
        ((ENGLISH,), Digits(at_ms=MONDAY_NOON_MS, digits="3")),
        ((ENGLISH,), Speech(at_ms=MONDAY_NOON_MS, text="it is about a lost card")),
        ((ENGLISH, OWN_WORDS), WISH),
        ((ENGLISH,), Digits(at_ms=MONDAY_NOON_MS, digits="0")),
    ],
    ids=["language key", "menu key", "menu phrase", "own words", "a person"],
)
def test_one_answer(benchmark, flow, before, given):
    session = session_after(flow, *before)
    place = WRITER.place(CallId("CA" + "0" * 32), "token")

    def answer() -> str:
        """What a webhook does but for the network: the step, and the document for it."""
        _, steps = advance(flow, session, given)
        return WRITER.document(steps, place)

    assert "<Response>" in benchmark(answer)


def test_reading_and_proving_the_example_flow(benchmark):
    from ivr.proofs import check

    text = EXAMPLE.read_bytes()
    findings = benchmark(lambda: check(read_flow(text, file=EXAMPLE.name)))
    assert findings == []
