"""No dial outside window, caps, lists and registers: whatever happens, at decision and execution.

A random campaign is worked for some days: leads are lent, orders carried out early, late, twice or
out of turn, people opt out, registers come and age, callbacks are agreed, the store is restarted.
Every loan and every permission is compared with an oracle that shares nothing with the store but
the figures of the rules: local clocks by `zoneinfo`, caps by counting the permissions it has seen.
"""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from acd.ids import CallId
from cordboard.runtime.leads import CampaignLists, ListFile, SqliteLeads
from cordboard.runtime.leads.plan import Cap, Retry, own_rules
from cordboard.runtime.sealing import Pseudonyms
from dialer.commands import CloseAttempt, OptOut, PlaceCall, RequestLeads
from dialer.compliance import Purpose
from dialer.ids import CampaignId, LeadId
from tests.cordboard.runtime.lead_lists import BOOK
from tests.cordboard.runtime.runtime_doubles import SECRET

CAMPAIGN = CampaignId("c")
DAY_MS = 86_400_000
START_MS = int(datetime(2026, 11, 2, 6, tzinfo=UTC).timestamp() * 1_000)
CAP_PER_DAY = 2
NUMBERS = {  # the zones a number may be in, and the law's hours there, weekdays and Sundays
    "+442079460201": (("Europe/London",), (8, 21), (9, 20)),
    "+442079460202": (("Europe/London",), (8, 21), (9, 20)),
    "+12125550101": (("America/New_York",), (8, 21), (8, 21)),
    "+12085550101": (("America/Boise", "America/Los_Angeles"), (8, 21), (8, 21)),
    "+18085550101": (("Pacific/Honolulu",), (8, 21), (8, 21)),
}
REGIONS = ["gb", "gb", "us-ny", "us-id", "us-hi"]
ENDS = ["busy", "no_answer", "machine", "human", "invalid"]


class Oracle:
    """What may be dialled, by the plainest reading of the rules."""

    def __init__(self):
        self.permitted = {}
        self.opted_out = set()
        self.listed = set()
        self.drawn_at_ms = START_MS - 10 * DAY_MS

    def objections(self, number, call_id, at_ms):
        """Everything that forbids a dial now."""
        zones, weekday, sunday = NUMBERS[number]
        for zone in zones:
            local = datetime.fromtimestamp(at_ms / 1_000, ZoneInfo(zone))
            opens, closes = sunday if local.weekday() == 6 else weekday
            if not opens <= local.hour < closes:
                yield f"{local} in {zone}"
        if number in self.opted_out:
            yield "opted out"
        if number in self.listed:
            yield "on the register"
        if at_ms - self.drawn_at_ms > 31 * DAY_MS:
            yield "the register is too old"
        recent = [
            call
            for call, (dialled, when) in self.permitted.items()
            if dialled == number and call != call_id and when > at_ms - DAY_MS
        ]
        if len(recent) >= CAP_PER_DAY:
            yield "twice within a day"


class World:
    """A store, its leads by name, and what has been lent and permitted."""

    def __init__(self, folder):
        self.folder = folder
        self.leads = {f"L{index}": number for index, number in enumerate(NUMBERS)}
        told = zip(self.leads.items(), REGIONS, strict=True)
        rows = [f"{name},{number},{region}" for (name, number), region in told]
        text = "\n".join(["lead,number,region", *rows])
        (folder / "leads.csv").write_text(f"{text}\n")
        self.oracle, self.now_ms, self.calls = Oracle(), START_MS, 0
        self.lent, self.outcomes = [], Counter()
        self.store = self.open()
        self.store.take_register("us-national-dnc", self.oracle.drawn_at_ms, iter([]))
        self.store.take_register("gb-tps", self.oracle.drawn_at_ms, iter([]))

    def open(self):
        lists = CampaignLists(
            lists=(ListFile(name="main", path=self.folder / "leads.csv"),),
            region="",
            purpose=Purpose.MARKETING,
            ring_ms=20_000,
            registers={},
            retries={end: Retry(5 * 60_000) for end in ENDS},
            attempts_max=20,
            own_rules=own_rules((), [Cap("number_day", "number", 24, CAP_PER_DAY)]),
            keeps_agents=True,
        )
        store = SqliteLeads(
            self.folder / "leads.sqlite", {CAMPAIGN: lists}, BOOK, Pseudonyms(SECRET)
        )
        store.import_lists()
        return store

    def check(self, name, call_id):
        objections = list(self.oracle.objections(self.leads[name], call_id, self.now_ms))
        assert objections == []

    def lend(self, count):
        self.calls += 1
        request = RequestLeads(CAMPAIGN, self.calls, count)
        for lead in self.store.supply(request, f"r{self.calls}", self.now_ms)[0]:
            self.check(lead.lead_id, "")
            assert self.now_ms < lead.closes_at_ms <= self.now_ms + 5 * 60_000
            self.lent.append(str(lead.lead_id))

    def dial(self, name):
        self.calls += 1
        call_id = CallId(f"7.{self.calls}")
        for _ in range(2):  # asked twice, as after a busy carrier
            order = PlaceCall(call_id, CAMPAIGN, LeadId(name), 0, 20_000, "")
            if self.store.allows(order, self.now_ms):
                self.check(name, call_id)
                self.oracle.permitted[call_id] = (self.leads[name], self.now_ms)
        return call_id

    def end(self, name, call_id, outcome):
        close = CloseAttempt(call_id, CAMPAIGN, LeadId(name), 0, outcome, self.now_ms)
        for _ in range(2):
            self.store.close_attempt(close)
        self.outcomes[call_id] += 1

    def step(self, what, number):
        name = f"L{number % len(self.leads)}"
        match what:
            case "wait":
                self.now_ms += number * 20 * 60_000
            case "lend":
                self.lend(1 + number % 3)
            case "dial" if self.lent:
                lead = self.lent.pop(0)
                self.end(lead, self.dial(lead), ENDS[number % len(ENDS)])
            case "out of turn":
                self.dial(name)
            case "opt out" if number % 4 == 0:
                order = OptOut(CallId("7.0"), CAMPAIGN, LeadId(name))
                self.store.opt_out(order, self.now_ms)
                self.oracle.opted_out.add(self.leads[name])
            case "register":
                listed = [self.leads[name]] if number % 3 == 0 else []
                for register in ("us-national-dnc", "gb-tps"):
                    self.store.take_register(register, self.now_ms, iter(listed))
                self.oracle.listed, self.oracle.drawn_at_ms = set(listed), self.now_ms
            case "agree":
                self.store.agree(CAMPAIGN, LeadId(name), self.now_ms + number * 60_000)
            case "restart":
                self.store.close()
                self.store = self.open()


STEPS = ["wait", "wait", "lend", "lend", "dial", "dial", "out of turn", "opt out"]
STEPS += ["register", "agree", "restart"]


@settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 60)), min_size=10, max_size=60))
def test_no_dial_outside_window_caps_and_lists(tmp_path_factory, steps):
    world = World(tmp_path_factory.mktemp("permits"))
    for what, number in steps:
        world.step(what, number)
    assert all(count == 1 for count in world.outcomes.values())
    world.store.close()


def test_world_does_dial(tmp_path):
    """The property would hold of a store that lends nothing: this one lends."""
    world = World(tmp_path)
    for what, number in [("wait", 30), ("lend", 2), *[("dial", 1)] * 3, ("wait", 3), ("lend", 2)]:
        world.step(what, number)
    assert len(world.oracle.permitted) >= 3
    world.store.close()
