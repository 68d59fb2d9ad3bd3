"""The waterfall sums to the list's size, names the rules, and agrees with the answer per number."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cordboard.runtime.leads.plan import Retry
from dialer.ids import LeadId
from tests.cordboard.runtime.lead_lists import CAMPAIGN, MORNING, Lists, at, rows

ENDS = [
    ("busy", {}),
    ("no_answer", {}),
    ("machine", {}),
    ("invalid", {}),
    ("human", {"was_connected": True}),
    ("human", {"is_abandoned": True}),
]


def test_fresh_list_is_callable_in_the_morning_and_held_by_the_hours_at_night(tmp_path):
    made = Lists(tmp_path, {"main": rows(1, 5)})
    assert made.counts() == {"callable": 5}
    assert made.counts(at(2, 22)) == {"gb-hours": 5}
    made.store.close()


def test_every_bookkeeping_reason_has_its_level_in_order(tmp_path):
    retries = {"busy": Retry(3_600_000), "machine": Retry(None)}
    made = Lists(tmp_path, {"main": rows(1, 9)}, retries=retries)
    made.supply(1)
    made.close("L1", "human", was_connected=True)
    made.close("L2", "machine", call="7.2")
    made.close("L3", "invalid", call="7.3")
    made.close("L4", "busy", call="7.4")
    made.opt_out("L5")
    made.store.agree(CAMPAIGN, LeadId("L6"), at(2, 15))
    lent = made.names(1)
    assert lent == ["L7"]
    fall = made.fall()
    assert [(level.reason.code, level.count, level.left) for level in fall.levels] == [
        ("reached", 1, 8),
        ("unreachable", 1, 7),
        ("spent", 1, 6),
        ("own-opt-out", 1, 5),
        ("agreed", 1, 4),
        ("retry", 1, 3),
        ("lent", 1, 2),
        ("callable", 2, 0),
    ]
    made.store.close()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["lend", "end", "opt out", "agree", "night"]), st.integers(0, 40)
        ),
        max_size=30,
    )
)
def test_waterfall_sums_to_the_list_and_equals_the_count_of_answers(steps, tmp_path_factory):
    made = Lists(tmp_path_factory.mktemp("fall"), {"a": rows(1, 12), "b": rows(20, 8)})
    now_ms, lent, calls = MORNING, [], 0
    for step, number in steps:
        now_ms += number * 600_000
        if step == "lend":
            lent += made.supply(1 + number % 5, now_ms)
        elif step == "end" and lent:
            lead, calls = lent.pop(0), calls + 1
            made.permit(str(lead.lead_id), now_ms, f"7.{calls}")
            outcome, marks = ENDS[number % len(ENDS)]
            made.close(str(lead.lead_id), outcome, now_ms, f"7.{calls}", **marks)
        elif step == "opt out":
            made.opt_out(f"L{1 + number % 12}", now_ms)
        elif step == "agree":
            made.store.agree(CAMPAIGN, LeadId(f"L{1 + number % 12}"), now_ms + 3_600_000)
    fall = made.fall(now_ms)
    assert fall.total == 20
    assert sum(level.count for level in fall.levels) == 20
    numbers = [*range(1, 13), *range(20, 28)]
    answers = [made.why(f"+4420794602{n:02}", now_ms).leads[0] for n in numbers]
    assert sum(answer.is_callable for answer in answers) == fall.callable_count
    if fall.callable_count:
        assert len(made.supply(20, now_ms)) == fall.callable_count
    made.store.close()


def test_answer_for_a_number_gives_every_reason_and_every_dial(tmp_path):
    made = Lists(tmp_path, {"main": rows(1, 1)})
    made.supply()
    made.permit("L1")
    made.close("L1", "human", is_abandoned=True)
    answer = made.why("+442079460201", at(3, 22))
    (lead,) = answer.leads
    assert not lead.is_callable
    codes = {reason.code for reason in lead.reasons}
    assert {"gb-abandon-72-h", "gb-hours"} <= codes
    assert [(line.outcome, line.rule_set) for line in answer.attempts] == [
        ("human", "gb@2026-11-21")
    ]
    made.store.close()


def test_number_on_no_list_has_an_answer_too(tmp_path):
    made = Lists(tmp_path, {"main": rows(1, 1)})
    made.store.take_requests(MORNING, iter(["+442079460277"]))
    answer = made.why("+442079460277")
    assert (answer.leads, answer.asked_at_ms, answer.asked_source) == ((), MORNING, "imported")
    made.store.close()


@pytest.mark.parametrize("outcome", ["busy", "no_answer"])
def test_asking_changes_nothing(tmp_path, outcome):
    made = Lists(tmp_path, {"main": rows(1, 4)})
    made.supply(1)
    made.close("L1", outcome)
    assert made.fall() == made.fall()
    assert made.names() == ["L2", "L3", "L4"]
    made.store.close()
