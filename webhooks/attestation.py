"""Who vouches for a caller's number, in five words.

Networks that take part in STIR/SHAKEN sign the number of a call they let in, with a grade; the
carrier checks the signature and says how it came out. In a call flow the grade is the value
`caller.attestation`, on the agent's page it comes with what it means, in history it is a column.

A grade is about a number. It never says who speaks: telephones are lent, stolen and taken over, so
no grade takes the place of verifying the caller.

Source: https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir (`StirVerstat`);
ATIS-1000074, section 5.2.3 (full, partial and gateway attestation).
"""

from collections.abc import Mapping

FULL, PARTIAL, GATEWAY, FAILED, NONE = "full", "partial", "gateway", "failed", "none"

MEANINGS: Mapping[str, str] = {
    FULL: "the caller's network vouches that the number is theirs",
    PARTIAL: "the network knows the caller, but not that the number is theirs",
    GATEWAY: "the network only knows where the call came in, not who calls",
    FAILED: "the signature is wrong: the number may be forged",
    NONE: "nobody vouches for the number",
}
"""What each grade means, as an agent reads it."""

_PASSED, _FAILED = "TN-Validation-Passed", "TN-Validation-Failed"
_LEVELS: Mapping[str, str] = {"A": FULL, "B": PARTIAL, "C": GATEWAY}


def grade_of(verstat: str) -> str:
    """Return the grade that the carrier's word is; one we do not know vouches for nothing.

    A call that was diverted on its way keeps the level of its number.

    Args:
        verstat: The parameter `StirVerstat`; empty where the carrier told none.

    Example:
        >>> grade_of("TN-Validation-Passed-A"), grade_of("TN-Validation-Passed-B-Diverted")
        ('full', 'partial')
        >>> grade_of("TN-Validation-Failed-A"), grade_of("No-TN-Validation"), grade_of("")
        ('failed', 'none', 'none')
    """
    if verstat.startswith(_FAILED):
        return FAILED
    head, _, rest = verstat.partition(f"{_PASSED}-")
    if head or not rest:
        return NONE
    return _LEVELS.get(rest.partition("-")[0], NONE)
