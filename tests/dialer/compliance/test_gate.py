"""The one gate: each rule refuses what it should, says why, and nothing slips through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.compliance import (
    Allowed,
    Applicable,
    Consent,
    ContactState,
    Purpose,
    Refused,
    RegisterCheck,
    Window,
    gate,
    refusals,
)
from dialer.compliance.rules import AttemptCap
from tests.dialer.compliance.law_fixtures import (
    DAY_MS,
    HOUR_MS,
    NOON,
    clean_state,
    request,
    supplied_book,
)


def ask(region="us-tx", state=None, **changes):
    return gate(request(**changes), supplied_book().applicable([region]), state or clean_state())


def test_a_lawful_call_is_allowed_and_names_the_rules_that_let_it_through():
    assert ask() == Allowed("us@2026-11-21", NOON + HOUR_MS)


def test_outside_the_window_says_when_to_try_again():
    refused = ask(windows=(Window(NOON + HOUR_MS, NOON + 2 * HOUR_MS),))
    assert refused.rule == "us-hours-marketing"
    assert refused.retry_at_ms == NOON + HOUR_MS
    assert "status A" in refused.source


def test_nobody_without_a_window_is_called():
    assert ask(windows=()).retry_at_ms is None


def test_without_any_rule_the_window_still_binds():
    lawless = Applicable("", ())
    assert gate(request(windows=()), lawless, clean_state()).rule == "calling-hours"
    assert isinstance(gate(request(), lawless, clean_state()), Allowed)


def test_an_opt_out_binds_from_its_instant_under_any_law():
    opted = clean_state(opted_out_at_ms=NOON)
    assert ask(state=opted).rule == "us-own-requests"
    assert ask(state=opted, purpose=Purpose.SERVICE).rule == "own-requests"
    assert isinstance(ask(state=clean_state(opted_out_at_ms=NOON + 1)), Allowed)


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (None, "was not checked"),
        (RegisterCheck(NOON, is_listed=True), "is on"),
        (RegisterCheck(NOON - 32 * DAY_MS, is_listed=False), "older than 31 days"),
    ],
)
def test_a_register_must_be_checked_fresh_and_clean(check, reason):
    registers = {} if check is None else {"us-national-dnc": check}
    refused = ask(state=ContactState(registers=registers))
    assert refused.rule == "us-national-dnc"
    assert reason in refused.reason


@pytest.mark.parametrize(
    "relation",
    [
        {"transaction_at_ms": NOON - 539 * DAY_MS},
        {"inquiry_at_ms": NOON - 89 * DAY_MS},
        {"consent": Consent(NOON - DAY_MS, is_written=True)},
    ],
)
def test_a_relationship_or_consent_lifts_the_register(relation):
    assert isinstance(ask(state=ContactState(**relation)), Allowed)


def test_spoken_consent_lifts_no_register_that_asks_for_writing():
    """16 CFR 310.4(b)(1)(iii)(B)(1): an express agreement in writing."""
    spoken = ContactState(consent=Consent(NOON - DAY_MS))
    assert ask(state=spoken).rule == "us-national-dnc"
    assert isinstance(ask("gb", state=spoken), Allowed)


def test_a_revoked_consent_lifts_nothing():
    state = ContactState(consent=Consent(NOON - DAY_MS, revoked_at_ms=NOON))
    assert ask(state=state).rule == "us-national-dnc"


def test_a_recorded_call_needs_written_consent():
    assert isinstance(ask(is_recorded=True), Allowed)
    spoken = clean_state(consent=Consent(NOON - DAY_MS))
    assert ask(is_recorded=True, state=spoken).rule == "us-consent-recorded"


def test_oklahoma_asks_consent_for_automatic_calls_only():
    state = clean_state(consent=None)
    assert ask("us-ok", state).rule == "us-ok-consent-automatic"
    assert isinstance(ask("us-ok", state, is_automatic=False), Allowed)


def test_a_call_must_ring_long_enough_and_show_our_own_number():
    assert ask(ring_s=14).rule == "us-ring-15-s"
    assert ask(caller_id_owned=False).rule == "us-caller-identity"


def test_the_fourth_call_in_a_day_waits_for_the_first_to_leave_the_window():
    calls = [NOON - 20 * HOUR_MS, NOON - 5 * HOUR_MS, NOON - HOUR_MS]
    state = clean_state(attempts_at_ms={"matter": calls})
    refused = ask("us-fl", state)
    assert refused.rule == "us-fl-three-in-24-h"
    assert refused.retry_at_ms == NOON + 4 * HOUR_MS
    assert isinstance(ask("us-tx", state), Allowed)


def test_seven_calls_in_seven_days_bind_collectors_only():
    calls = [NOON - day * DAY_MS for day in range(6, -1, -1)]
    state = clean_state(attempts_at_ms={"matter": calls})
    assert ask(state=state, purpose=Purpose.COLLECTION).rule == "us-reg-f-seven-in-seven"
    assert isinstance(ask(state=state), Allowed)


def test_a_conversation_pauses_collection_for_a_week():
    state = clean_state(conversation_at_ms=NOON - 6 * DAY_MS)
    refused = ask(state=state, purpose=Purpose.COLLECTION)
    assert refused.rule == "us-reg-f-after-conversation"
    assert refused.retry_at_ms == NOON + DAY_MS


def test_an_abandoned_number_is_called_again_only_with_an_agent_reserved():
    state = clean_state(abandoned_at_ms=NOON - 71 * HOUR_MS)
    assert ask("gb", state).rule == "gb-abandon-72-h"
    assert isinstance(ask("gb", state, agent_reserved=True), Allowed)


def test_a_refusal_is_respected_for_a_year_in_washington():
    state = clean_state(refused_at_ms=NOON - 364 * DAY_MS)
    assert ask("us-wa", state).rule == "us-wa-year-after-refusal"


def test_all_refusals_come_in_one_order_permanent_ones_first():
    state = ContactState(opted_out_at_ms=NOON, abandoned_at_ms=NOON)
    found = refusals(request(ring_s=5, windows=()), supplied_book().applicable(["gb"]), state)
    assert [refused.rule for refused in found] == [
        "gb-own-requests",
        "gb-tps",
        "gb-ring-15-s",
        "gb-abandon-72-h",
        "gb-hours",
    ]


instants = st.integers(NOON - 8 * DAY_MS, NOON + DAY_MS)


@given(
    region=st.sampled_from(["us-fl", "us", "gb", "fr", "zz", "cn"]),
    purpose=st.sampled_from(list(Purpose)),
    attempts=st.lists(st.integers(NOON - 8 * DAY_MS, NOON), max_size=9).map(sorted),
    edges=st.lists(instants, max_size=6, unique=True).map(sorted),
    opted_out_at_ms=st.none() | instants,
    ring_s=st.integers(1, 60),
    agent_reserved=st.booleans(),
    listed=st.booleans(),
    consent=st.none() | st.just(Consent(NOON - 9 * DAY_MS, is_written=True)),
)
def test_nothing_is_dialled_outside_windows_caps_and_lists(
    region, purpose, attempts, edges, opted_out_at_ms, ring_s, agent_reserved, listed, consent
):
    rules = supplied_book().applicable([region])
    windows = tuple(Window(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))
    asked = request(purpose=purpose, windows=windows, ring_s=ring_s, agent_reserved=agent_reserved)
    state = ContactState(
        attempts_at_ms=dict.fromkeys(("number", "person", "matter"), attempts),
        opted_out_at_ms=opted_out_at_ms,
        registers={"us-national-dnc": RegisterCheck(NOON, is_listed=listed)},
        consent=consent,
    )
    answer = gate(asked, rules, state)
    if isinstance(answer, Refused):
        assert answer.reason
        return
    assert answer.rule_set_version == rules.version
    assert any(NOON in window for window in windows)
    assert opted_out_at_ms is None or opted_out_at_ms > NOON
    if listed and region.startswith("us") and purpose is Purpose.MARKETING:
        assert consent is not None
    for cap in rules.of(AttemptCap, purpose):
        recent = [past for past in attempts if past > NOON - cap.within_h * HOUR_MS]
        assert len(recent) < cap.calls_max or (cap.unless_agent_reserved and agent_reserved)
