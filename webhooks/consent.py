"""Words by which people stop, restart or question written messages.

A message that consists of such a word, whatever its case and punctuation, means it; a word inside a
sentence does not ("please don't stop"). Where the carrier itself has understood a message this way,
its reading (`OptOutType`) counts.

The carrier knows its own words only and answers those itself; a second answer would be one too
many. Any other word, such as the Chinese ones, is for us to answer.

Source: https://help.twilio.com/articles/223134027 (the carrier's default words);
47 CFR 64.1200(a)(10) (words that revoke consent by themselves); the Chinese ones are those
mainland operators ask senders to honour, in both scripts.
"""

from collections.abc import Mapping
from types import MappingProxyType

from webhooks.ports import Consent

_CARRIERS: Mapping[Consent, frozenset[str]] = MappingProxyType(
    {
        Consent.STOP: frozenset(
            ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"]
        ),
        Consent.START: frozenset(["start", "yes", "unstop"]),
        Consent.HELP: frozenset(["help", "info"]),
    }
)
"""Words that the carrier understands and answers."""

_CHINESE: Mapping[Consent, frozenset[str]] = MappingProxyType(
    {
        Consent.STOP: frozenset(
            ["td", "t", "退订", "退訂", "停止", "取消订阅", "取消訂閱", "拒收"]
        ),
        Consent.START: frozenset(["开始", "開始", "恢复", "恢復", "订阅", "訂閱"]),
        Consent.HELP: frozenset(["帮助", "幫助"]),
    }
)


def consent_in(text: str, opt_out_type: str = "") -> Consent | None:
    """Return what a message says about consent, or None when it is an ordinary one.

    Example:
        >>> consent_in("Stop!")
        <Consent.STOP: 'stop'>
        >>> consent_in("opt out")
        <Consent.STOP: 'stop'>
        >>> consent_in("please stop by tomorrow") is None
        True
    """
    for consent in Consent:
        if opt_out_type.lower() == consent.value:
            return consent
    word = "".join(character for character in text.casefold() if character.isalnum())
    for words in (_CARRIERS, _CHINESE):
        for consent, known in words.items():
            if word in known:
                return consent
    return None


def is_answered_by_carrier(text: str, opt_out_type: str = "") -> bool:
    """Tell whether the carrier itself has answered a message about consent.

    Example:
        >>> is_answered_by_carrier(" STOP "), is_answered_by_carrier("退订")
        (True, False)
        >>> is_answered_by_carrier("退订", "STOP")
        True
    """
    word = text.strip().casefold()
    return bool(opt_out_type) or any(word in known for known in _CARRIERS.values())
