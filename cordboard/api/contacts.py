"""Contacts from the history, page after page. People appear under their pseudonyms."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

import msgspec

from cordboard.api.operation import Asked, Operation
from cordboard.api.period import Instant, instant_ms
from cordboard.api.problems import bad_request, not_found
from cordboard.api.tokens import Scope
from cordboard.api.world import World
from cordboard.history.contacts import Contact, Place, find_contact, list_contacts

FAR_MS = 1 << 52
"""Later than anything; still a whole number in every client's arithmetic."""


class ContactsQuery(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """Which contacts."""

    from_: Instant = ""
    until: Instant = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100
    behind: Annotated[
        str, msgspec.Meta(max_length=128, description="The `next` of the page before.")
    ] = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """A page of contacts, oldest first."""

    contacts: tuple[Contact, ...]
    next: str  #: give it as `behind` for the next page; empty behind the last


def _list(world: World, asked: Asked) -> Contacts:
    query = asked.query
    with world.history() as history:
        found = list_contacts(
            history,
            from_ms=instant_ms("from", query.from_, 0),
            until_ms=instant_ms("until", query.until, FAR_MS),
            count=query.limit + 1,
            behind=_place(query.behind),
        )
    page, more = found[: query.limit], found[query.limit :]
    last = page[-1] if more else None
    return Contacts(tuple(page), f"{last.opened_at_ms}.{last.call_id}" if last else "")


def _place(text: str) -> Place | None:
    if not text:
        return None
    at_ms, _, call_id = text.partition(".")
    if not (at_ms.isascii() and at_ms.isdecimal()) or len(at_ms) > 15 or not call_id:
        raise bad_request("behind is not the `next` of a page; leave it out to begin anew")
    return Place(int(at_ms), call_id)


def _read(world: World, asked: Asked) -> Contact:
    with world.history() as history:
        found = find_contact(history, asked.path["contact"])
    if found is None:
        raise not_found("history knows no such contact; it is written down a moment after it began")
    return found


OPERATIONS = (
    Operation(
        name="listContacts",
        method="GET",
        path="/contacts",
        scope=Scope.CONTACTS_READ,
        summary="Contacts that began in a period, oldest first, a page at a time.",
        answer=_list,
        gives=Contacts,
        query=ContactsQuery,
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Operation(
        name="readContact",
        method="GET",
        path="/contacts/{contact}",
        scope=Scope.CONTACTS_READ,
        summary="One contact.",
        answer=_read,
        gives=Contact,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
    ),
)
