"""The choice made by heaps equals the choice of a reference that looks at everything."""

import importlib.util
from pathlib import Path

import pytest

from acd.engine import matching
from acd.queues import Needs, Queues, needed_levels
from acd.routing.agent_choice import AGENT_CHOICES
from acd.routing.call_choice import CALL_CHOICES

_spec = importlib.util.spec_from_file_location("acd_walk", Path(__file__).with_name("acd_walk.py"))
acd_walk = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(acd_walk)


def may_take(board, agent, call):
    queue = board.queues.queue_configs[call.queue_id]
    needs = Needs(call.queue_id, queue.channel, needed_levels(queue, call), call.share_with)
    is_preferred = not call.preferred or agent.agent_id in call.preferred
    is_barred = agent.agent_id in call.excluded
    return is_preferred and not is_barred and board.queues.profile(agent).may_serve(needs)


def best_agent(board, call):
    """Rank every free agent who may take the call by the queue's stated policy."""
    tiers = {agent.slot_id: tier for agent, tier in board.queues.free}
    free = [agent for agent, _ in board.queues.free]
    queue = board.queues.queue_configs[call.queue_id]
    policy, levels = AGENT_CHOICES[queue.agent_choice], dict(needed_levels(queue, call))
    able = [agent for agent in free if may_take(board, agent, call)]
    ranks = {
        agent.agent_id: (tiers[agent.slot_id], policy(agent, levels), agent.idle_order)
        for agent in able
    }
    return min(ranks, key=ranks.get, default=None)


def best_call(board, agent):
    """Compare every waiting call the agent may take by the site's stated policy."""
    waiting = [call for call in board.calls.values() if call.line_ticket]
    policy = CALL_CHOICES[board.config.call_choice]

    def standing(call):
        band, key, slope = policy(board.queues.queue_configs[call.queue_id], call)
        return (band, key - slope * board.now_ms, call.order)

    able = [call for call in waiting if may_take(board, agent, call)]
    return min(able, key=standing, default=None)


class Referee:
    """Stands beside the matching of one walk and compares every choice with the reference."""

    def __init__(self, walk, monkeypatch):
        self.walk = walk
        self.compared = 0
        self.match_call = matching._match_call
        self.first_call = Queues.first_call
        monkeypatch.setattr(matching, "_match_call", self.see_call)

        def first_call(queues, agent, now_ms):
            return self.see_agent(queues, agent, now_ms)

        monkeypatch.setattr(Queues, "first_call", first_call)

    def see_call(self, board, call):
        expected = best_agent(board, call)
        is_matched = self.match_call(board, call)
        chosen = board.reservations[call.reservation_id].agent_id if is_matched else None
        assert chosen == expected
        self.compared += 1
        return is_matched

    def see_agent(self, queues, agent, now_ms):
        board = self.walk.board
        expected = best_call(board, agent)
        chosen = self.first_call(queues, agent, now_ms)
        assert chosen is expected
        self.compared += 1
        return chosen


@pytest.mark.parametrize("seed", range(100, 130))
def test_every_choice_is_the_one_the_stated_policy_makes(seed, monkeypatch):
    walk = acd_walk.Walk(seed)
    referee = Referee(walk, monkeypatch)
    walk.run(250)

    assert referee.compared > 10
