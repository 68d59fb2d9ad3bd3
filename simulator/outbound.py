"""The people on the lists: numbers that answer or do not, machines, and what is said to them.

Whoever picks up is decided when a dial is placed (`simulator.network`), and told to the centre as
the carrier would: bound, answered, classified, ended. A person has patience for a few seconds
without an agent; a machine that passed for a person talks to the agent for a moment.

The pacing desk stands here too, as it stands beside the live worker: the centre asks, the desk
answers at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from acd.events import CallEnded, LegCause
from acd.ids import CallId, CustomerId, Sid
from dialer.commands import (
    LeaveMessage,
    OptOut,
    PaceCampaign,
    PlaceCall,
    PlaySafeHarbour,
    RequestLeads,
)
from dialer.config import CampaignConfig, Detection, MachinePolicy
from dialer.dials import Dial
from dialer.events import (
    AnswerClassified,
    AnsweredBy,
    CampaignPaused,
    DialAnswered,
    DialBound,
    Lead,
    LeadsSupplied,
    MessagePlayed,
)
from dialer.ids import CampaignId, LeadId
from dialer.notices import DialClosed
from dialer.pacing.desk import PacingDesk
from simulator.customers import Customer, Customers, Line
from simulator.draws import Draws, to_ms
from simulator.network import Fate, Network
from simulator.scenario import CalledPeople, seconds_of
from simulator.streams import Streams
from simulator.world import Timer, World, ignore

MACHINE_TALK_MS, MACHINE_WRAP_MS = 8_000, 5_000
"""What a machine that passed for a person costs the agent."""

FOREVER_MS = 3_600_000
"""A machine's patience."""

_ENDS = {
    "busy": LegCause.BUSY,
    "no_answer": LegCause.NO_ANSWER,
    "invalid": LegCause.INVALID,
}
"""How the carrier reports calls that nobody answers."""


@dataclass(slots=True)
class List:
    """One campaign's list, and the chance by which its numbers answer."""

    config: CampaignConfig
    people: CalledPeople
    network: Network
    talks: Draws
    wraps: Draws
    patience: Draws
    lent: int = 0  #: leads given to the centre so far


class Outbound:
    """All lists of one day."""

    def __init__(
        self,
        world: World,
        customers: Customers,
        lists: Mapping[str, CalledPeople],
        streams: Streams,
        desk: PacingDesk,
    ) -> None:
        self._world = world
        self._customers = customers
        self._desk = desk
        configs = {config.campaign_id: config for config in world.centre.config.campaigns}
        self._lists = {
            CampaignId(name): _list(configs[CampaignId(name)], people, streams)
            for name, people in lists.items()
        }
        world.doers |= {
            RequestLeads: self._lend,
            PaceCampaign: self._pace,
            PlaceCall: self._dial,
            PlaySafeHarbour: self._play,
            LeaveMessage: self._play,
            OptOut: ignore,
        }
        world.listen(DialClosed, self._forget)

    def close(self, at_ms: int) -> None:
        """Pause every campaign at an instant: the day is over, and no store is asked any more."""
        for config in self._world.centre.config.campaigns:
            self._world.at(at_ms, self._pause, config.campaign_id)

    def _pause(self, timer: Timer) -> None:
        self._world.tell(CampaignPaused(self._world.now_ms, timer.value, "system", "day is over"))

    def _lend(self, command: RequestLeads) -> None:
        """Lend the next leads of the list, in its order; each is called once a day."""
        known = self._lists.get(command.campaign_id)
        leads: tuple[Lead, ...] = ()
        if known is not None:
            first = known.lent
            known.lent = min(known.people.leads, first + command.count)
            midnight_ms = self._world.midnight_ms
            leads = tuple(_lead(known, one, midnight_ms) for one in range(first, known.lent))
        is_exhausted = known is None or known.lent == known.people.leads
        self._world.tell(
            LeadsSupplied(
                self._world.now_ms, command.campaign_id, command.request, leads, is_exhausted
            )
        )

    def _pace(self, command: PaceCampaign) -> None:
        self._world.tell(replace(self._desk.answer(command), at_ms=self._world.now_ms))

    # --- one dial ----------------------------------------------------------------------------

    def _dial(self, command: PlaceCall) -> None:
        known = self._lists[command.campaign_id]
        fate = known.network.dial(known.people.answer_share)
        now_ms = self._world.now_ms
        self._world.tell(DialBound(now_ms, command.call_id, _sid(command.call_id)))
        if fate.answered_after_s is None:
            ended = (command.call_id, _ENDS[fate.outcome])
            self._world.after(to_ms(fate.settled_after_s), self._end, ended)
            return
        customer = _customer(known, command.call_id, command.lead_id, is_person=fate.is_person)
        self._customers.by_call[command.call_id] = customer
        self._world.after(to_ms(fate.answered_after_s), self._pick_up, (known, fate, customer))

    def go_on(self, dial: Dial, patience_ms: int) -> None:
        """Let a dial whose verdict is awaited go on: a person, or a machine, is on the line."""
        known = self._lists[dial.campaign_id]
        fate = known.network.dial(known.people.answer_share)
        while fate.answered_after_s is None:
            fate = known.network.dial(known.people.answer_share)
        customer = self.customer_of(dial, patience_ms, is_person=fate.is_person)
        self._customers.mind(customer)
        self._expect_verdict(known, fate, customer)

    def customer_of(self, dial: Dial, patience_ms: int, *, is_person: bool = True) -> Customer:
        """Return whoever has picked up already, waiting."""
        known = self._lists[dial.campaign_id]
        customer = _customer(known, dial.call_id, dial.lead.lead_id, is_person=is_person)
        if is_person:
            customer.patience_ms = patience_ms
        self._customers.by_call[dial.call_id] = customer
        self._customers.wait(customer)
        return customer

    def _forget(self, notice: DialClosed) -> None:
        self._customers.by_call.pop(notice.call_id, None)

    def _end(self, timer: Timer) -> None:
        call_id, cause = timer.value
        self._world.tell(CallEnded(self._world.now_ms, call_id, cause))

    def _pick_up(self, timer: Timer) -> None:
        known: List
        fate: Fate
        customer: Customer
        known, fate, customer = timer.value
        call_id = customer.call_id
        self._customers.wait(customer)
        self._world.tell(DialAnswered(self._world.now_ms, call_id, _sid(call_id)))
        self._customers.mind(customer)
        if known.config.detection is not Detection.OFF:
            self._expect_verdict(known, fate, customer)

    def _expect_verdict(self, known: List, fate: Fate, customer: Customer) -> None:
        assert fate.answered_after_s is not None, "only answered calls are picked up"
        verdict_ms = to_ms(fate.settled_after_s) - to_ms(fate.answered_after_s)
        self._world.after(verdict_ms, self._classify, (known, fate, customer, verdict_ms))

    def _classify(self, timer: Timer) -> None:
        known, fate, customer, verdict_ms = timer.value
        if customer.line is Line.GONE:
            return
        verdict = _verdict(known.config, fate)
        now_ms = self._world.now_ms
        self._world.tell(AnswerClassified(now_ms, customer.call_id, verdict, verdict_ms))

    def _play(self, command: PlaySafeHarbour | LeaveMessage) -> None:
        customer = self._customers.by_call[command.call_id]
        if customer.line is not Line.GONE:
            customer.line = Line.LEAVING
            people = self._lists[command.campaign_id].people
            self._world.after(to_ms(people.message_s), self._finish, customer)

    def _finish(self, timer: Timer) -> None:
        customer: Customer = timer.value
        self._world.tell(MessagePlayed(self._world.now_ms, customer.call_id))
        self._customers.hang_up(customer)


def _list(config: CampaignConfig, people: CalledPeople, streams: Streams) -> List:
    name = str(config.campaign_id)
    return List(
        config,
        people,
        Network(people.network, streams.stream("network", name)),
        Draws(people.talk_s, streams.stream("outbound talk", name)),
        Draws(people.wrap_s, streams.stream("outbound wrap-up", name)),
        Draws(people.patience_s, streams.stream("outbound patience", name)),
    )


def _lead(known: List, number: int, midnight_ms: int) -> Lead:
    name = f"{known.config.campaign_id}-{number}"
    people = known.people
    return Lead(
        lead_id=LeadId(name),
        number_index=0,
        number_key=name,
        customer_id=CustomerId(f"out-{name}"),
        opens_at_ms=midnight_ms + seconds_of(people.opens_at) * 1_000,
        closes_at_ms=midnight_ms + seconds_of(people.closes_at) * 1_000,
        rule_set="simulated",
        attempts=0,
    )


def _customer(known: List, call_id: CallId, lead_id: LeadId, *, is_person: bool) -> Customer:
    talk_ms, wrap_ms = known.talks.next_ms(), known.wraps.next_ms()
    patience_ms = known.patience.next_ms()
    if not is_person:
        talk_ms, wrap_ms, patience_ms = MACHINE_TALK_MS, MACHINE_WRAP_MS, FOREVER_MS
    return Customer(call_id, CustomerId(f"out-{lead_id}"), talk_ms, wrap_ms, patience_ms)


def _verdict(config: CampaignConfig, fate: Fate) -> AnsweredBy:
    if fate.outcome == "human":
        return AnsweredBy.HUMAN
    if config.machine_policy is MachinePolicy.LEAVE_MESSAGE:
        return AnsweredBy.MACHINE_BEEP
    return AnsweredBy.MACHINE


def _sid(call_id: CallId) -> Sid:
    return Sid(f"CA{call_id}")
