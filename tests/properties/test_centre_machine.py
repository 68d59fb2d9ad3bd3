"""The whole centre under a world that does anything: late, twice, out of order, or never.

After every step all invariants of both halves hold, and a copy restored from a snapshot (through
JSON) says exactly what the original says. At the end of every run all calls are ended, and then
every dial has exactly one outcome, every agent is free again and nothing is left waiting.
"""

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

import acd.invariants
import dialer.invariants
from acd.agents import AgentState
from acd.commands import ConnectCall, EndCall, EndLeg, OfferCall, OpenStandingLeg
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.events import (
    AgentLegAnswered,
    AgentLegEnded,
    AgentReleasedCall,
    AgentSignedIn,
    AgentSignedOut,
    AgentWentNotReady,
    AgentWentReady,
    CallArrived,
    CallEnded,
    CallQueued,
    CallWaited,
    ClockTicked,
    ConnectFailed,
    ConnectFailure,
    LeaderElected,
    LegCause,
    PartyJoined,
    WrapUpEnded,
)
from acd.ids import AgentId, CallId, CustomerId, QueueId, Sid
from acd.messages import EventError
from acd.notices import CallClosed, CallOpened
from dialer.centre import Centre
from dialer.codec import COMMAND_CODEC
from dialer.commands import CloseAttempt, PaceCampaign, PlaceCall, RequestLeads
from dialer.config import CampaignConfig, CentreConfig, Detection, MachinePolicy
from dialer.events import (
    AnswerClassified,
    AnsweredBy,
    CampaignPaused,
    CampaignStarted,
    DialAnswered,
    DialBound,
    DialRefused,
    DialsPaced,
    Lead,
    LeadsSupplied,
    MessagePlayed,
    OptedOut,
    PreviewAccepted,
    PreviewSkipped,
    SettingsApplied,
)
from dialer.ids import CampaignId, LeadId
from dialer.notices import DialClosed, DialPlaced, LeadShown
from dialer.settings import to_plain

AGENTS = tuple(AgentId(name) for name in ("ana", "ben", "cy"))
CAMPAIGNS = tuple(CampaignId(name) for name in ("before", "after", "look"))
CONFIG = CentreConfig(
    acd=AcdConfig(
        queues=(QueueConfig(queue_id=QueueId("billing"), wait_ms_max=60_000),),
        agents=(
            AgentConfig(agent_id=AGENTS[0], standing=True),
            AgentConfig(agent_id=AGENTS[1], standing=True),
            AgentConfig(agent_id=AGENTS[2]),
        ),
    ),
    campaigns=(
        CampaignConfig(
            campaign_id=CAMPAIGNS[0],
            calls_per_s_max=5,
            lines_max=6,
            machine_policy=MachinePolicy.LEAVE_MESSAGE,
        ),
        CampaignConfig(
            campaign_id=CAMPAIGNS[1],
            calls_per_s_max=5,
            detection=Detection.AFTER,
            unknown_is_human=False,
            machine_sample_percent=20,
        ),
        CampaignConfig(
            campaign_id=CAMPAIGNS[2],
            calls_per_s_max=5,
            pacer="preview",
            preview_ms=10_000,
            preview_end="dial",
            skips_per_hour_max=3,
        ),
    ),
)
SHORTER = CentreConfig(acd=CONFIG.acd, campaigns=CONFIG.campaigns[:1])

agents = st.sampled_from(AGENTS)
campaigns = st.sampled_from(CAMPAIGNS)
anywhere = st.integers(0, 1_000)


class CentreMachine(RuleBasedStateMachine):
    """Drives a centre, and a copy of it that is restored from time to time."""

    @initialize()
    def begin(self) -> None:
        """Start a leader on an empty centre."""
        self.centre = Centre(CONFIG)
        self.copy = Centre(CONFIG)
        self.now_ms = 0
        self.epoch = 1
        self.told: list[object] = []
        self.said: list[object] = []
        self.noticed: list[object] = []
        self.callers = 0
        self.leads = 0
        self.tell(LeaderElected(0, 1, "n", 1, 1))

    def tell(self, event) -> None:
        """Tell both; they must say the same."""
        answers = []
        for centre in (self.centre, self.copy):
            try:
                answers.append(centre.handle(event))
            except EventError as error:
                answers.append(str(error))
        assert answers[0] == answers[1]
        if isinstance(answers[0], list):
            self.said += answers[0]
            self.noticed += self.centre.notices
        self.told.append(event)

    def pick(self, kind, where):
        """Return one of the commands said so far, of this kind, or None."""
        known = [command for command in self.said if isinstance(command, kind)]
        return known[where % len(known)] if known else None

    @rule(ms=st.integers(1, 20_000))
    def time_passes(self, ms):
        self.now_ms += ms
        self.tell(ClockTicked(self.now_ms, 0, 1))

    @rule(agent=agents, signs_in=st.booleans())
    def agent_becomes_ready(self, agent, signs_in):
        if signs_in:
            self.tell(AgentSignedIn(self.now_ms, agent))
        self.tell(AgentWentReady(self.now_ms, agent))

    @rule(agent=agents, is_leaving=st.booleans())
    def agent_stops(self, agent, is_leaving):
        if is_leaving:
            self.tell(AgentSignedOut(self.now_ms, agent))
        else:
            self.tell(AgentWentNotReady(self.now_ms, agent, "lunch"))

    @rule(agent=agents, is_wrap_up=st.booleans())
    def agent_is_done(self, agent, is_wrap_up):
        done = WrapUpEnded if is_wrap_up else AgentReleasedCall
        self.tell(done(self.now_ms, agent))

    @rule(where=anywhere)
    def agents_pick_up(self, where):
        for kind in (OpenStandingLeg, OfferCall):
            command = self.pick(kind, where)
            if command is not None:
                leg_id = command.leg_id if kind is OpenStandingLeg else command.reservation_id
                self.tell(AgentLegAnswered(self.now_ms, leg_id, Sid("CA")))
                self.tell(PartyJoined(self.now_ms, command.room, leg_id, Sid("CA")))

    @rule(where=anywhere, cause=st.sampled_from(LegCause))
    def an_agents_leg_ends(self, where, cause):
        command = self.pick((OpenStandingLeg, EndLeg), where)
        if command is not None:
            self.tell(AgentLegEnded(self.now_ms, command.leg_id, Sid("CA"), cause))

    @rule()
    def somebody_calls(self):
        self.callers += 1
        call_id, who = CallId(f"CA{self.callers}"), CustomerId(f"p{self.callers}")
        self.tell(CallArrived(self.now_ms, call_id, "main", who))
        self.tell(CallQueued(self.now_ms, call_id, QueueId("billing"), who, {}))
        self.tell(CallWaited(self.now_ms, call_id, Sid("QU")))

    @rule(where=anywhere, fails=st.sampled_from([None, None, None, *ConnectFailure]))
    def a_customer_is_moved(self, where, fails):
        command = self.pick(ConnectCall, where)
        if command is None:
            return
        if fails is None:
            self.tell(PartyJoined(self.now_ms, command.room, command.call_id, command.sid))
        else:
            failure = ConnectFailed(self.now_ms, command.call_id, command.reservation_id, fails)
            self.tell(failure)

    @rule(campaign=campaigns, count=st.integers(0, 8), ends=st.booleans())
    def leads_come(self, campaign, count, ends):
        requests = [c for c in self.said if isinstance(c, RequestLeads)]
        mine = [c.request for c in requests if c.campaign_id == campaign]
        first, self.leads = self.leads, self.leads + count
        supplied = tuple(
            Lead(
                LeadId(f"l{i}"),
                0,
                f"k{i % 5}",
                CustomerId(f"p{i}"),
                self.now_ms,
                self.now_ms + 40_000,
                "us-1",
                0,
            )
            for i in range(first, self.leads)
        )
        if mine:
            self.tell(LeadsSupplied(self.now_ms, campaign, mine[-1], supplied, ends))

    @rule(campaign=campaigns, dials=st.integers(0, 9))
    def the_pacer_answers(self, campaign, dials):
        asked = [c for c in self.said if isinstance(c, PaceCampaign)]
        mine = [c.view for c in asked if c.campaign_id == campaign]
        if mine:
            placed = _count(PlaceCall, self.said)
            self.tell(DialsPaced(self.now_ms, campaign, mine[-1], dials, ""))
            if _count(PlaceCall, self.said) > placed:
                self._is_one_to_one_after_a_takeover(campaign)

    def _is_one_to_one_after_a_takeover(self, campaign_id) -> None:
        """While a campaign is cautious, no dial goes out for which no agent is ready."""
        campaign = self.centre.dialer.campaigns[campaign_id]
        if campaign.cautious_until_ms > self.now_ms:
            unserved = sum(not dial.is_offered for dial in campaign.in_flight())
            assert unserved <= self.centre.acd.floor(QueueId(campaign_id)).ready

    @rule(agent=agents, skips=st.booleans())
    def an_agent_looked_at_a_lead(self, agent, skips):
        shown = [n for n in self.noticed if isinstance(n, LeadShown) and n.agent_id == agent]
        if not shown:
            return
        about = (self.now_ms, shown[-1].campaign_id, agent, shown[-1].lead_id)
        self.tell(PreviewSkipped(*about, "called before") if skips else PreviewAccepted(*about))

    @rule(where=anywhere, answered_by=st.sampled_from(AnsweredBy), skips=st.booleans())
    def a_dial_is_answered(self, where, answered_by, skips):
        placed = self.pick(PlaceCall, where)
        if placed is not None:
            self.tell(DialBound(self.now_ms, placed.call_id, Sid("CA")))
            if not skips:
                self.tell(DialAnswered(self.now_ms, placed.call_id, Sid("CA")))
            self.tell(AnswerClassified(self.now_ms, placed.call_id, answered_by, 3_000))

    @rule(where=anywhere, what=st.sampled_from(["refused", "played", "opted out", "picked up"]))
    def something_is_told_of_a_dial(self, where, what):
        placed = self.pick(PlaceCall, where)
        if placed is None:
            return
        call_id, at_ms = placed.call_id, self.now_ms
        event = {
            "refused": DialRefused(at_ms, call_id, 21211),
            "played": MessagePlayed(at_ms, call_id),
            "opted out": OptedOut(at_ms, call_id),
            "picked up": DialAnswered(at_ms, call_id, Sid("CA")),
        }[what]
        self.tell(event)

    @rule(where=anywhere, cause=st.sampled_from(LegCause))
    def a_customers_leg_ends(self, where, cause):
        command = self.pick((PlaceCall, ConnectCall, EndCall), where)
        if command is not None:
            self.tell(CallEnded(self.now_ms, command.call_id, cause))

    @rule(where=anywhere)
    def a_fact_is_told_again(self, where):
        event = self.told[where % len(self.told)]
        if not isinstance(event, LeaderElected | SettingsApplied):
            event.at_ms = self.now_ms
            self.tell(event)

    @rule(campaign=campaigns, starts=st.booleans())
    def somebody_starts_or_pauses(self, campaign, starts):
        change = CampaignStarted if starts else CampaignPaused
        self.tell(change(self.now_ms, campaign, "sue", "because"))

    @rule()
    def another_worker_leads(self):
        self.epoch += 1
        self.tell(LeaderElected(self.now_ms, self.epoch, "n", 1, 1))

    @rule(config=st.sampled_from([CONFIG, SHORTER]))
    def settings_change(self, config):
        plain = json.loads(json.dumps(to_plain(config)))
        self.tell(SettingsApplied(self.now_ms, "digest", plain))

    @rule()
    def the_copy_is_restored_from_a_snapshot(self):
        text = json.dumps(self.centre.to_plain(), sort_keys=True)
        self.copy = Centre(CONFIG)
        self.copy.restore(json.loads(text))
        assert json.dumps(self.copy.to_plain(), sort_keys=True) == text

    @invariant()
    def all_invariants_hold(self):
        if hasattr(self, "centre"):
            acd.invariants.check(self.centre.acd.board)
            dialer.invariants.check(self.centre)

    @invariant()
    def no_more_lines_than_allowed(self):
        if hasattr(self, "centre"):
            for campaign in self.centre.dialer.campaigns.values():
                in_flight = len(list(campaign.in_flight()))
                assert in_flight <= campaign.config.lines_max

    def teardown(self) -> None:
        """End every leg and see the books balance."""
        if not hasattr(self, "centre"):
            return
        for agent in AGENTS:
            self.tell(AgentSignedOut(self.now_ms, agent))
        for call_id in [*self.centre.dialer.under_way.dials, *self.centre.acd.board.calls]:
            self.tell(CallEnded(self.now_ms, call_id, LegCause.COMPLETED))
        self.now_ms += 3_600_000
        self.tell(ClockTicked(self.now_ms, 0, 1))
        self._check_books()

    def _check_books(self) -> None:
        assert _counted(DialPlaced, self.noticed) == _counted(DialClosed, self.noticed)
        assert _counted(PlaceCall, self.said) == _counted(CloseAttempt, self.said)
        assert _counted(CallOpened, self.noticed) == _counted(CallClosed, self.noticed)
        assert max(_counted(DialClosed, self.noticed).values(), default=1) == 1
        board = self.centre.acd.board
        assert not board.calls
        assert not board.reservations
        assert {agent.state for agent in board.agents.values()} <= {AgentState.IDLE}
        for command in self.said:
            COMMAND_CODEC.encode(command)


def _count(kind, messages) -> int:
    return sum(isinstance(message, kind) for message in messages)


def _counted(kind, messages) -> Counter:
    return Counter(message.call_id for message in messages if isinstance(message, kind))


CALM = (HealthCheck.too_slow, HealthCheck.filter_too_much)

TestCentre = CentreMachine.TestCase
TestCentre.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=CALM
)


@pytest.mark.slow
def test_the_centre_at_length():
    """The same, for much longer: `make soak`."""
    at_length = settings(
        max_examples=500, stateful_step_count=100, deadline=None, suppress_health_check=CALM
    )
    run_state_machine_as_test(CentreMachine, settings=at_length)
