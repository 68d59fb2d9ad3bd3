"""The law as data, and the one gate every dial passes.

`law/*.yaml` holds the rules of each jurisdiction, dated and sourced; `documents` decodes them into
a `RuleBook`; `gate` says whether a call may be made; `check_campaign` refuses settings the law
forbids; `AbandonmentMeter` counts abandoned calls as each legal window defines them.
`docs/compliance.md` says what was confirmed and what not.

Nothing here reads a file, a clock or a time zone: the shell supplies documents, instants and zone
offsets.
"""

from dialer.compliance.book import Applicable, RuleBook, RuleSet
from dialer.compliance.campaign import CampaignPractice, Finding, check_campaign
from dialer.compliance.documents import RuleDocumentError, decode_rule_book, decode_rule_set
from dialer.compliance.gate import (
    GATE_ORDER,
    Allowed,
    Consent,
    ContactState,
    DialRequest,
    Refused,
    RegisterCheck,
    gate,
    refusals,
)
from dialer.compliance.meter import (
    AbandonmentMeter,
    LiveAnswer,
    Standing,
    WindowKind,
    WindowRule,
    window_of_law,
)
from dialer.compliance.rules import Purpose
from dialer.compliance.windows import OffsetSpan, Window, callable_windows

__all__ = [
    "GATE_ORDER",
    "AbandonmentMeter",
    "Allowed",
    "Applicable",
    "CampaignPractice",
    "Consent",
    "ContactState",
    "DialRequest",
    "Finding",
    "LiveAnswer",
    "OffsetSpan",
    "Purpose",
    "Refused",
    "RegisterCheck",
    "RuleBook",
    "RuleDocumentError",
    "RuleSet",
    "Standing",
    "Window",
    "WindowKind",
    "WindowRule",
    "callable_windows",
    "check_campaign",
    "decode_rule_book",
    "decode_rule_set",
    "gate",
    "refusals",
    "window_of_law",
]
