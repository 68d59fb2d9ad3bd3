"""The whole wire in one process: our application, the carrier stand-in, people, the unmodified SDK.

Time stands still until a test lets it pass. The test plays the centre: it does by REST what the
gateway would do on the centre's commands.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from twilio.rest import Client

from simulator.carrier.account import PhoneNumber
from simulator.carrier.clock import StepClock
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Callee, Caller, Manner
from simulator.carrier.people.population import Directory
from simulator.carrier.sdk import client_of
from simulator.carrier.server import CarrierStandIn
from simulator.carrier.variants import Variants
from simulator.carrier.wsgi import WsgiTransport
from tests.webhooks import carrier as wire
from webhooks.addresses import Addresses

LINE, CUSTOMER, AGENT = "+12125550100", "+12125550142", "client:ana"
COLLEAGUE, SUPERVISOR, BANK = "client:ben", "client:sam", "+12125550177"
SUPERVISOR_NUMBER = "+12125550166"
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
STATUSES = ["initiated", "ringing", "answered", "completed"]


@dataclass
class Stage:
    carrier: CarrierStandIn
    directory: Directory
    client: Client
    world: wire.World
    addresses: Addresses

    # --- people --------------------------------------------------------------------------

    def call_in(self, *reactions, **manner):
        """Let a customer ring our line; returns the call's sid."""
        caller = Caller(CUSTOMER, LINE, manner=Manner(reactions, **manner))
        with self.carrier.timeline.held():
            return self.carrier.exchange.incoming(caller).sid

    def pass_(self, seconds):
        self.carrier.timeline.advance(seconds)
        assert self.carrier.timeline.failures == []

    # --- the centre's commands ---------------------------------------------------------------

    def connect(self, call_id, room, reservation_id="7.1"):
        """Take a waiting caller out of the carrier's queue into a room."""
        self.send(call_id, self.addresses.room(call_id, room, reservation_id))

    def send(self, call_id, url):
        """Take a waiting caller out of the carrier's queue to an address."""
        queue_sid = self.journal.named("CallWaited")[-1].queue_sid
        self.client.queues(queue_sid).members(call_id).update(url=url, method="POST")

    def offer(self, room, reservation_id="7.1", **callee):
        """Ring the agent into a room; returns the leg's sid."""
        self.directory.add(AGENT, Callee(**({"ring_s": 3.0} | callee)))
        leg = self.client.conferences(room).participants.create(
            from_=LINE,
            to=AGENT,
            label=reservation_id,
            timeout=15,
            wait_url=self.addresses.room_music(),
            status_callback=self.addresses.agent_status(reservation_id),
            status_callback_event=STATUSES,
            conference_status_callback=self.addresses.room_events(),
            conference_status_callback_event=["join", "leave"],
            end_conference_on_exit=False,
        )
        return leg.call_sid

    def dial(self, call_id="7.12", campaign_id="survey", **callee):
        """Place a call of a campaign; returns its sid."""
        self.directory.add(CUSTOMER, Callee(**({"ring_s": 3.0} | callee)))
        call = self.client.calls.create(
            to=CUSTOMER,
            from_=LINE,
            url=self.addresses.dial_answered(call_id, campaign_id),
            fallback_url=self.addresses.fallback(call_id, campaign_id),
            status_callback=self.addresses.dial_status(call_id),
            status_callback_event=STATUSES,
            machine_detection="DetectMessageEnd",
            async_amd="true",
            async_amd_status_callback=self.addresses.dial_detected(call_id),
            timeout=20,
        )
        return call.sid

    def redirect(self, sid, url):
        self.client.calls(sid).update(url=url, method="POST")

    def end(self, sid):
        self.client.calls(sid).update(status="completed")

    # --- what is looked at -------------------------------------------------------------------

    @property
    def journal(self):
        return self.world.journal

    def told(self):
        """Return the events as the centre takes them, each fact once."""
        return [fact.event for fact in self.journal.distinct()]

    def count(self, name):
        return [type(event).__name__ for event in self.told()].count(name)

    def alerts(self):
        return [(alert.code, alert.text) for alert in self.carrier.ledger.alerts]

    def is_quiet(self):
        return self.carrier.ledger.live_legs() == []


@contextmanager
def stage(variants=None, faults=None, seed=1, **settings):
    addresses = Addresses(wire.BASE)
    number = PhoneNumber(
        LINE,
        voice_url=addresses.inbound(),
        voice_fallback_url=addresses.fallback(),
        status_callback=addresses.inbound_status(),
    )
    extra = {"faults": faults} if faults is not None else {}
    options = CarrierOptions(
        numbers=(number,),
        epoch=MONDAY,
        seed=seed,
        variants=variants or Variants(),
        **extra,
    )
    account = options.account
    world = wire.world(
        account_sids=(account.sid,),
        auth_tokens=(account.token,),
        destinations=("+1212555",),
        **settings,
    )
    directory = Directory()
    transport = WsgiTransport(world.app)
    with CarrierStandIn(options, directory, clock=StepClock(), transport=transport) as carrier:
        client = client_of(carrier)
        yield Stage(carrier, directory, client, world, addresses)
        client.http_client.close()
