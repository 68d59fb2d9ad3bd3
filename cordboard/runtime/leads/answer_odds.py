"""The chance that a number is answered now, from all attempts the store has seen.

`dialer.pacing.odds` learns; here is what it is told and where it is kept: which traits an attempt
has, the record of its number, and one row of evidence per trait and campaign. Only attempts that
say whether a person was there count. Until a campaign has had some answers it says nothing, and the
pacer takes its own careful figure.
"""

import sqlite3

from cordboard.runtime.leads.best_time import local_hour
from cordboard.runtime.leads.places import zone_of
from dialer.ids import CampaignId
from dialer.outcomes import Outcome
from dialer.pacing.odds import RATE, AnswerOdds, Evidence, Record

TRIALS = (Outcome.HUMAN, Outcome.MACHINE, Outcome.NO_ANSWER, Outcome.SCREENED, Outcome.UNKNOWN)
"""Outcomes that say whether a person was there."""

IS_TRIAL = f"outcome IN ({','.join('?' * len(TRIALS))})"

NOTHING_KNOWN = -1
"""The chance of a lead about which nothing can be said."""

_ANSWERS_MIN = 10
"""Expected answers of a campaign before what it learnt is told."""

_ATTEMPTS_TOLD_APART = 5


class LearntOdds:
    """Answer odds of one store's campaigns; the caller holds a transaction."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def of_campaign(self, campaign_id: CampaignId) -> AnswerOdds | None:
        """Return what a campaign has learnt, None while that is too little."""
        evidence = self._evidence(campaign_id)
        is_enough = RATE in evidence and evidence[RATE].expected >= _ANSWERS_MIN
        return AnswerOdds(evidence) if is_enough else None

    def permille(
        self, odds: AnswerOdds | None, lead: sqlite3.Row, number: sqlite3.Row, now_ms: int
    ) -> int:
        """Return the chance that a lead's number is answered now, in thousandths.

        Cost: one look into the number's attempts.
        """
        if odds is None:
            return NOTHING_KNOWN
        dials, answers = self._database.execute(
            f"SELECT count(*), ifnull(sum(outcome = ?), 0) FROM attempt WHERE number_key = ?"  # noqa: S608  (question marks)
            f" AND {IS_TRIAL}",
            (Outcome.HUMAN, number["number_key"], *TRIALS),
        ).fetchone()
        return odds.permille(traits_of(lead, number, now_ms), Record(dials, answers))

    def learn(
        self,
        campaign_id: CampaignId,
        lead: sqlite3.Row,
        number: sqlite3.Row,
        dialled_at_ms: int,
        *,
        is_answered: bool,
    ) -> None:
        """Learn from one attempt that says whether a person was there."""
        traits = traits_of(lead, number, dialled_at_ms)
        odds = AnswerOdds(self._evidence(campaign_id))
        changed = odds.learn(traits, is_answered=is_answered)
        self._database.executemany(
            "INSERT OR REPLACE INTO answer_odds VALUES (?, ?, ?, ?)",
            [
                (campaign_id, name, seen.answered, seen.expected)
                for name, seen in odds.evidence(changed)
            ],
        )

    def _evidence(self, campaign_id: CampaignId) -> dict[str, Evidence]:
        rows = self._database.execute(
            "SELECT trait, answered, expected FROM answer_odds WHERE campaign_id = ?",
            (campaign_id,),
        )
        return {trait: Evidence(answered, expected) for trait, answered, expected in rows}


def traits_of(lead: sqlite3.Row, number: sqlite3.Row, at_ms: int) -> tuple[str, ...]:
    """Return what the chance of an answer may depend on, beside the number itself."""
    place = number["place"]
    _, hour = local_hour(at_ms, zone_of(place))
    return (
        f"hour {hour}",
        f"attempts {min(lead['attempts'], _ATTEMPTS_TOLD_APART)}",
        f"kind {number['kind']}",
        f"region {place.partition('|')[0]}",
    )
