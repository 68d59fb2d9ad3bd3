"""Which leads are lent next: agreed callbacks first, then the lists by their weights.

Lists of a campaign are mixed by *stride*: each lead lent moves its list's `turn` on by 1 / weight,
and the list with the least turn is next. So over any stretch the shares are as the weights, to one
lead, and a list that has nothing to lend now leaves its share to the others without saving it up.

Within a list, leads whose time is written come before fresh ones, because their hour was chosen or
promised. A place whose calling hours are closed is passed over whole: its leads are never looked
at. The gate then judges each lead; where it refuses one number, the lead's next number is tried,
and a lead that is refused altogether stands aside until the gate says to ask again.

Cost: O(lists x places + count x log leads); a request looks at `_LOOKED_AT_MAX` leads at most.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from acd.ids import AgentId, CustomerId
from cordboard.runtime.leads.answer_odds import LearntOdds
from cordboard.runtime.leads.gatekeeper import Gatekeeper, Question
from cordboard.runtime.leads.plan import ADDED, CampaignLists
from cordboard.runtime.leads.standing import Lane, Standing
from dialer.compliance import Allowed, Refused
from dialer.events import Lead
from dialer.ids import CampaignId, LeadId
from dialer.pacing.odds import AnswerOdds

_WINDOW_MS_MIN = 60_000
"""A window that closes sooner than this is not worth lending for."""

_LENT_MS = 5 * 60_000
"""A lead is lent for so long at most. The centre may have given up waiting for an answer that is on
its way (it does so across a change of leader); what was lent with it must not lie idle for long."""

_RETRY_MS_MIN = 60_000
"""A lead that the gate refused is not looked at again sooner."""

_LOOKED_AT_MAX = 2_000
"""A request that meets only refusals ends after so many, so that it never holds the store long."""

_CHUNK = 64

_HEADS = (
    "SELECT lead.* FROM place CROSS JOIN lead WHERE place.place_no IN ({places})"
    " AND lead.lead_no IN (SELECT head.lead_no FROM lead AS head WHERE head.list_no = ?"
    " AND head.lane = ? AND head.place_no = place.place_no AND head.due_ms <= ?"
    " ORDER BY head.due_ms, head.lead_no LIMIT ?)"
)
"""The most urgent leads of a lane at each place: one walk down the index per place."""


@dataclass(slots=True)
class _List:
    """A list while a request is served."""

    list_no: int
    turn: float
    stride: float
    heads: Iterator[sqlite3.Row]


@dataclass(slots=True)
class _Search:
    """One request for leads while it is served."""

    campaign_id: CampaignId
    lists: CampaignLists
    now_ms: int
    count: int
    odds: AnswerOdds | None  #: what the campaign has learnt of answers
    looked_at: int = 0

    @property
    def is_tired(self) -> bool:
        return self.looked_at >= _LOOKED_AT_MAX


class Lending:
    """Finds the next leads of a campaign; the caller holds a transaction."""

    def __init__(self, database: sqlite3.Connection, gatekeeper: Gatekeeper) -> None:
        self._database = database
        self._gatekeeper = gatekeeper
        self._odds = LearntOdds(database)

    def choose(
        self, campaign_id: CampaignId, lists: CampaignLists, now_ms: int, count: int
    ) -> tuple[list[Lead], bool]:
        """Lend the next leads; tell also whether there is no further one now."""
        odds = self._odds.of_campaign(campaign_id)
        search = _Search(campaign_id, lists, now_ms, count, odds)
        working = self._working_lists(search)
        places = self._open_places(search)
        leads: list[Lead] = []
        for row in self._heads(search, working, places, (Lane.AGREED,)):
            self._lend_to(leads, row, search)
            if len(leads) == count or search.is_tired:
                return leads, False
        self._mix(leads, working, places, search)
        return leads, len(leads) < count and not search.is_tired

    def _mix(
        self,
        leads: list[Lead],
        working: dict[int, float],
        places: Sequence[int],
        search: _Search,
    ) -> None:
        """Lend from the lists in turn until enough are lent or all are dry."""
        turns = self._turns(working)
        lanes = (Lane.TIMED, Lane.FRESH)
        streams = [
            _List(no, turns[no], 1 / weight, self._heads(search, {no: weight}, places, lanes))
            for no, weight in working.items()
        ]
        lent_from = list(streams)
        while streams and len(leads) < search.count and not search.is_tired:
            stream = min(streams, key=lambda one: (one.turn, one.list_no))
            row = next(stream.heads, None)
            if row is None:
                streams.remove(stream)
            elif self._lend_to(leads, row, search):
                stream.turn += stream.stride
        least = min((one.turn for one in streams), default=0.0)
        for stream in lent_from:
            turn = stream.turn if stream in streams else max(stream.turn, least)
            self._database.execute(
                "UPDATE list SET turn = ? WHERE list_no = ?", (turn, stream.list_no)
            )

    def _turns(self, working: dict[int, float]) -> dict[int, float]:
        marks = ",".join("?" * len(working))
        rows = self._database.execute(
            f"SELECT list_no, turn FROM list WHERE list_no IN ({marks})",  # noqa: S608  (question marks)
            tuple(working),
        )
        return dict(tuple(row) for row in rows)

    def _working_lists(self, search: _Search) -> dict[int, float]:
        """Return the weights of the lists that may lend, by number: no quota reached, no goal."""
        rows = self._database.execute(
            "SELECT * FROM list WHERE campaign_id = ?", (search.campaign_id,)
        ).fetchall()
        return working_lists(rows, search.lists)

    def _open_places(self, search: _Search) -> list[int]:
        """Return the places where it is time to call."""
        until_ms = search.now_ms + _WINDOW_MS_MIN
        closes_at_ms = self._gatekeeper.places.closes_at_ms
        return [
            place_no
            for place_no, place in self._database.execute("SELECT * FROM place").fetchall()
            if closes_at_ms(search.campaign_id, place, search.now_ms) >= until_ms
        ]

    def _heads(
        self,
        search: _Search,
        working: dict[int, float],
        places: Sequence[int],
        lanes: Sequence[Lane],
    ) -> Iterator[sqlite3.Row]:
        """Iterate over leads that are due, each once, lane by lane, most urgent first.

        Every lead is moved by whoever takes it, so the next look finds others.
        """
        for lane in lanes:
            while rows := self._look(search, working, places, lane):
                yield from rows

    def _look(
        self, search: _Search, working: dict[int, float], places: Sequence[int], lane: Lane
    ) -> list[sqlite3.Row]:
        limit = min(search.count, _CHUNK)
        marks = ",".join("?" * len(places))
        rows: list[sqlite3.Row] = []
        for list_no in working:
            rows += self._database.execute(
                _HEADS.format(places=marks), (*places, list_no, lane, search.now_ms, limit)
            )
        rows.sort(key=lambda row: (row["due_ms"], row["lead_no"]))
        return rows[:limit]

    def _lend_to(self, leads: list[Lead], row: sqlite3.Row, search: _Search) -> bool:
        """Lend a lead if the gate allows one of its numbers; else note when to ask again."""
        search.looked_at += 1
        refusals: list[Refused] = []
        for number in self._numbers_in_turn(row):
            question = Question(row, number, number["place"], search.now_ms)
            verdict = self._gatekeeper.ask(question)
            if isinstance(verdict, Allowed):
                leads.append(self._lend(row, number, verdict, search))
                return True
            refusals.append(verdict)
        self._hold(row, refusals, search.now_ms)
        return False

    def _numbers_in_turn(self, row: sqlite3.Row) -> list[sqlite3.Row]:
        """Return a lead's working numbers, beginning with the one whose turn it is."""
        return self._database.execute(
            "SELECT number.*, place FROM number JOIN place USING (place_no)"
            " WHERE lead_no = ? AND is_dead = 0 ORDER BY number_index < ?, number_index",
            (row["lead_no"], row["number_index"]),
        ).fetchall()

    def _lend(
        self, row: sqlite3.Row, number: sqlite3.Row, verdict: Allowed, search: _Search
    ) -> Lead:
        now_ms, is_agreed = search.now_ms, row["standing"] == Standing.AGREED
        until_at_ms = min(verdict.until_at_ms, now_ms + _LENT_MS)
        self._database.execute(
            "UPDATE lead SET standing = ?, lane = ?, due_ms = ?, held_by = '', number_index = ?,"
            " place_no = ? WHERE lead_no = ?",
            (
                Standing.LENT,
                Lane.TIMED,
                until_at_ms,
                number["number_index"],
                number["place_no"],
                row["lead_no"],
            ),
        )
        return Lead(
            lead_id=LeadId(row["lead_id"]),
            number_index=number["number_index"],
            number_key=number["number_key"],
            customer_id=CustomerId(row["customer_id"]),
            opens_at_ms=now_ms,
            closes_at_ms=until_at_ms,
            rule_set=verdict.rule_set_version,
            attempts=row["attempts"],
            answer_permille=self._odds.permille(search.odds, row, number, now_ms),
            urgency=int(is_agreed),
            agent_id=AgentId(row["agent_id"]) if is_agreed and row["agent_id"] else None,
        )

    def _hold(self, row: sqlite3.Row, refusals: list[Refused], now_ms: int) -> None:
        """Let a lead stand aside: until a refusal ends, or until something changes."""
        retries = [one.retry_at_ms for one in refusals if one.retry_at_ms is not None]
        due_ms = max(min(retries), now_ms + _RETRY_MS_MIN) if retries else None
        standing = Standing.HELD if refusals else Standing.UNREACHABLE
        if row["standing"] == Standing.AGREED and due_ms is not None:
            standing = Standing.AGREED  # the promise stands, a little later
        lane = Lane.AGREED if standing is Standing.AGREED else Lane.TIMED
        self._database.execute(
            "UPDATE lead SET standing = ?, lane = ?, due_ms = ?, held_by = ? WHERE lead_no = ?",
            (
                standing,
                None if due_ms is None else lane,
                due_ms,
                refusals[0].rule if refusals else "",
                row["lead_no"],
            ),
        )


def working_lists(rows: Sequence[sqlite3.Row], lists: CampaignLists) -> dict[int, float]:
    """Return the weights of a campaign's lists that may lend, by number.

    Args:
        rows: The campaign's rows of `list`.
        lists: Its settings; a list of a file that they do not name lends nothing.
    """
    goal = lists.conversations_goal
    if goal is not None and sum(row["conversations"] for row in rows) >= goal:
        return {}
    files = {file.name: file for file in lists.lists}
    working: dict[int, float] = {}
    for row in rows:
        file = files.get(row["name"])
        if row["name"] == ADDED:
            working[row["list_no"]] = 1
        if file is None:
            continue
        is_full = file.conversations_max is not None and (
            row["conversations"] >= file.conversations_max
        )
        if not is_full:
            working[row["list_no"]] = file.weight
    return working
