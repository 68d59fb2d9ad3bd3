"""Words by which people stop, restart or question written messages.

A message that consists of such a word, whatever its case and punctuation, means it; a word inside a
sentence does not ("please don't stop"). Where the carrier itself has understood a message this way,
its reading (`OptOutType`) counts.

Source: https://help.twilio.com/articles/223134027 (the carrier's default words);
47 CFR 64.1200(a)(10) (words that revoke consent by themselves); the Chinese ones are those
mainland operators ask senders to honour.
"""

from collections.abc import Mapping
from types import MappingProxyType

from webhooks.ports import Consent

_STOP = ("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout")
_STOP_CHINESE = ("td", "t", "退订", "停止", "取消订阅")
_WORDS: Mapping[Consent, frozenset[str]] = MappingProxyType(
    {
        Consent.STOP: frozenset(_STOP + _STOP_CHINESE),
        Consent.START: frozenset(["start", "yes", "unstop", "开始", "恢复"]),
        Consent.HELP: frozenset(["help", "info", "帮助"]),
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
    for consent, words in _WORDS.items():
        if word in words:
            return consent
    return None
