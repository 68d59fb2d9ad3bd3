"""Any caller in any flow, however badly written, always gets an answer, and comes to an end."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.flow import read_flow
from ivr.inputs import HungUp
from ivr.interpreter import advance
from ivr.proofs import check
from ivr.session import Session, new_session
from ivr.steps import Ask, Final, HangUp, Reject, Say, SendMessage, ending_of
from ivr.understanding import OUT_OF_SCOPE, Reading
from tests.ivr.random_flows import (
    IDS,
    asking_documents,
    documents,
    inputs_from_anyone,
    inputs_that_answer,
)

AFTER_THE_LAST_TURN = 3
"""Past `turns_max`: one person or voicemail, one goodbye, one late input."""


class Guess:
    """An understanding that gives each sentence odds by its length alone."""

    def read(self, text: str) -> Reading:
        labels = ("lost", "pay", "answer:fees", "none", OUT_OF_SCOPE)
        weights = [1 / (1 + (len(text) + 3 * place) % 7) for place in range(len(labels))]
        pairs = sorted(zip(labels, weights, strict=True), key=lambda pair: -pair[1])
        ranking = tuple((label, weight / sum(weights)) for label, weight in pairs)
        return Reading(ranking=ranking, is_known=len(text) % 5 > 0)


def flow_of(document: dict):
    flow = read_flow(msgspec.json.encode(document), file="random.yaml")
    return flow.with_understanding(Guess())


def fits_a_document(steps) -> bool:
    """No control characters and nothing empty is ever said."""
    prompts = [*steps, *getattr(steps[-1], "prompts", ())]
    texts = [step.text for step in prompts if isinstance(step, Say | SendMessage)]
    return all(text.isprintable() for text in texts) and all(
        step.text for step in prompts if isinstance(step, Say)
    )


@settings(max_examples=300, deadline=None)
@given(documents, st.lists(inputs_from_anyone, min_size=20, max_size=20))
def test_every_input_anywhere_has_an_answer_and_the_call_ends_within_its_bound(document, given_all):
    walk_to_the_end(flow_of(document), given_all)


@settings(max_examples=200, deadline=None)
@given(asking_documents, st.lists(inputs_that_answer, min_size=20, max_size=20))
def test_callers_who_answer_what_they_are_asked_reach_an_end(document, given_all):
    walk_to_the_end(flow_of(document), given_all)


def walk_to_the_end(flow, given_all):
    session = new_session(call="c", flow=flow.name, version=1, language=flow.first_language)
    for count, given_one in enumerate(given_all, start=1):
        before = msgspec.json.encode(session)
        session, steps = advance(flow, session, given_one)
        ending = ending_of(steps)
        assert fits_a_document(steps)
        assert session.ordinal == count
        assert (session.outcome is not None) == isinstance(ending, Final)
        assert not isinstance(ending, Reject) or len(steps) == 1
        stored = msgspec.json.encode(session)
        assert stored != before
        assert msgspec.json.decode(stored, type=Session) == session
        if isinstance(ending, Ask):
            assert ending.digits_max is None or ending.digits_max > 0
            assert count <= flow.document.turns_max
    assert session.turns >= flow.document.turns_max
    assert isinstance(steps[-1], Final)


@settings(max_examples=100, deadline=None)
@given(documents, st.lists(inputs_from_anyone, max_size=6))
def test_hanging_up_ends_a_call_anywhere_and_for_good(document, given_all):
    flow = flow_of(document)
    session = new_session(call="c", flow=flow.name, version=1, language=flow.first_language)
    for given_one in given_all:
        session, _ = advance(flow, session, given_one)
    session, steps = advance(flow, session, HungUp(at_ms=0))
    assert steps == (HangUp(session.outcome),)
    for given_one in given_all:
        _, late = advance(flow, session, given_one)
        assert late == steps


@settings(max_examples=200, deadline=None)
@given(
    documents,
    st.sampled_from([*IDS, "people", "gone"]),
    st.sampled_from(["", "confirm", "choose", "related", "of another release"]),
    st.lists(st.sampled_from(["lost", "fees", "answer:fees", "gone"]), max_size=3),
    st.sampled_from(["en-GB", "zh-CN", "cy-GB"]),
    inputs_from_anyone,
)
def test_session_kept_by_another_release_is_answered(
    document, node, stage, candidates, language, given_one
):
    kept = Session(
        call="c", flow="random", flow_version=9, language=language, node=node, stage=stage,
        candidates=tuple(candidates), returns=("gone",), ordinal=3, turns=2,
    )  # fmt: skip
    _, steps = advance(flow_of(document), kept, given_one)
    assert fits_a_document(steps)


@settings(max_examples=100, deadline=None)
@given(documents)
def test_proofs_have_an_opinion_on_any_flow(document):
    for finding in check(flow_of(document)):
        assert finding.line
        assert str(finding)
