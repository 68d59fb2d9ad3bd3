"""Outbox and executor: claim, carry out, settle, whatever comes between."""

import threading

import pytest

from acd.commands import OfferCall
from acd.events import AgentLegBound
from acd.ids import LegId, Sid
from cordboard.runtime.carrier.effects import Done, Doubtful, NotNow
from cordboard.runtime.clock import LiveClock, ModelledClock
from cordboard.runtime.executor import Executor
from cordboard.runtime.journal import JournalReader
from cordboard.runtime.leader import Fenced
from cordboard.runtime.legs import Legs, leg_row
from cordboard.runtime.metrics import Metrics
from cordboard.runtime.outbox import Outbox, Settlement
from tests.cordboard.runtime.runtime_doubles import begin_term, catch_up, ended, queued
from webhooks.ports import Fact

BOUND = AgentLegBound(0, LegId("7.1"), Sid("CA9"))


@pytest.fixture
def term(store, journal):
    """A term that has posted one offer."""
    term, _ = begin_term(store)
    journal.append([Fact(queued("CA1"), "k1")])
    catch_up(term)
    return term


@pytest.fixture
def outbox(store, client, term):
    return Outbox(store, client, LiveClock(), term.leadership.token)


def effect_of(client, store, posted):
    return client.hget(store.keys.effects, posted.key).decode()


class TestSteps:
    def test_claim_is_given_once(self, store, client, outbox):
        (posted,) = outbox.read("0-0", block_ms=1)
        assert isinstance(posted.command, OfferCall)
        assert outbox.claim(posted).is_ours
        second = outbox.claim(posted)
        assert not second.is_ours
        assert second.started_wall_ms is not None

    def test_claim_given_back_is_free_again(self, outbox):
        (posted,) = outbox.read("0-0", block_ms=1)
        outbox.claim(posted)
        outbox.give_back(posted)
        assert outbox.claim(posted).is_ours

    def test_settlement_empties_the_box_and_tells_the_journal(self, store, client, outbox):
        (posted,) = outbox.read("0-0", block_ms=1)
        outbox.claim(posted)
        settlement = Settlement(
            "sid:CA9", [(BOUND, "CA9|bound")], ("7.1", leg_row("CA9", is_agent=True))
        )
        outbox.settle(posted, settlement)
        assert outbox.read("0-0", block_ms=1) == []
        assert outbox.claim(posted).is_settled
        assert Legs(store, client, LiveClock(), "").sid_of("7.1") == "CA9"
        last = JournalReader(store, client).read("0-0")[-1]
        assert (last.type, last.append_id) == ("AgentLegBound", f"{posted.key}/0")

    def test_replaced_leader_touches_no_effect(self, store, client, outbox):
        (posted,) = outbox.read("0-0", block_ms=1)
        client.delete(store.keys.lease)
        begin_term(store)
        with pytest.raises(Fenced):
            outbox.claim(posted)
        with pytest.raises(Fenced):
            outbox.give_back(posted)
        with pytest.raises(Fenced):
            outbox.settle(posted, Settlement("done"))
        assert effect_of(client, store, posted) == "new"

    def test_command_this_version_does_not_know_is_taken_out(self, store, client, outbox):
        client.xadd(store.keys.outbox, {"k": "9-0:0", "t": "SingSong", "d": "{}", "m": "5"})
        assert len(outbox.read("0-0", block_ms=1)) == 1
        assert client.xlen(store.keys.outbox) == 1


class ScriptedGateway:
    """Answers each try from a list, then is done."""

    def __init__(self, *effects):
        self.effects = list(effects)
        self.tries = []
        self.settled = threading.Event()

    def carry_out(self, command, attempt):
        self.tries.append((type(command).__name__, attempt))
        if self.effects:
            effect = self.effects.pop(0)
            if isinstance(effect, Exception):
                raise effect
            return effect
        self.settled.set()
        return Done(Settlement("done"))


@pytest.fixture
def run(store, client, outbox, monkeypatch):
    """Run an executor over a scripted gateway until everything is settled."""
    monkeypatch.setattr("cordboard.runtime.executor.AGAIN_MS", 1)
    monkeypatch.setattr("cordboard.runtime.executor._BUSY_MS_MIN", 1)

    def run_executor(gateway):
        clock = LiveClock()
        executor = Executor(outbox, gateway, clock, ModelledClock(clock), Metrics())
        executor.start()
        for _ in range(5_000):
            if client.xlen(store.keys.outbox) == 0 or not executor.is_running:
                break
            threading.Event().wait(0.002)
        was_running = executor.is_running
        executor.stop()
        return was_running

    return run_executor


class TestExecutor:
    def test_effect_in_doubt_is_tried_again_as_a_repeat(self, store, client, run):
        gateway = ScriptedGateway(Doubtful("late"), Doubtful("late"))
        assert run(gateway)
        assert [attempt.is_repeat for _, attempt in gateway.tries] == [False, True, True]
        assert [attempt.looks for _, attempt in gateway.tries] == [0, 0, 1]

    def test_effect_put_off_is_tried_again_as_new(self, run):
        gateway = ScriptedGateway(NotNow(), NotNow())
        assert run(gateway)
        assert [attempt.is_repeat for _, attempt in gateway.tries] == [False, False, False]

    def test_command_that_our_code_cannot_handle_stops_no_other(self, run, store, client):
        gateway = ScriptedGateway(*[RuntimeError("a bug")] * 3)
        assert run(gateway)
        assert len(gateway.tries) == 3
        (effect,) = client.hvals(store.keys.effects)
        assert effect == b"fault"

    def test_executor_of_a_replaced_leader_ends_and_carries_nothing_out(
        self, store, client, outbox, run
    ):
        client.delete(store.keys.lease)
        begin_term(store)
        gateway = ScriptedGateway()
        assert not run(gateway)
        assert gateway.tries == []

    def test_what_a_dead_worker_had_claimed_is_looked_for_first(self, store, client, outbox, run):
        (posted,) = outbox.read("0-0", block_ms=1)
        outbox.claim(posted)
        gateway = ScriptedGateway()
        assert run(gateway)
        assert gateway.tries[0][1].is_repeat

    def test_what_is_posted_while_the_executor_runs_is_carried_out_too(
        self, store, client, term, journal, run
    ):
        journal.append([Fact(ended("CA1"), "k2")])
        catch_up(term)
        gateway = ScriptedGateway()
        assert run(gateway)
        assert [kind for kind, _ in gateway.tries] == ["OfferCall"]
