"""What the compliance tests share: the supplied rule book and a plain request."""

from datetime import UTC, datetime
from functools import cache

from cordboard.runtime.law import load_rule_book
from dialer.compliance import Consent, ContactState, DialRequest, Purpose, RegisterCheck, Window

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


@cache
def supplied_book():
    return load_rule_book()


def at(text):
    """Instant of a UTC time such as 2026-11-23 15:00."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOON = at("2026-11-23 12:00")


def request(**changes):
    told = {
        "at_ms": NOON,
        "purpose": Purpose.MARKETING,
        "windows": (Window(NOON - HOUR_MS, NOON + HOUR_MS),),
        "ring_s": 20,
        "caller_id_owned": True,
        "agent_reserved": False,
    }
    return DialRequest(**{**told, **changes})


def clean_state(**changes):
    """Somebody who consented in writing and is on no list."""
    told = {
        "consent": Consent(NOON - 90 * DAY_MS, is_written=True),
        "registers": {
            name: RegisterCheck(NOON - DAY_MS, is_listed=False)
            for name in ("us-national-dnc", "gb-tps", "ca-dncl", "au-dncr")
        },
    }
    return ContactState(**{**told, **changes})
