"""What history keeps of text messages: each once, in its last state, no word of it."""

import msgspec
import pytest
from sqlalchemy import create_engine, select

from cordboard.history.schema import text_messages
from cordboard.history.texts import TextHistory
from cordboard.runtime.text_rows import TextRecord


@pytest.fixture
def told(store, tmp_path):
    url = f"sqlite:///{tmp_path / 'texts.db'}"
    with store.client(timeout_s=5.0) as client:
        history = TextHistory(url, store, client)

        def tell(*records):
            for record in records:
                client.xadd(store.keys.text_records, {"d": msgspec.json.encode(record)})
            assert history.keep() == len(records)
            engine = create_engine(url)
            with engine.connect() as connection:
                rows = connection.execute(select(text_messages)).mappings().all()
            engine.dispose()
            return [dict(row) for row in rows]

        yield tell
        history.close()


def record(state, error_code=0):
    return TextRecord(
        thread_id="SM1",
        name="r1",
        customer_id="cu-1",
        at_ms=1_000,
        writer="ana",
        state=state,
        error_code=error_code,
        part_count=2,
    )


def test_message_is_one_row_in_its_last_state(told):
    (row,) = told(record("to send"), record("queued"), record("undelivered", 30003))
    assert (row["state"], row["error_code"], row["part_count"]) == ("undelivered", 30003, 2)


def test_beginning_told_again_is_no_news(told):
    told(record("to send"), record("delivered"))
    (row,) = told(record("to send"))
    assert row["state"] == "delivered"


def test_record_that_cannot_be_read_stops_nothing(told, store):
    with store.client(timeout_s=5.0) as client:
        client.xadd(store.keys.text_records, {"x": b"?"})
    (row,) = told(record("delivered"))
    assert row["name"] == "r1"
