"""Contacts one by one, in the order in which they began, page after page.

A page begins behind the last contact of the one before (its instant and id), so that nothing is
skipped or shown twice while new contacts are written.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, or_, select

from cordboard.history.schema import contacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact as history keeps it; `None` stands for what has not happened (yet)."""

    call_id: str
    direction: str
    customer_id: str  #: a pseudonym
    opened_at_ms: int
    first_queue_id: str | None
    queue_id: str | None
    queued_at_ms: int | None
    connected_at_ms: int | None
    agent_id: str | None
    wait_ms: int
    talk_ms: int
    hold_ms: int
    transfer_count: int
    wrap_up_ms: int
    disposition: str | None
    ended_at_ms: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which contact a page begins."""

    opened_at_ms: int
    call_id: str


def list_contacts(
    connection: Connection, *, from_ms: int, until_ms: int, count: int, behind: Place | None = None
) -> list[Contact]:
    """Return contacts that began in a period, oldest first.

    Args:
        connection: The history.
        from_ms: Inclusive.
        until_ms: Exclusive.
        count: At most so many.
        behind: Where the page before ended; None for the first.
    """
    columns = [contacts.c[name] for name in Contact.__dataclass_fields__]
    begins = contacts.c.opened_at_ms
    wanted = and_(begins >= from_ms, begins < until_ms)
    if behind is not None:
        later = begins > behind.opened_at_ms
        same = and_(begins == behind.opened_at_ms, contacts.c.call_id > behind.call_id)
        wanted = and_(wanted, or_(later, same))
    query = select(*columns).where(wanted).order_by(begins, contacts.c.call_id).limit(count)
    return [Contact(**row) for row in connection.execute(query).mappings()]


def find_contact(connection: Connection, call_id: str) -> Contact | None:
    """Return a contact, None if history does not know it."""
    columns = [contacts.c[name] for name in Contact.__dataclass_fields__]
    row = connection.execute(select(*columns).where(contacts.c.call_id == call_id)).mappings()
    found = row.one_or_none()
    return None if found is None else Contact(**found)
