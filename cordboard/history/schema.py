"""The tables of history: contacts, offers, agent intervals, dial attempts, and how far they reach.

Instants and durations are modelled milliseconds, as in the journal. People appear under their
pseudonyms only: who a customer is can be read from the sealed part of the journal while its key
exists, and nowhere else.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData()

Instant = BigInteger().with_variant(Integer, "sqlite")

contacts = Table(
    "contacts",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("direction", String(8), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("opened_at_ms", Instant, nullable=False),
    Column("queue_id", String(64)),  # the last one
    Column("queued_at_ms", Instant),  # the first time
    Column("connected_at_ms", Instant),  # the first time
    Column("agent_id", String(64)),  # the last one
    Column("wait_ms", Instant, nullable=False, default=0),
    Column("talk_ms", Instant, nullable=False, default=0),  # all agents together
    Column("wrap_up_ms", Instant, nullable=False, default=0),
    Column("disposition", String(64)),
    Column("ended_at_ms", Instant),  # NULL while it lives
    Column("outcome", String(16)),
)

offers = Table(
    "offers",
    metadata,
    Column("reservation_id", String(64), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("queue_id", String(64), nullable=False),
    Column("agent_id", String(64), nullable=False),
    Column("offered_at_ms", Instant, nullable=False),
    Column("end", String(16)),
    Column("ring_ms", Instant),
)

agent_intervals = Table(
    "agent_intervals",
    metadata,
    Column("interval_id", Integer, primary_key=True, autoincrement=True),
    Column("agent_id", String(64), nullable=False),
    Column("from_ms", Instant, nullable=False),
    Column("to_ms", Instant),  # NULL for the present one
    Column("presence", String(16), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("call_id", String(64)),
)

dial_attempts = Table(
    "dial_attempts",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("campaign_id", String(64), nullable=False),
    Column("lead_id", String(64), nullable=False),
    Column("placed_at_ms", Instant, nullable=False),
    Column("ended_at_ms", Instant),
    Column("outcome", String(32)),
    Column("is_live_answer", Boolean),
    Column("is_abandoned", Boolean),
    Column("wait_ms", Instant),
)

progress = Table(
    "progress",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("cursor", String(40), nullable=False),  # the last journal entry written down
    Column("state", LargeBinary, nullable=False),  # the fold at that entry
)

Index("contacts_by_queue", contacts.c.queue_id, contacts.c.queued_at_ms)
Index("contacts_by_opening", contacts.c.opened_at_ms)
Index("offers_by_call", offers.c.call_id)
Index("agent_intervals_by_agent", agent_intervals.c.agent_id, agent_intervals.c.from_ms)
Index("dial_attempts_by_campaign", dial_attempts.c.campaign_id, dial_attempts.c.placed_at_ms)
