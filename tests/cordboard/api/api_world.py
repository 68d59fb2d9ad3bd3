"""A world for the API in tests: a real lead store, a real history, the rest in memory."""

from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask

from cordboard.api.app import install
from cordboard.api.tokens import Scope, Tokens
from cordboard.api.world import World
from cordboard.history.counts import reading
from cordboard.runtime.board import AgentLine, Board, CampaignLine, QueueLine
from cordboard.runtime.law import load_rule_book
from cordboard.runtime.leads import CampaignLists, SqliteLeads
from cordboard.runtime.leads.desk import ListDesk
from cordboard.runtime.recordings import CataloguedRecording
from cordboard.runtime.sealing import Pseudonyms
from dialer.compliance import Purpose
from tests.cordboard.runtime.runtime_doubles import SECRET
from webhooks.ports import JournalDown

NOW_S = 1_795_428_000
NOW_MS = NOW_S * 1_000
RECORDING = CataloguedRecording(
    sid="RE" + "1" * 32,
    call_id="CA" + "1" * 32,
    status="completed",
    source="RecordVerb",
    channels=1,
    duration_ms=7_000,
    told_at_ms=NOW_MS,
)


class Journal:
    """Remembers facts, unless it is down."""

    def __init__(self):
        self.facts, self.is_down = [], False

    def append(self, facts):
        if self.is_down:
            raise JournalDown
        self.facts += facts


class Catalogue:
    """One recording."""

    def get(self, sid):
        return RECORDING if sid == RECORDING.sid else None

    def newest(self, *, before_ms, count, call_id=""):
        is_wanted = RECORDING.told_at_ms < before_ms and call_id in ("", RECORDING.call_id)
        return [RECORDING] if is_wanted else []


def board():
    queue = QueueLine(
        queue_id="cards",
        waiting=2,
        longest_wait_ms=34_000,
        agents_ready=0,
        agents_signed_in=6,
        offered=40,
        answered=36,
        abandoned=2,
        short_abandons=0,
        service_level=0.75,
        service_level_ms=20_000,
        asa_ms=9_000,
        aht_ms=None,
    )
    agent = AgentLine(
        agent_id="ana",
        presence="ready",
        reason="",
        state="idle",
        since_ms=5_000,
        queue_id="",
        handled=3,
        occupancy=None,
    )
    campaign = CampaignLine(
        campaign_id="renewals",
        is_running=True,
        pacer="progressive",
        dialling=1,
        waiting=0,
        talking=2,
        leads=10,
        outcomes={"human": 3},
        abandonment_rate=0.0,
        why="one dial for each ready agent",
    )
    return Board(
        at_ms=NOW_MS - 500,
        scale=1,
        calls_in_flow=1,
        self_served=2,
        voicemails=0,
        refused=0,
        queues=(queue,),
        agents=(agent,),
        campaigns=(campaign,),
    )


@dataclass
class Door:
    """The API before a test client, and what stands behind it."""

    app: Flask
    tokens: Tokens
    journal: Journal
    shown: str
    lists: ListDesk
    boards: list = field(default_factory=lambda: [board()])

    def ask(self, method, path, *, token=None, **options):
        headers = {"Authorization": f"Bearer {self.shown if token is None else token}"}
        return self.app.test_client().open(
            f"/api/v1{path}", method=method, headers=headers | options.pop("headers", {}), **options
        )

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def post(self, path, body, **options):
        return self.ask("POST", path, json=body, **options)


@contextmanager
def open_door(folder, history_url, rate="100000 per minute"):
    folder.mkdir(parents=True, exist_ok=True)
    tokens, journal, boards = Tokens(), Journal(), [board()]
    shown = tokens.make("crm", Scope, NOW_S)
    pseudonyms = Pseudonyms(SECRET)
    campaigns = {
        "renewals": CampaignLists(
            lists=(),
            region="GB",
            purpose=Purpose.SERVICE,
            ring_ms=20_000,
            registers={},
        )
    }
    path = folder / "leads.sqlite"
    leads = SqliteLeads(path, campaigns, load_rule_book(None), pseudonyms)
    lists = ListDesk(path, leads, pseudonyms)
    world = World(
        tokens=lambda: tokens,
        now_s=lambda: NOW_S,
        now_ms=lambda: NOW_MS,
        board=lambda: boards[0],
        journal=journal,
        lists=lists,
        history=lambda: reading(history_url),
        recordings=Catalogue(),
        regions={"renewals": "GB"},
    )
    app = Flask("api")
    install(app, world, rate)
    try:
        yield Door(app, tokens, journal, shown, lists, boards)
    finally:
        lists.close()
