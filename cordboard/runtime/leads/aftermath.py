"""What an attempt leaves behind: its outcome, what was learnt, when the lead is due again.

An attempt is closed once, however often its end is told. A callback that was agreed while the call
was still open stands: the end of the call does not overwrite it.
"""

import sqlite3
from collections.abc import Mapping

from cordboard.runtime.leads import best_time
from cordboard.runtime.leads.answer_odds import IS_TRIAL, TRIALS, LearntOdds
from cordboard.runtime.leads.best_time import AnswerTimes, OwnDial, Trials
from cordboard.runtime.leads.places import Places, zone_of
from cordboard.runtime.leads.plan import CampaignLists
from cordboard.runtime.leads.retries import Next, next_step
from cordboard.runtime.leads.standing import Lane, Standing
from dialer.commands import CloseAttempt
from dialer.compliance import Purpose
from dialer.ids import CampaignId
from dialer.outcomes import Outcome

_GONE = CampaignLists(lists=(), region="", purpose=Purpose.SERVICE, ring_ms=0, registers={})
"""Stands for a campaign whose last dials end after it has left the settings."""


class Aftermath:
    """Closes attempts; the caller holds a transaction."""

    def __init__(
        self,
        database: sqlite3.Connection,
        campaigns: Mapping[CampaignId, CampaignLists],
        places: Places,
    ) -> None:
        self._database = database
        self._campaigns = campaigns
        self._places = places
        self._odds = LearntOdds(database)

    def close(
        self, attempt: CloseAttempt, lead: sqlite3.Row | None, number: sqlite3.Row | None
    ) -> None:
        """Write an outcome down, once, and move the lead on if it is still there.

        Args:
            attempt: What ended.
            lead: Its lead, None if it was erased meanwhile.
            number: The number that was dialled, likewise.
        """
        if lead is not None and number is not None:
            self._database.execute(
                "INSERT OR IGNORE INTO attempt (call_id, campaign_id, lead_id, number_key,"
                " customer_id, place, dialled_at_ms, rule_set, window_until_ms, caller_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, '', 0, '')",
                (
                    attempt.call_id,
                    attempt.campaign_id,
                    attempt.lead_id,
                    number["number_key"],
                    lead["customer_id"],
                    number["place"],
                    attempt.dialled_at_ms,
                ),
            )
        noted = self._database.execute(
            "UPDATE attempt SET outcome = ?, was_connected = ?, is_abandoned = ?"
            " WHERE call_id = ? AND outcome IS NULL",
            (attempt.outcome, attempt.was_connected, attempt.is_abandoned, attempt.call_id),
        )
        if noted.rowcount and lead is not None and number is not None:
            self._learn(attempt, lead, number)
            self._move_on(attempt, lead, number)

    def _learn(self, attempt: CloseAttempt, lead: sqlite3.Row, number: sqlite3.Row) -> None:
        """Count a conversation, and what the dial says of its hour."""
        if attempt.was_connected:
            self._database.execute(
                "UPDATE list SET conversations = conversations + 1 WHERE list_no = ?",
                (lead["list_no"],),
            )
        if attempt.outcome in TRIALS:
            self._odds.learn(
                attempt.campaign_id,
                lead,
                number,
                attempt.dialled_at_ms,
                is_answered=attempt.outcome == Outcome.HUMAN,
            )
            when = best_time.local_hour(attempt.dialled_at_ms, zone_of(number["place"]))
            self._database.execute(
                "INSERT INTO answer_time VALUES (?, ?, ?, 1, ?) ON CONFLICT DO UPDATE"
                " SET dials = dials + 1, answers = answers + excluded.answers",
                (attempt.campaign_id, *when, attempt.outcome == Outcome.HUMAN),
            )

    def _move_on(self, attempt: CloseAttempt, lead: sqlite3.Row, number: sqlite3.Row) -> None:
        step = self._step(attempt, lead)
        if step.is_number_dead:
            self._database.execute(
                "UPDATE number SET is_dead = 1 WHERE lead_no = ? AND number_index = ?",
                (lead["lead_no"], attempt.number_index),
            )
        following = self._following(lead, attempt.number_index)
        if following is None and step.standing is Standing.RETRY:
            step = Next(Standing.UNREACHABLE)
        turn = following or number
        is_due = step.standing is Standing.RETRY
        # A lead that left its list, asked for peace or has an appointment keeps what it has.
        self._database.execute(
            "UPDATE lead SET attempts = attempts + 1, number_index = ?, place_no = ?"
            " WHERE lead_no = ?",
            (turn["number_index"], turn["place_no"], lead["lead_no"]),
        )
        self._database.execute(
            "UPDATE lead SET standing = ?, lane = ?, due_ms = ?, held_by = ''"
            " WHERE lead_no = ? AND standing NOT IN (?, ?, ?)",
            (
                step.standing,
                Lane.TIMED if is_due else None,
                self._due_ms(attempt, turn, step) if is_due else None,
                lead["lead_no"],
                Standing.REMOVED,
                Standing.AGREED,
                Standing.HELD,
            ),
        )

    def _step(self, attempt: CloseAttempt, lead: sqlite3.Row) -> Next:
        times = self._database.execute(
            "SELECT count(*) FROM attempt WHERE customer_id = ? AND campaign_id = ?"
            " AND lead_id = ? AND outcome = ?",
            (lead["customer_id"], lead["campaign_id"], lead["lead_id"], attempt.outcome),
        ).fetchone()[0]
        return next_step(
            self._campaigns.get(attempt.campaign_id, _GONE),
            attempt.outcome,
            was_connected=attempt.was_connected,
            attempts=lead["attempts"] + 1,
            times=times,
        )

    def _following(self, lead: sqlite3.Row, index: int) -> sqlite3.Row | None:
        """Return the next number in turn that is not dead; the same again if it is the only one."""
        row: sqlite3.Row | None = self._database.execute(
            "SELECT number.*, place FROM number JOIN place USING (place_no)"
            " WHERE lead_no = ? AND is_dead = 0 ORDER BY number_index <= ?, number_index LIMIT 1",
            (lead["lead_no"], index),
        ).fetchone()
        return row

    def _due_ms(self, attempt: CloseAttempt, number: sqlite3.Row, step: Next) -> int:
        """Return when to try again: after the pause, at the hour that promises an answer."""
        earliest_ms = attempt.dialled_at_ms + step.pause_ms
        if not step.picks_hour or attempt.campaign_id not in self._campaigns:
            return earliest_ms
        place = number["place"]
        windows = self._places.windows(attempt.campaign_id, place, earliest_ms)
        zone = zone_of(place)
        own = [
            OwnDial(best_time.local_hour(at_ms, zone), outcome == Outcome.HUMAN)
            for at_ms, outcome in self._database.execute(
                f"SELECT dialled_at_ms, outcome FROM attempt WHERE number_key = ? AND {IS_TRIAL}",  # noqa: S608  (question marks)
                (number["number_key"], *TRIALS),
            )
        ]
        return best_time.pick(earliest_ms, windows, zone, self._times(attempt.campaign_id), own)

    def _times(self, campaign_id: CampaignId) -> AnswerTimes:
        rows = self._database.execute(
            "SELECT weekday, hour, dials, answers FROM answer_time WHERE campaign_id = ?",
            (campaign_id,),
        )
        return AnswerTimes({(row[0], row[1]): Trials(row[2], row[3]) for row in rows})
