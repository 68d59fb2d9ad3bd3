"""The random walk of `acd_walk` in a centre with conversations, tasks, cases and segments too."""

import importlib.util
from dataclasses import replace
from pathlib import Path

from acd.channels import Channel
from acd.config import QueueConfig, SegmentConfig
from acd.events import (
    CaseOpened,
    CasePostponed,
    CaseRated,
    CaseReopened,
    CaseResolved,
    ConversationEnded,
    ConversationTransferred,
    MessagePassed,
    OfferAccepted,
)

_spec = importlib.util.spec_from_file_location("acd_walk", Path(__file__).with_name("acd_walk.py"))
acd_walk = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(acd_walk)

SEGMENTS = ("vip", "new", "")


def mixed_centre(draw):
    """Draw the settings of a small centre that writes, follows up and knows its customers."""
    config = acd_walk.random_centre(draw)
    calls = tuple(
        replace(queue, follow_up_queue_id=draw.choice((None, "tasks")), follow_up_ms=60_000)
        for queue in config.queues
    )
    written = tuple(
        QueueConfig(
            queue_id=f"texts{index}",
            channel=Channel.MESSAGE,
            skills=acd_walk.some_skills(draw),
            auto_accept=draw.choice((True, False)),
            idle_ms_max=draw.choice((0, 5_000, 60_000)),
            ring_count=draw.choice((1, 2)),
            wait_ms_max=draw.choice((5_000, 3_600_000)),
            length_max=draw.choice((0, 0, 2)),
        )
        for index in range(2)
    )
    tasks = QueueConfig(
        queue_id="tasks",
        channel=Channel.TASK,
        auto_accept=draw.choice((True, False)),
        wrap_up_ms=draw.choice((0, 10_000)),
        ring_count=draw.choice((1, 2)),
        follow_up_retry_ms=draw.choice((1_000, 60_000)),
        overdue_priority=draw.choice((0, 100)),
        preferred_ms=draw.choice((0, 3_000)),
    )
    return replace(
        config,
        queues=(*calls, *written, tasks),
        agents=tuple(
            replace(agent, messages_max=draw.choice((0, 1, 3))) for agent in config.agents
        ),
        segments=(
            SegmentConfig(segment_id="vip", priority=5, queue_ids={"texts0": "texts1"}),
            SegmentConfig(segment_id="new", follow_up_percent=50),
        )[: draw.randint(0, 2)],
        calls_during_messages=draw.choice((True, False)),
        messages_during_calls=draw.choice((True, False)),
    )


def without_something(draw, config):
    """Return the settings without one agent or queue, or with less capacity."""
    queue_id = draw.choice(config.queues).queue_id
    what = draw.random()
    if what < 0.3 and len(config.agents) > 1:
        agents = list(config.agents)
        agents.remove(draw.choice(agents))
        return replace(config, agents=tuple(agents))
    if what < 0.6:
        return replace(
            config, agents=tuple(replace(agent, messages_max=1) for agent in config.agents)
        )
    return without_queue(config, queue_id) if len(config.queues) > 1 else config


def without_queue(config, queue_id):
    """Return the settings without a queue and without whatever names it."""
    return replace(
        config,
        queues=tuple(
            replace(
                queue,
                relaxation=tuple(
                    step
                    for step in queue.relaxation
                    if queue_id != step.queue_id and queue_id not in step.share_with
                ),
                follow_up_queue_id=None
                if queue.follow_up_queue_id == queue_id
                else queue.follow_up_queue_id,
            )
            for queue in config.queues
            if queue.queue_id != queue_id
        ),
        agents=tuple(
            replace(agent, queues=tuple(name for name in agent.queues if name != queue_id))
            for agent in config.agents
        ),
        segments=tuple(
            replace(
                segment,
                queue_ids={
                    old: new for old, new in segment.queue_ids.items() if queue_id not in (old, new)
                },
            )
            for segment in config.segments
        ),
    )


class MixedWalk(acd_walk.Walk):
    """A walk through all channels."""

    make_centre = staticmethod(mixed_centre)

    def __init__(self, seed):
        super().__init__(seed)
        self.steps += [
            (8, self.conversation_goes_on),
            (6, self.case_goes_on),
            (12, self.contacts_go_on_together),
            (0.2, self.something_is_taken_away),
            (0.1, self.restart),
        ]
        self.case_count = 0

    def something_is_taken_away(self):
        """Take settings that lack an agent, a queue or some capacity that is in use just now."""
        if self.draw.random() < 0.6:
            self.take_settings(without_something(self.draw, self.engine.config))

    def queue_call(self, call_id):
        event = super().queue_call(call_id)
        event.segment = self.draw.choice(SEGMENTS)
        return event

    def offer_succeeds(self, held):
        if held.channel is not Channel.VOICE and held.state == "ringing":
            return OfferAccepted(self.at_ms, held.reservation_id)
        return super().offer_succeeds(held)

    def conversation_goes_on(self):
        held = self.some(self.board.reservations.values())
        if held is None:
            return None
        names = [agent.agent_id for agent in self.engine.config.agents]
        queue_id = self.draw.choice(self.engine.config.queues).queue_id
        call_id, agent_id = held.call_id, self.draw.choice((held.agent_id, *names))
        to_agent = self.draw.choice((None, *names))
        return self.draw.choice(
            (
                MessagePassed(self.at_ms, call_id),
                MessagePassed(self.at_ms, call_id),
                ConversationEnded(self.at_ms, agent_id, call_id, "done"),
                ConversationTransferred(self.at_ms, agent_id, call_id, queue_id, {}, to_agent),
            )
        )

    def contacts_go_on_together(self):
        """Go on with the call or task of somebody who has conversations beside it."""
        writing = [
            held.agent_id
            for held in self.board.reservations.values()
            if held.channel is Channel.MESSAGE
        ]
        held = self.some(
            held
            for held in self.board.reservations.values()
            if held.channel is not Channel.MESSAGE and held.agent_id in writing
        )
        if held is None:
            return None
        if held.state != "connected":
            return self.offer_succeeds(held)
        return self.talk_goes_on(held) if self.draw.random() < 0.4 else None

    def case_goes_on(self):
        case = self.some(self.board.cases.values())
        due_at_ms = self.at_ms + self.draw.choice((-1, 5_000, 60_000))
        from_at_ms = self.draw.choice((0, 0, self.at_ms + 3_000, self.at_ms + 90_000))
        if case is None or self.draw.random() < 0.3:
            return self.open_case(due_at_ms, from_at_ms)
        return self.draw.choice(
            (
                CasePostponed(self.at_ms, case.case_id, due_at_ms, from_at_ms),
                CaseResolved(self.at_ms, case.case_id),
                CaseResolved(self.at_ms, case.case_id),
                CaseReopened(self.at_ms, case.case_id, due_at_ms),
                CaseRated(self.at_ms, case.case_id, self.draw.randint(0, 5)),
            )
        )

    def open_case(self, due_at_ms, from_at_ms):
        self.case_count += 1
        names = [agent.agent_id for agent in self.engine.config.agents]
        return CaseOpened(
            self.at_ms,
            f"CS{self.case_count}",
            "k",
            self.draw.choice(("tasks", "tasks", "tasks", "texts0")),
            "billing",
            due_at_ms,
            from_at_ms,
            segment=self.draw.choice(SEGMENTS),
            agent_id=self.draw.choice((None, *names)),
        )
