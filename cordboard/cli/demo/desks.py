"""The agents' hands: who comes and goes, who finishes wrap-up when, who comes back after a miss.

An agent of the demo does at the console what the scenario says and nothing else. What is due is
kept by modelled time and done when the journal has reached it; every act becomes a fact in the
journal, as if a button had been pressed.
"""

import heapq
import itertools
from collections.abc import Callable

from acd.agents import LEG_FAILED, RONA
from acd.events import (
    UNSTAMPED,
    AgentSignedIn,
    AgentSignedOut,
    AgentWentNotReady,
    AgentWentReady,
    Event,
    WrapUpEnded,
)
from acd.ids import AgentId
from acd.notices import AgentChanged, TalkEnded
from cordboard.cli.demo.observer import Observer
from cordboard.cli.demo.population import Window
from dialer.events import CampaignPaused
from dialer.ids import CampaignId
from simulator.distributions import Distribution
from simulator.scenario import Scenario, seconds_of
from simulator.streams import Streams
from webhooks.ports import Fact, Journal

RETURN_MS = 30_000
"""How long after a missed offer or a failed leg an agent says that they are there again."""


class Desks:
    """Everybody at work during the window."""

    def __init__(
        self, scenario: Scenario, streams: Streams, observer: Observer, journal: Journal
    ) -> None:
        self._scenario = scenario
        self._streams = streams
        self._observer = observer
        self._journal = journal
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._wraps: dict[str, Distribution] = {
            kind.queue: kind.wrap_s for kind in scenario.calls.values()
        }
        self._wraps |= {name: people.wrap_s for name, people in scenario.campaigns.items()}
        observer.listen(TalkEnded, self._hear_talk_ended)
        observer.listen(AgentChanged, self._hear_agent_changed)

    def plan(self, window: Window) -> None:
        """Plan everybody's coming and going, from the modelled instant of now on."""
        now_ms = self._observer.at_ms
        for name, worker in self._scenario.agents.items():
            agent_id = AgentId(name)
            for shift in worker.shifts:
                begins_ms = seconds_of(shift.start) * 1_000 - window.begins_at_ms
                ends_ms = seconds_of(shift.until) * 1_000 - window.begins_at_ms
                if ends_ms <= 0 or begins_ms >= window.lasts_ms:
                    continue
                self._plan_act(now_ms + max(0, begins_ms), AgentSignedIn(UNSTAMPED, agent_id))
                self._plan_act(now_ms + max(0, begins_ms), AgentWentReady(UNSTAMPED, agent_id))
                for pause in shift.breaks:
                    leaves_ms = seconds_of(pause.at) * 1_000 - window.begins_at_ms
                    returns_ms = leaves_ms + round(pause.minutes * 60_000)
                    if returns_ms <= 0 or leaves_ms >= window.lasts_ms:
                        continue
                    away = AgentWentNotReady(UNSTAMPED, agent_id, pause.reason)
                    self._plan_act(now_ms + max(0, leaves_ms), away)
                    self._plan_act(now_ms + returns_ms, AgentWentReady(UNSTAMPED, agent_id))
                if ends_ms < window.lasts_ms:
                    self._plan_act(now_ms + ends_ms, AgentSignedOut(UNSTAMPED, agent_id))

    def act(self) -> None:
        """Do what has come due.

        Raises:
            JournalDown: The journal takes nothing now; what was not done stays due.
        """
        while self._due and self._due[0][0] <= self._observer.at_ms:
            self._due[0][2]()
            heapq.heappop(self._due)

    def pause_campaigns(self) -> None:
        """Let no campaign dial any more; what rings goes on."""
        for name in self._scenario.campaigns:
            paused = CampaignPaused(UNSTAMPED, CampaignId(name), "system", "the demo ends")
            self._journal.append([Fact(paused, natural_key=f"demo-ends|{name}")])

    def go_home(self) -> None:
        """Sign everybody out."""
        self._due.clear()
        for name in self._scenario.agents:
            self._tell(AgentSignedOut(UNSTAMPED, AgentId(name)))

    def _hear_talk_ended(self, notice: TalkEnded) -> None:
        law = self._wraps.get(notice.queue_id)
        if law is None:
            return
        rng = self._streams.stream("demo wrap-up", notice.call_id, notice.agent_id)
        wrap_ms = round(1_000 * float(law.draw(rng, 1)[0]))
        self._plan(notice.at_ms + wrap_ms, lambda: self._end_wrap_up(notice))

    def _end_wrap_up(self, notice: TalkEnded) -> None:
        for agent in self._observer.agents:
            is_it = agent.agent_id == notice.agent_id and agent.call_id == notice.call_id
            if is_it and agent.state == "wrap_up":
                self._tell(WrapUpEnded(UNSTAMPED, notice.agent_id))

    def _hear_agent_changed(self, notice: AgentChanged) -> None:
        if notice.presence == "not_ready" and notice.reason in (RONA, LEG_FAILED):
            ready = AgentWentReady(UNSTAMPED, notice.agent_id)
            self._plan_act(notice.at_ms + RETURN_MS, ready)

    def _plan_act(self, at_ms: int, event: Event) -> None:
        self._plan(at_ms, lambda: self._tell(event))

    def _plan(self, at_ms: int, act: Callable[[], None]) -> None:
        heapq.heappush(self._due, (at_ms, next(self._order), act))

    def _tell(self, event: Event) -> None:
        self._journal.append([Fact(event, natural_key="")])
