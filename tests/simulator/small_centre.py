"""A small centre for tests of the twin, with or without an outbound campaign."""

from collections.abc import Mapping

from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.ids import AgentId, QueueId
from dialer.config import CampaignConfig, CentreConfig
from dialer.ids import CampaignId
from simulator.distributions import Constant, Distribution, Exponential
from simulator.scenario import (
    CalledPeople,
    CallType,
    Carrier,
    Failovers,
    Flow,
    Scenario,
    Shift,
    Worker,
)

AT_ONCE = Carrier(enqueue_s=Constant(0.0), ring_s=Constant(0.0), move_s=Constant(0.0))
"""A carrier that takes no time, for comparisons with plain queueing models."""


def centre(
    agents: int,
    *,
    standing: bool = True,
    queue: Mapping[str, object] | None = None,
    **campaign: object,
) -> CentreConfig:
    """Return a centre with one queue; a campaign is added if any of its settings is given."""
    line = {"queue_id": QueueId("q"), "wrap_up_ms": 0, "wait_ms_max": 86_400_000, **(queue or {})}
    campaigns = (
        (CampaignConfig(**{"campaign_id": CampaignId("sales"), **campaign}),) if campaign else ()
    )
    return CentreConfig(
        acd=AcdConfig(
            queues=(QueueConfig(**line),),
            agents=tuple(
                AgentConfig(agent_id=AgentId(name), standing=standing) for name in names(agents)
            ),
        ),
        campaigns=campaigns,
    )


def names(count: int) -> list[str]:
    """Return agents' names."""
    return [f"a{index:03d}" for index in range(count)]


def scenario(
    *,
    agents: int = 3,
    per_interval: tuple[float, ...] = (30.0, 30.0),
    talk_s: Distribution | None = None,
    patience_s: Distribution | None = None,
    people: CalledPeople | None = None,
    standing: bool = True,
    worker: Worker | None = None,
    flow: Flow | None = None,
    queue: Mapping[str, object] | None = None,
    carrier: Carrier = AT_ONCE,
    failovers: Failovers | None = None,
    **campaign: object,
) -> Scenario:
    """Return a scenario with its centre: one queue, agents there from the opening to noon."""
    shift = Shift(start="07:59", until="12:00")
    return Scenario(
        name="small",
        opens_at="08:00",
        calls={
            "calls": CallType(
                queue="q",
                per_interval=per_interval,
                flow=flow or Flow(),
                talk_s=talk_s or Exponential(180.0),
                patience_s=patience_s or Exponential(120.0),
            )
        },
        agents=dict.fromkeys(names(agents), worker or Worker(shifts=(shift,))),
        carrier=carrier,
        failovers=failovers or Failovers(),
        campaigns={"sales": people} if people else {},
        centre=centre(agents, standing=standing, queue=queue, **campaign),
    )
