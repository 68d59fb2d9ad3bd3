"""Questions about the lists that change nothing: the waterfall, and why a number is not dialled.

The gate's answer depends on the lead, but of most leads nothing is known yet: all fresh leads of a
place, with the same consent, get one answer. So the waterfall is one pass over the leads that are
due, with the gate asked once per kind of lead and once for each that has a past. Leads whose time
has not come are counted by the database.

Cost: some ten microseconds per lead, a hundred per lead with a past that is due.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cordboard.runtime.leads import waterfall
from cordboard.runtime.leads.gatekeeper import Gatekeeper, Question
from cordboard.runtime.leads.lending import working_lists
from cordboard.runtime.leads.plan import ADDED, CampaignLists
from cordboard.runtime.leads.schema import open_beside
from cordboard.runtime.leads.standing import FINISHED, OWN_REQUEST, Standing
from cordboard.runtime.leads.waterfall import BY_STANDING, CALLABLE, Reason, Waterfall
from dialer.compliance import Allowed, Refused, RuleBook
from dialer.ids import CampaignId

OPTED_OUT = waterfall.of_rule(None, OWN_REQUEST, "the person asked not to be called", "house rule")

_PAST = (
    "(EXISTS (SELECT 1 FROM do_not_call WHERE do_not_call.number_key = number.number_key)"
    " OR EXISTS (SELECT 1 FROM attempt WHERE attempt.number_key = number.number_key)"
    " OR EXISTS (SELECT 1 FROM attempt WHERE attempt.customer_id = lead.customer_id)"
    " OR EXISTS (SELECT 1 FROM register JOIN registered USING (copy_no)"
    " WHERE registered.number_key = number.number_key))"
)
"""Whether anything is known of a number or its person."""

_NUMBERS = (
    f"SELECT number.*, place, {_PAST} AS has_past FROM lead JOIN number USING (lead_no)"  # noqa: S608  (of this module)
    " JOIN place ON place.place_no = number.place_no WHERE lead.lead_no = ? AND is_dead = 0"
    " ORDER BY number.number_index < lead.number_index, number.number_index"
)

_DUE = (
    "SELECT lead.*, number.number_index AS at_index, is_mobile, is_dead, number_key, place,"  # noqa: S608  (of this module)
    f" {_PAST} AS has_past,"
    " EXISTS (SELECT 1 FROM number AS other WHERE other.lead_no = lead.lead_no"
    " AND other.number_index > 0) AS has_others"
    " FROM lead JOIN number ON number.lead_no = lead.lead_no"
    " AND number.number_index = lead.number_index"
    " JOIN place ON place.place_no = number.place_no"
    " WHERE list_no = ? AND lane IS NOT NULL AND due_ms <= ?"
)


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One dial of a number."""

    campaign_id: str
    dialled_at_ms: int
    outcome: str | None  #: None while it is under way
    rule_set: str


@dataclass(frozen=True, slots=True)
class LeadAnswer:
    """Why one lead with the number is dialled or not."""

    campaign_id: str
    list_name: str
    lead_id: str
    standing: str
    is_callable: bool
    due_ms: int | None  #: when it is looked at again; None: nothing is planned
    agent_id: str  #: who promised to call, if somebody did
    reasons: tuple[Reason, ...]  #: in order, the first one counts in the waterfall


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """All that is known of a number."""

    asked_at_ms: int | None  #: since when it is on our own do-not-call list
    asked_source: str
    registers: tuple[str, ...]  #: national registers it is on
    leads: tuple[LeadAnswer, ...]
    attempts: tuple[AttemptLine, ...]


class Inquiry:
    """Asks a lead store; changes nothing."""

    def __init__(self, database: sqlite3.Connection, gatekeeper: Gatekeeper) -> None:
        self._database = database
        self._gatekeeper = gatekeeper

    # --- the waterfall -----------------------------------------------------------------------

    def waterfall(self, campaign_id: CampaignId, now_ms: int) -> Waterfall:
        """Return how many leads each rule holds back at an instant."""
        return waterfall.fold(self._reasons(campaign_id, now_ms))

    def _reasons(self, campaign_id: CampaignId, now_ms: int) -> Iterator[tuple[Reason, int]]:
        idle = self._idle_lists(campaign_id)
        for list_no in self._list_numbers(campaign_id):
            rows = self._database.execute(
                "SELECT standing, held_by, lane IS NOT NULL AND due_ms <= ? AS is_due, count(*)"
                " FROM lead WHERE list_no = ? GROUP BY 1, 2, 3",
                (now_ms, list_no),
            ).fetchall()
            for standing, held_by, is_due, count in rows:
                at = Standing(standing)
                if at not in FINISHED and list_no in idle:
                    yield idle[list_no], count
                elif not is_due:
                    yield self._reason_of_rest(at, held_by), count
            if list_no not in idle:
                yield from self._reasons_of_due(list_no, now_ms)

    def _reasons_of_due(self, list_no: int, now_ms: int) -> Iterator[tuple[Reason, int]]:
        """Yield the gate's answer for each lead that is due."""
        known: dict[tuple[object, ...], Reason] = {}
        for row in self._database.execute(_DUE, (list_no, now_ms)):
            kind = (
                row["place"],
                row["is_mobile"],
                row["consent_at_ms"],
                row["consent_is_written"],
                row["transaction_at_ms"],
                row["inquiry_at_ms"],
            )
            if row["has_past"] or row["has_others"] or row["is_dead"]:
                yield self._judged(row, now_ms)[0], 1
                continue
            if kind not in known:
                known[kind] = self._judge(Question(row, row, row["place"], now_ms))
            yield known[kind], 1

    def _judged(self, lead: sqlite3.Row, now_ms: int) -> tuple[Reason, ...]:
        """Return everything that speaks against a due lead; `CALLABLE` alone if nothing does.

        A lead whose one number is refused and whose other is not may be called.
        """
        numbers = self._database.execute(_NUMBERS, (lead["lead_no"],)).fetchall()
        found: list[Reason] = []
        for number in numbers:
            question = Question(lead, number, number["place"], now_ms)
            if isinstance(self._gatekeeper.ask(question), Allowed):
                return (CALLABLE,)
            found += [
                self._of_refusal(question, refused)
                for refused in self._gatekeeper.refusals(question)
            ]
        return tuple(dict.fromkeys(found)) or (BY_STANDING[Standing.UNREACHABLE],)

    def _judge(self, question: Question) -> Reason:
        verdict = self._gatekeeper.ask(question)
        return CALLABLE if isinstance(verdict, Allowed) else self._of_refusal(question, verdict)

    def _of_refusal(self, question: Question, refused: Refused) -> Reason:
        campaign_id = CampaignId(question.lead["campaign_id"])
        rules = self._gatekeeper.places.rules(campaign_id, question.place).rules
        rule = next((rule for rule in rules if rule.id == refused.rule), None)
        return waterfall.of_rule(rule, refused.rule, refused.reason, refused.source)

    def _reason_of_rest(self, standing: Standing, held_by: str) -> Reason:
        """Return why a lead that is not due rests."""
        if standing is not Standing.HELD and not held_by:
            return BY_STANDING.get(standing, BY_STANDING[Standing.RETRY])
        for rule_set in self._gatekeeper.places.book.sets.values():
            for rule in rule_set.rules:
                if rule.id == held_by:
                    return waterfall.of_rule(rule, held_by, "held by this rule", str(rule.source))
        if held_by == OWN_REQUEST:
            return waterfall.of_rule(
                None, held_by, "the person asked not to be called", "house rule"
            )
        return waterfall.of_rule(None, held_by or "held", "held by a rule that is no more", "")

    def _idle_lists(self, campaign_id: CampaignId) -> dict[int, Reason]:
        """Return the lists that lend nothing, and why."""
        rows = self._database.execute(
            "SELECT * FROM list WHERE campaign_id = ?", (campaign_id,)
        ).fetchall()
        lists = self._gatekeeper.campaigns.get(campaign_id)
        if lists is None:
            return {row["list_no"]: waterfall.UNLISTED for row in rows}
        working = working_lists(rows, lists)
        names = {ADDED, *(file.name for file in lists.lists)}
        goal = lists.conversations_goal
        is_done = goal is not None and sum(row["conversations"] for row in rows) >= goal
        return {
            row["list_no"]: (
                waterfall.UNLISTED
                if row["name"] not in names
                else waterfall.GOAL
                if is_done
                else waterfall.QUOTA
            )
            for row in rows
            if row["list_no"] not in working
        }

    def _list_numbers(self, campaign_id: CampaignId) -> list[int]:
        rows = self._database.execute(
            "SELECT list_no FROM list WHERE campaign_id = ? ORDER BY list_no", (campaign_id,)
        )
        return [row[0] for row in rows]

    # --- one number --------------------------------------------------------------------------

    def number(self, number_key: str, now_ms: int) -> NumberAnswer:
        """Return why a number is dialled or not, for every lead that has it."""
        asked = self._database.execute(
            "SELECT * FROM do_not_call WHERE number_key = ?", (number_key,)
        ).fetchone()
        registers = self._database.execute(
            "SELECT name FROM register JOIN registered USING (copy_no) WHERE number_key = ?"
            " ORDER BY name",
            (number_key,),
        )
        attempts = self._database.execute(
            "SELECT campaign_id, dialled_at_ms, outcome, rule_set FROM attempt"
            " WHERE number_key = ? ORDER BY dialled_at_ms",
            (number_key,),
        )
        leads = self._database.execute(
            "SELECT lead.*, list.name AS list_name FROM number JOIN lead USING (lead_no)"
            " JOIN list USING (list_no) WHERE number_key = ? ORDER BY lead_no",
            (number_key,),
        ).fetchall()
        return NumberAnswer(
            asked_at_ms=None if asked is None else asked["asked_at_ms"],
            asked_source="" if asked is None else asked["source"],
            registers=tuple(row["name"] for row in registers),
            leads=tuple(self._lead(row, now_ms) for row in leads),
            attempts=tuple(AttemptLine(*row) for row in attempts),
        )

    def _lead(self, row: sqlite3.Row, now_ms: int) -> LeadAnswer:
        standing = Standing(row["standing"])
        reasons = tuple(sorted(self._reasons_of_lead(row, standing, now_ms)))
        return LeadAnswer(
            campaign_id=row["campaign_id"],
            list_name=row["list_name"],
            lead_id=row["lead_id"],
            standing=standing.name.lower(),
            is_callable=reasons == (CALLABLE,),
            due_ms=row["due_ms"] if row["lane"] is not None and row["due_ms"] > now_ms else None,
            agent_id=row["agent_id"],
            reasons=reasons,
        )

    def _reasons_of_lead(
        self, row: sqlite3.Row, standing: Standing, now_ms: int
    ) -> Iterator[Reason]:
        """Yield all that speaks against calling a lead now, what the gate says included."""
        campaign_id = CampaignId(row["campaign_id"])
        if standing in FINISHED:
            yield BY_STANDING[standing]
            return
        idle = self._idle_lists(campaign_id).get(row["list_no"])
        if idle is not None:
            yield idle
        is_due = row["lane"] is not None and row["due_ms"] <= now_ms
        if not is_due and standing is not Standing.HELD:
            yield self._reason_of_rest(standing, row["held_by"])
        judged = self._judged(row, now_ms) if campaign_id in self._gatekeeper.campaigns else ()
        if judged != (CALLABLE,):
            yield from judged
        elif is_due and idle is None:
            yield CALLABLE
        elif not is_due and standing is Standing.HELD:
            yield self._reason_of_rest(standing, row["held_by"])


@contextmanager
def asking(
    path: Path, campaigns: Mapping[CampaignId, CampaignLists], book: RuleBook
) -> Iterator[Inquiry]:
    """Open a lead store for questions, beside a worker that may be using it; one state throughout.

    Raises:
        LeadStoreError: There is no such store.
    """
    database = open_beside(path)
    try:
        database.execute("BEGIN")
        yield Inquiry(database, Gatekeeper(database, book, campaigns))
    finally:
        database.close()
