"""What history keeps of call flows: exactly once, compared by version, answers by their help."""

import msgspec
import pytest
from sqlalchemy import create_engine, insert, select

from cordboard.history.flows import FlowHistory, SealedRecord, helpfulness_of
from cordboard.history.schema import contacts, flow_calls, flow_sides, hearings
from cordboard.history.variants import by_side, by_version, flow_names, split_nodes
from cordboard.runtime.releases import Releases
from ivr.rollout import compare
from webhooks.told import Hearing


@pytest.fixture
def history(store, tmp_path):
    with store.client(timeout_s=5.0) as client:
        kept = FlowHistory(f"sqlite:///{tmp_path / 'flows.db'}", store, client)
        yield kept
        kept.close()


@pytest.fixture
def connection(history, tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'flows.db'}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def record(call_id="CA1", **changes):
    plain = {
        "call_id": call_id,
        "customer_id": "cu-1",
        "flow": "bank",
        "version": 1,
        "at_ms": 1_000,
        "language": "en",
        "outcome": "queued",
        "turns": 2,
    }
    return SealedRecord(**(plain | changes))


def tell(store, *records):
    with store.client(timeout_s=5.0) as client:
        for one in records:
            client.xadd(store.keys.flow_records, {"d": msgspec.json.encode(one)})


def test_record_becomes_rows_and_leaves_the_store(history, store, tmp_path):
    heard = (Hearing("hours", True), Hearing("fees", None))
    tell(
        store,
        record(splits={"side": "a"}, heard=heard, intent="lost_card", rating=4, attestation="full"),
    )
    assert history.keep() == 1
    assert history.keep() == 0
    with create_engine(f"sqlite:///{tmp_path / 'flows.db'}").connect() as connection:
        (row,) = connection.execute(select(flow_calls)).mappings()
        assert (row["intent"], row["rating"], row["version"]) == ("lost_card", 4, 1)
        assert row["attestation"] == "full"
        assert connection.execute(select(flow_sides.c.side)).scalars().all() == ["a"]
        assert connection.execute(select(hearings.c.is_helped)).scalars().all() == [True, None]


def test_later_record_of_a_call_replaces_the_earlier_one(history, store, tmp_path):
    tell(store, record(heard=(Hearing("hours", None),)), record(outcome="self_served", rating=5))
    tell(store, record(outcome="self_served", rating=5))  # told twice
    history.keep()
    with create_engine(f"sqlite:///{tmp_path / 'flows.db'}").connect() as connection:
        assert connection.execute(select(flow_calls.c.rating)).scalars().all() == [5]
        assert connection.execute(select(hearings)).all() == []


def test_record_that_makes_no_sense_is_passed_over(history, store):
    with store.client() as client:
        client.xadd(store.keys.flow_records, {"d": b"{"})
    tell(store, record())
    assert history.keep() == 1


def contact(connection, call_id, outcome, *, to_agent_ms=None, transfers=0, ended_at_ms=90_000):
    connection.execute(
        insert(contacts).values(
            call_id=call_id,
            direction="inbound",
            customer_id="cu-1",
            opened_at_ms=10_000,
            connected_at_ms=None if to_agent_ms is None else 10_000 + to_agent_ms,
            transfer_count=transfers,
            ended_at_ms=ended_at_ms,
            outcome=outcome,
        )
    )


def test_versions_and_sides_are_compared_by_how_their_calls_went(history, store, connection):
    tell(
        store,
        record("CA1", version=1, splits={"side": "a"}),
        record("CA2", version=2, splits={"side": "b"}, rating=2),
        record("CA3", version=2, splits={"side": "b"}, rating=4),
        record("CA4", version=2),
    )
    history.keep()
    contact(connection, "CA1", "self_served")
    contact(connection, "CA2", "connected", to_agent_ms=4_000, transfers=1)
    contact(connection, "CA3", "abandoned")
    contact(connection, "CA4", None, ended_at_ms=None)  # still on the line
    one, two = compare(by_version(connection, "bank", 0, 100_000))
    assert (one.variant, one.calls, one.contained.count) == ("version 1", 1, 1)
    assert (two.calls, two.abandoned.count, two.transferred.count) == (2, 1, 1)
    assert (two.to_agent_ms_mean, two.satisfaction_mean) == (4_000, 3.0)
    sides = compare(by_side(connection, "bank", "side", 0, 100_000))
    assert [(side.variant, side.calls) for side in sides] == [("a", 1), ("b", 2)]
    assert flow_names(connection) == ["bank"]
    assert split_nodes(connection, "bank") == ["side"]


def test_how_much_answers_help_is_told_to_the_web_processes(history, store):
    day_ms = 86_400_000
    tell(
        store,
        record("CA1", heard=(Hearing("old", True),), at_ms=0),
        record("CA2", heard=(Hearing("new", True),), at_ms=100 * day_ms),
        record("CA3", heard=(Hearing("bad", False),), at_ms=100 * day_ms),
        record("CA4", heard=(Hearing("silent", None),), at_ms=100 * day_ms),
    )
    history.keep()
    scores = Releases(store).helpfulness()["bank"]
    assert scores["bad"] < scores["old"] < scores["new"]
    assert scores["old"] == pytest.approx(0.5, abs=0.01)
    assert "silent" not in scores


def test_flow_nobody_has_judged_has_no_scores(connection):
    assert helpfulness_of(connection, "bank") == {}
