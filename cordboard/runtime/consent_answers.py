"""What is answered to words of consent that the carrier does not know.

Whoever writes 退订 gets one confirmation and then nothing; whoever writes 帮助 hears who we are and
how to stop. The answer is in the language of the word.

Source: 47 CFR 64.1200(a)(12) (one confirmation, without any marketing, which may say how to get
messages again).
"""

from collections.abc import Mapping

from webhooks.ports import Consent

_ENGLISH: Mapping[Consent, str] = {
    Consent.STOP: "You will get no more messages from us. Reply START to get them again.",
    Consent.START: "You will get messages from us again. Reply STOP to get none.",
    Consent.HELP: "Call this number to speak with us. Reply STOP to get no messages from us.",
}
_MANDARIN: Mapping[Consent, str] = {
    Consent.STOP: "您将不再收到我们的短信。如需重新接收,请回复 开始。",
    Consent.START: "您将重新收到我们的短信。如需退订,请回复 退订。",
    Consent.HELP: "如需人工服务,请拨打本号码。如需退订短信,请回复 退订。",
}


def answer_to(consent: Consent, word: str, name: str = "") -> str:
    """Return the answer to a word of consent.

    Args:
        consent: What it says.
        word: The word itself, in whose language the answer is.
        name: Ours, put in front; none if empty.

    Example:
        >>> answer_to(Consent.STOP, "Stop!!", "Harbour Bank")
        'Harbour Bank: You will get no more messages from us. Reply START to get them again.'
    """
    is_latin = all(character.isascii() for character in word)
    said = (_ENGLISH if is_latin else _MANDARIN)[consent]
    return f"{name}: {said}" if name else said
