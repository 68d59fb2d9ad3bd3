"""Doubled, late and reordered callbacks, and lost answers, by seed: the books still balance."""

import pytest

from simulator.carrier.faults import Faults
from simulator.carrier.people.manners import Reaction
from tests.webhooks.stage import stage

FAULTS = Faults(
    callback_delayed=0.3,
    callback_reordered=0.3,
    callback_duplicated=0.4,
    answer_lost=0.4,
    ringing_missing=0.5,
    verdict_after_hang_up=0.5,
)
MANNERS = (
    ((Reaction(key="1"),), {"patience_s": 20.0}),
    ((Reaction(key="2"), Reaction(say="please call me about my letter")), {}),
    ((Reaction(key="3"), Reaction(key="9"), Reaction(key="4321#")), {"patience_s": 9.0}),
    ((Reaction(key="4"),), {}),
    ((Reaction(key="7"), Reaction(hang_up=True)), {}),
    ((), {"patience_s": 5.0}),
)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_call_has_one_arrival_one_end_and_at_most_one_outcome(seed):
    with stage(faults=FAULTS, seed=seed) as scene:
        for reactions, manner in MANNERS * 2:
            scene.call_in(*reactions, **manner)
            scene.pass_(3)
        scene.dial()
        scene.pass_(400)
        assert scene.is_quiet()
        told = {"CallArrived": [], "CallQueued": [], "FlowEnded": [], "CallEnded": []}
        for event in scene.told():
            told.get(type(event).__name__, []).append(event)
        calls = sorted(event.call_id for event in told["CallArrived"])
        assert len(calls) == len(set(calls)) == 2 * len(MANNERS)
        assert sorted(event.call_id for event in told["CallEnded"]) == sorted([*calls, "7.12"])
        for name in ("CallQueued", "FlowEnded"):
            ids = [event.call_id for event in told[name]]
            assert len(ids) == len(set(ids)), name
        assert {e.call_id for e in told["CallQueued"] + told["FlowEnded"]} == set(calls)
        assert scene.count("MessagePlayed") == 1
        assert len(scene.journal.facts) > len(scene.told())
        assert {code for code, _ in scene.alerts()} <= {16101, 16102}
