"""The one gate every dial passes, when it is decided and again when it is carried out.

`gate(request, rules, state)` answers `Allowed` with the rule set that let the call through, or
`Refused` with the rule, the reason in words, the source, and when asking again makes sense. It
reads no clock and keeps nothing: the request says when, `state` says what has happened to this
person before. Checks run in one fixed order, the permanent refusals first, so the waterfall of
held-back leads is the same everywhere; `refusals` gives them all.

What the law allows later ("ten business days") the gate does at once: an own opt-out binds from its
instant.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dialer.compliance.book import Applicable
from dialer.compliance.rules import (
    AbandonPause,
    AnyRule,
    AttemptCap,
    CallerIdentity,
    CallingHours,
    ConsentNeeded,
    ConversationPause,
    DoNotCallList,
    OwnRequests,
    Purpose,
    RefusalPause,
    RingTime,
)
from dialer.compliance.windows import DAY_MS, Window

HOUR_MS = 3_600_000

GATE_ORDER: tuple[type[AnyRule], ...] = (
    OwnRequests,
    DoNotCallList,
    ConsentNeeded,
    RingTime,
    CallerIdentity,
    ConversationPause,
    RefusalPause,
    AbandonPause,
    AttemptCap,
    CallingHours,
)
"""The kinds of rules a call is checked against, in the order of the checks."""


@dataclass(frozen=True, slots=True)
class DialRequest:
    """One call that somebody would like to make."""

    at_ms: int
    purpose: Purpose
    windows: Sequence[Window]
    """When the person may be called, in order (see `windows.callable_windows`)."""
    ring_s: int
    """How long the call will ring unanswered."""
    caller_id_owned: bool
    """The number shown is one of ours, assigned to us and answering."""
    agent_reserved: bool
    """An agent is held for this call from the first ring."""
    is_automatic: bool = True
    """A machine chose or dialled the number; False in preview."""
    is_recorded: bool = False
    """No person will speak (agentless)."""
    is_mobile: bool = True
    """A mobile number, or one of unknown type."""


@dataclass(frozen=True, slots=True)
class RegisterCheck:
    """What a do-not-call register said of the number."""

    version_at_ms: int
    """When the copy that was consulted had been drawn."""
    is_listed: bool


@dataclass(frozen=True, slots=True)
class Consent:
    """The person's agreement to be called, until revoked."""

    given_at_ms: int
    is_written: bool = False
    revoked_at_ms: int | None = None

    def holds(self, at_ms: int) -> bool:
        """Tell whether it was given and not revoked by then."""
        is_revoked = self.revoked_at_ms is not None and self.revoked_at_ms <= at_ms
        return self.given_at_ms <= at_ms and not is_revoked


@dataclass(frozen=True, slots=True)
class ContactState:
    """What has happened to this person before, as far as a rule asks."""

    attempts_at_ms: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Past calls by "number", "person" and "matter", oldest first."""
    conversation_at_ms: int | None = None
    abandoned_at_ms: int | None = None
    refused_at_ms: int | None = None
    opted_out_at_ms: int | None = None
    registers: Mapping[str, RegisterCheck] = field(default_factory=dict)
    consent: Consent | None = None
    transaction_at_ms: int | None = None
    inquiry_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The call may be made now."""

    rule_set_version: str
    until_at_ms: int
    """The calling window closes then: a call carried out later must ask again."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The call may not be made now."""

    rule: str
    reason: str
    source: str
    retry_at_ms: int | None = None
    """When this rule would allow it; None: not by waiting."""


def gate(request: DialRequest, rules: Applicable, state: ContactState) -> Allowed | Refused:
    """Return whether this call may be made at `request.at_ms`, and why not."""
    for refused in refusals(request, rules, state):
        return refused
    until_at_ms = next(w.until_at_ms for w in request.windows if request.at_ms in w)
    return Allowed(rules.version, until_at_ms)


def refusals(request: DialRequest, rules: Applicable, state: ContactState) -> Iterator[Refused]:
    """Yield every refusal, permanent ones first."""
    yield from _own_requests(request, rules, state)
    yield from _registers(request, rules, state)
    yield from _consents(request, rules, state)
    yield from _conduct(request, rules)
    yield from _pauses(request, rules, state)
    yield from _caps(request, rules, state)
    yield from _hours(request, rules)


def _refused(rule: AnyRule, reason: str, retry_at_ms: int | None = None) -> Refused:
    return Refused(rule.id, reason, str(rule.source), retry_at_ms)


def _own_requests(
    request: DialRequest, rules: Applicable, state: ContactState
) -> Iterator[Refused]:
    """Refuse who asked us not to call, under any law and none."""
    asked_at_ms = state.opted_out_at_ms
    if asked_at_ms is None or asked_at_ms > request.at_ms:
        return
    reason = "the person asked not to be called"
    rule = next(iter(rules.of(OwnRequests, request.purpose)), None)
    yield _refused(rule, reason) if rule else Refused("own-requests", reason, "house rule")


def _registers(request: DialRequest, rules: Applicable, state: ContactState) -> Iterator[Refused]:
    """Refuse listed numbers, and numbers not checked against a fresh enough copy."""
    for rule in rules.of(DoNotCallList, request.purpose):
        if _is_exempt(rule, request.at_ms, state):
            continue
        check = state.registers.get(rule.register)
        if check is None:
            yield _refused(rule, f"the number was not checked against {rule.register}")
        elif check.is_listed:
            yield _refused(rule, f"the number is on {rule.register}")
        elif request.at_ms - check.version_at_ms > rule.age_days_max * DAY_MS:
            yield _refused(
                rule, f"the copy of {rule.register} is older than {rule.age_days_max} days"
            )


def _is_exempt(rule: DoNotCallList, at_ms: int, state: ContactState) -> bool:
    """Tell whether consent or a business relationship lifts a register."""
    consent = state.consent
    is_enough = consent is not None and (consent.is_written or not rule.consent_must_be_written)
    if rule.exempt_by_consent and is_enough and consent is not None and consent.holds(at_ms):
        return True
    relations = (
        (state.transaction_at_ms, rule.exempt_after_transaction_days),
        (state.inquiry_at_ms, rule.exempt_after_inquiry_days),
    )
    return any(
        since_ms is not None and 0 <= at_ms - since_ms <= days * DAY_MS
        for since_ms, days in relations
    )


def _consents(request: DialRequest, rules: Applicable, state: ContactState) -> Iterator[Refused]:
    """Refuse forms of call that need a consent nobody gave."""
    forms = {
        "any": True,
        "recorded": request.is_recorded,
        "automatic": request.is_automatic,
        "automatic_to_mobile": request.is_automatic and request.is_mobile,
    }
    consent = state.consent
    for rule in rules.of(ConsentNeeded, request.purpose):
        holds = consent is not None and consent.holds(request.at_ms)
        if rule.level == "written":
            holds = holds and consent is not None and consent.is_written
        if forms[rule.form] and not holds:
            yield _refused(rule, f"a call of this form needs {rule.level} consent")


def _conduct(request: DialRequest, rules: Applicable) -> Iterator[Refused]:
    """Refuse calls that would ring too briefly or show a number that is not ours."""
    for ring in rules.of(RingTime, request.purpose):
        if request.ring_s < ring.ring_s_min:
            yield _refused(
                ring, f"it would ring {request.ring_s} s, at least {ring.ring_s_min} s are due"
            )
    for identity in rules.of(CallerIdentity, request.purpose):
        if not request.caller_id_owned:
            yield _refused(identity, "the number shown is not one of ours")


def _pauses(request: DialRequest, rules: Applicable, state: ContactState) -> Iterator[Refused]:
    """Refuse calls too soon after a conversation, a refusal or an abandoned call."""
    purpose, at_ms = request.purpose, request.at_ms
    pauses: list[tuple[AnyRule, int | None, int, str]] = [
        (rule, state.conversation_at_ms, rule.days * DAY_MS, "a conversation")
        for rule in rules.of(ConversationPause, purpose)
    ]
    pauses += [
        (rule, state.refused_at_ms, rule.days * DAY_MS, "a refusal")
        for rule in rules.of(RefusalPause, purpose)
    ]
    if not request.agent_reserved:
        pauses += [
            (rule, state.abandoned_at_ms, rule.hours * HOUR_MS, "an abandoned call")
            for rule in rules.of(AbandonPause, purpose)
        ]
    for rule, since_ms, pause_ms, what in pauses:
        if since_ms is not None and at_ms < since_ms + pause_ms:
            yield _refused(rule, f"too soon after {what}", since_ms + pause_ms)


def _caps(request: DialRequest, rules: Applicable, state: ContactState) -> Iterator[Refused]:
    """Refuse a call beyond the cap of any sliding window that ends with it."""
    for rule in rules.of(AttemptCap, request.purpose):
        if rule.unless_agent_reserved and request.agent_reserved:
            continue
        window_ms = rule.within_h * HOUR_MS
        recent = [
            past_at_ms
            for past_at_ms in state.attempts_at_ms.get(rule.per, ())
            if past_at_ms > request.at_ms - window_ms
        ]
        if len(recent) >= rule.calls_max:
            reason = f"{len(recent)} calls per {rule.per} within {rule.within_h} h"
            yield _refused(rule, reason, recent[-rule.calls_max] + window_ms)


def _hours(request: DialRequest, rules: Applicable) -> Iterator[Refused]:
    """Refuse calls outside the person's windows; with no window at all, always."""
    if any(request.at_ms in window for window in request.windows):
        return
    opens = [w.from_at_ms for w in request.windows if w.from_at_ms > request.at_ms]
    rule = next(iter(rules.of(CallingHours, request.purpose)), None)
    retry_at_ms = min(opens, default=None)
    reason = "outside the calling hours where the person is"
    if rule is None:
        yield Refused("calling-hours", reason, "house rule", retry_at_ms)
    else:
        yield _refused(rule, reason, retry_at_ms)
