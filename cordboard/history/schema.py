"""The tables of history: contacts, handlings, offers, agent intervals, cases, dials, flows.

Beside them stand the thresholds of the queues, which measures need, and how far history reaches.
What happened in call flows is told by the web processes, not by the journal: those tables are kept
when history is made again from the journal.
One database holds one site: ids of calls are unique in their site only.

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
    Text,
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
    Column("first_queue_id", String(64)),  # where it counts as offered
    Column("queue_id", String(64)),  # the last one
    Column("queued_at_ms", Instant),  # the first time
    Column("connected_at_ms", Instant),  # the first time
    Column("answer_ms", Instant),  # its wait until then; NULL if nobody answered
    Column("agent_id", String(64)),  # the last one
    Column("wait_ms", Instant, nullable=False, default=0),  # all its waits together
    Column("talk_ms", Instant, nullable=False, default=0),  # all agents together
    Column("hold_ms", Instant, nullable=False, default=0),  # part of the talk
    Column("transfer_count", Integer, nullable=False, default=0),
    Column("wrap_up_ms", Instant, nullable=False, default=0),
    Column("disposition", String(64)),
    Column("ended_at_ms", Instant),  # NULL while it lives
    Column("outcome", String(16)),
    Column("origin_id", String(64)),  # a callback: the call in which it was promised
    Column("is_kept", Boolean),  # a callback: whether the customer was reached
)

handlings = Table(  # an agent's part in a contact: one row for each who spoke
    "handlings",
    metadata,
    Column("handling_id", Integer, primary_key=True, autoincrement=True),
    Column("call_id", String(64), nullable=False),
    Column("queue_id", String(64), nullable=False),  # for which the agent worked
    Column("agent_id", String(64), nullable=False),
    Column("connected_at_ms", Instant, nullable=False),
    Column("parted_at_ms", Instant),
    Column("talk_ms", Instant, nullable=False, default=0),
    Column("handled_at_ms", Instant),  # NULL until wrap-up is done
    Column("wrap_up_ms", Instant, nullable=False, default=0),
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

cases = Table(  # customers' matters that outlive contacts
    "cases",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("queue_id", String(64), nullable=False),  # where its tasks wait
    Column("category", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at_ms", Instant, nullable=False),
    Column("due_at_ms", Instant, nullable=False),  # what the customer was told last
    Column("settled_at_ms", Instant),  # NULL while it is open
    Column("was_overdue", Boolean, nullable=False, default=False),  # at any time
    Column("agent_id", String(64)),  # who promised it or had it last
    Column("origin_id", String(64)),  # the contact it comes from
    Column("reopened_count", Integer, nullable=False, default=0),
    Column("rating", Integer),  # 1 to 5
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
    Column("answered_at_ms", Instant),  # the legal clocks' two starts: the answer ...
    Column("live_at_ms", Instant),  # ... and the verdict that a person is there
)

queues = Table(  # the inbound queues and what is asked of them, by the last settings that had them
    "queues",
    metadata,
    Column("queue_id", String(64), primary_key=True),
    Column("service_level_ms", Instant, nullable=False),
    Column("short_abandon_ms", Instant, nullable=False),
)

flow_calls = Table(  # how calls went through their flows, by what the web processes told
    "flow_calls",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("flow", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at_ms", Instant, nullable=False),  # when it was told last
    Column("language", String(16), nullable=False),
    Column("intent", String(64), nullable=False),  # empty if none was understood
    Column("outcome", String(16), nullable=False),
    Column("turns", Integer, nullable=False),
    Column("rating", Integer),
    Column("unanswered", Integer, nullable=False),  # questions nobody could answer
    Column("sealed", Text, nullable=False),  # those questions, under the customer's key
    Column("attestation", String(8)),  # who vouched for the caller's number; NULL if not kept
)

flow_sides = Table(  # the sides of split tests a call fell on
    "flow_sides",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("node", String(64), primary_key=True),
    Column("side", String(64), nullable=False),
)

hearings = Table(  # the self-service answers a call heard
    "hearings",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("entry", String(64), primary_key=True),
    Column("flow", String(64), nullable=False),
    Column("at_ms", Instant, nullable=False),
    Column("is_helped", Boolean),  # NULL if the caller did not say
)

progress = Table(
    "progress",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("cursor", String(40), nullable=False),  # the last journal entry written down
    Column("at_ms", Instant, nullable=False),  # its instant
    Column("state", LargeBinary, nullable=False),  # the fold at that entry
)

Index("contacts_by_queueing", contacts.c.queued_at_ms)
Index("contacts_by_opening", contacts.c.opened_at_ms)
Index("handlings_by_call", handlings.c.call_id)
Index("handlings_by_parting", handlings.c.parted_at_ms)
Index("handlings_by_end", handlings.c.handled_at_ms)
Index("offers_by_call", offers.c.call_id)
Index("agent_intervals_by_agent", agent_intervals.c.agent_id, agent_intervals.c.from_ms)
Index("cases_by_opening", cases.c.opened_at_ms)
Index("flow_calls_by_time", flow_calls.c.flow, flow_calls.c.at_ms)
Index("hearings_by_time", hearings.c.flow, hearings.c.at_ms)
Index("dial_attempts_by_placing", dial_attempts.c.placed_at_ms)
