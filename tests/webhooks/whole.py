"""A whole centre on the stage: webhooks, the real centre, the real gateway, carrier and people.

What the live processes do between them with a store and threads is done here in turns, in modelled
time: let time pass, give the centre what was told, carry out what it orders, tell it what came of
that. No store, no clock, no thread of ours: a failing moment can be played again.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace

from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.events import AgentSignedIn, AgentWentReady, ClockTicked, LeaderElected
from acd.ids import CustomerId
from acd.invariants import check
from acd.messages import EventError
from acd.notices import CallClosed, CallConnected
from cordboard.runtime.carrier.callbacks import Callbacks
from cordboard.runtime.carrier.calls import CustomerCalls
from cordboard.runtime.carrier.dials import Dials, DialSettings
from cordboard.runtime.carrier.effects import Done, Doubtful, Try
from cordboard.runtime.carrier.legs import AgentLegs
from cordboard.runtime.carrier.limits import Limit
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.carrier.recordings import CallRecordings
from cordboard.runtime.carrier.rooms import Rooms
from cordboard.runtime.gateway import Gateway, is_overtaken, lane_of
from cordboard.runtime.outbox import Settlement
from cordboard.runtime.settings.routing import KEY_MS
from dialer.centre import Centre
from dialer.config import CampaignConfig, CentreConfig, Detection, MachinePolicy
from dialer.events import CampaignStarted, DialsPaced, Lead, LeadsSupplied
from tests.webhooks.stage import (
    AGENT,
    BANK,
    COLLEAGUE,
    CUSTOMER,
    LINE,
    SUPERVISOR,
    SUPERVISOR_NUMBER,
    Stage,
    stage,
)
from webhooks.ports import Fact

TURN_S = 0.25
QUEUE, CAMPAIGN = "service", "survey"
HOUR_MS = 3_600_000


def config(
    *, standing, button=False, key=False, machine_policy=MachinePolicy.HANG_UP, recording="off"
):
    agent = AgentConfig(
        agent_id="ana",
        skills={"english": 5, "outbound": 5},
        standing=standing,
        accept_by_button=button or (key and not standing),
        key_ms=KEY_MS if key else 0,
        may_transfer_out=True,
    )
    queue = QueueConfig(
        queue_id=QUEUE,
        skills={"english": 1},
        wrap_up_ms=2_000,
        wait_ms_max=60_000,
        recording=recording,
    )
    colleague = AgentConfig(agent_id="ben", skills={"english": 5}, standing=standing)
    campaign = CampaignConfig(
        campaign_id=CAMPAIGN,
        skills={"outbound": 1},
        machine_policy=machine_policy,
        wrap_up_ms=2_000,
        starts_paused=True,
    )
    campaigns = (campaign,) if standing else ()
    acd = AcdConfig(queues=(queue,), agents=(agent, colleague), directory=("bank",))
    return CentreConfig(acd=acd, campaigns=campaigns)


class Lists:
    """The lead store: one lead, who may always be called."""

    def __init__(self):
        self.attempts = []

    def supply(self, command, attempt):
        lead = Lead(
            lead_id="l1",
            number_index=0,
            number_key="n1",
            customer_id=CustomerId("cu.1"),
            opens_at_ms=0,
            closes_at_ms=attempt.now_ms + HOUR_MS,
            rule_set="none",
            attempts=len(self.attempts),
        )
        leads = () if self.attempts or command.request > 1 else (lead,)
        told = LeadsSupplied(0, command.campaign_id, command.request, leads, is_exhausted=True)
        return Done(Settlement("done", [(told, f"leads|{command.request}")]))

    def close(self, command, attempt):
        self.attempts.append(command.outcome)
        return Done(Settlement("done"))

    def opt_out(self, command, attempt):
        return Done(Settlement("done"))

    def number_of(self, command):
        return CUSTOMER

    def caller_id_of(self, command):
        return ""

    def allows(self, command, now_ms):
        return True


class NoFarewells:
    """No queue here carries messages."""

    def close(self, command, attempt):
        raise AssertionError(command)


class Whole:
    """A centre at work."""

    def __init__(
        self, scene: Stage, settings: CentreConfig, endpoint: str = AGENT, *, key: bool = False
    ) -> None:
        self.scene = scene
        self.endpoint, self.confirming = endpoint, {"ana"} if key else set()
        self.centre = Centre(settings)
        self.lists = Lists()
        self.notices = []
        self.quarantined = []
        self._seen = set()
        self._read = 0
        self._sids = {}
        self._orders = []  # [command, key, tried since ms or None, looks]
        self._now_ms = self._at_ms()
        self.gateway = self._make_gateway(settings)
        self._handle(LeaderElected(0, epoch=7, nonce="n", routing_version=1, scale=1))

    def _make_gateway(self, settings):
        scene = self.scene
        places = Places(
            addresses=scene.addresses,
            caller_id=LINE,
            endpoints={"ana": self.endpoint, "ben": COLLEAGUE},
            confirming=self.confirming,
            supervisors={"sam": SUPERVISOR, "sue": SUPERVISOR_NUMBER},
            directory={"bank": BANK},
            sid_of=lambda leg_id: self._sids.get(leg_id, ""),
        )
        dials = Dials(
            client=scene.client,
            places=places,
            campaigns={
                each.campaign_id: DialSettings(
                    caller_id=LINE,
                    detection=Detection.BEFORE,
                    machine_policy=each.machine_policy,
                    speech_end_ms=each.speech_end_ms,
                )
                for each in settings.campaigns
            },
            permits=self.lists,
            limit=Limit(30.0, self._at_ms),
            carrier_ms=self._at_ms,
        )
        calls = CustomerCalls(scene.client, places, self._after_talk)
        callbacks = Callbacks(
            client=scene.client,
            places=places,
            promises=self,
            is_allowed=lambda number: True,
            limit=dials.limit,
            carrier_ms=self._at_ms,
        )
        return Gateway(
            legs=AgentLegs(scene.client, places, limit=dials.limit, carrier_ms=self._at_ms),
            calls=calls,
            rooms=Rooms(scene.client, places),
            recordings=CallRecordings(scene.client, places),
            dials=dials,
            callbacks=callbacks,
            lists=self.lists,
            farewells=NoFarewells(),
        )

    def number_of(self, _call_id):
        """To whom a callback was promised."""
        return CUSTOMER

    def _after_talk(self, call_id):
        kept = self.scene.world.sessions.kept.get(call_id)
        return "" if kept is None else kept.after_talk

    # --- what a test does --------------------------------------------------------------------

    def sign_in(self, agent_id="ana"):
        self.tell(AgentSignedIn(0, agent_id), AgentWentReady(0, agent_id))

    def tell(self, *events):
        """Let people at desks do something now."""
        for event in events:
            self._handle(event)
        self.turn()

    def start_campaign(self):
        self._handle(CampaignStarted(0, CAMPAIGN, "test", "now"))
        self.turn()

    def run(self, seconds):
        for _ in range(round(seconds / TURN_S)):
            self.scene.pass_(TURN_S)
            self.turn()

    @property
    def outcomes(self):
        """How each call was counted."""
        return Counter(each.outcome.value for each in self.notices if type(each) is CallClosed)

    @property
    def connections(self):
        return sum(type(each) is CallConnected for each in self.notices)

    @property
    def agent(self):
        return self.centre.acd.board.agents["ana"]

    @property
    def is_settled(self):
        return not self._orders and not self.centre.acd.board.calls

    # --- one turn ----------------------------------------------------------------------------

    def turn(self):
        self._handle(ClockTicked(0, 0, 1))
        for _ in range(10):
            moved = self._hear() | self._obey()
            if not moved:
                return

    def _hear(self):
        facts = self.scene.journal.facts[self._read :]
        self._read += len(facts)
        for fact in facts:
            if fact.natural_key not in self._seen:
                self._seen.add(fact.natural_key)
                self._handle(fact.event)
        return bool(facts)

    def _handle(self, event):
        self._now_ms = max(self._now_ms, self._at_ms())
        try:
            commands = self.centre.handle(replace(event, at_ms=self._now_ms))
        except EventError as error:
            self.quarantined.append(str(error))
            return
        check(self.centre.acd.board)
        self.notices += self.centre.notices
        for command in commands:
            self._orders.append([command, f"{len(self.notices)}:{len(self._orders)}", None, 0])

    def _obey(self):
        orders, self._orders = self._orders, []
        for position, order in enumerate(orders):
            if not self._carry_out(order, [each[0] for each in orders[position + 1 :]]):
                self._orders.append(order)
        return len(self._orders) < len(orders)

    def _carry_out(self, order, behind):
        command, key, since_ms, looks = order
        if type(command).__name__ == "PaceCampaign":
            dials = min(command.ready, command.leads)
            told = DialsPaced(0, command.campaign_id, command.view, dials, "one per ready agent")
            self._settle(Settlement("done", [(told, f"paced|{command.view}")]))
            return True
        same_lane = [each for each in behind if _lane(each) == _lane(command)]
        attempt = Try(
            key=key,
            now_ms=self._now_ms,
            doubtful_ms=0 if since_ms is None else max(1, self._now_ms - since_ms),
            looks=looks,
            is_overtaken=is_overtaken(command, same_lane),
        )
        effect = self.gateway.carry_out(command, attempt)
        if isinstance(effect, Done):
            self._settle(effect.settlement)
            return True
        if isinstance(effect, Doubtful):
            order[2], order[3] = since_ms or self._now_ms, looks + 1
        return False

    def _settle(self, settlement):
        if settlement.leg is not None:
            self._sids[settlement.leg[0]] = settlement.leg[1].partition("|")[2]
        self.scene.journal.append([Fact(event, key) for event, key in settlement.facts])

    def _at_ms(self):
        return int(self.scene.carrier.timeline.instant().timestamp() * 1000)


def _lane(command):
    return None if type(command).__name__ == "PaceCampaign" else lane_of(command)


@contextmanager
def whole(
    *,
    standing=False,
    button=False,
    machine_policy=MachinePolicy.HANG_UP,
    recording="off",
    endpoint=AGENT,
    key=False,
    **options,
):
    settings = config(
        standing=standing,
        button=button,
        key=key,
        machine_policy=machine_policy,
        recording=recording,
    )
    with stage(**options) as scene:
        yield Whole(scene, settings, endpoint, key=key)
