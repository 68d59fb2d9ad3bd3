"""Leads: added to campaigns' lists, and how far they are."""

from http import HTTPStatus
from typing import Annotated

import msgspec

from cordboard.api.campaigns import campaign_of
from cordboard.api.operation import Asked, Operation
from cordboard.api.problems import not_found
from cordboard.api.tokens import Scope
from cordboard.api.world import World
from cordboard.runtime.leads.desk import LeadProgress, ListProgress, Taken
from dialer.ids import LeadId

LEADS_MAX = 1_000

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Text = Annotated[str, msgspec.Meta(max_length=64)]


class LeadToAdd(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A lead; the fields are the columns of a list's file (docs/dialer.md), all of them text."""

    lead: Name  #: a name without personal data, unique on the list
    number: Text
    number_2: Text = ""
    number_3: Text = ""
    name: Text = ""
    language: Text = ""
    priority: Text = ""
    time_zone: Text = ""
    region: Text = ""
    consent_on: Text = ""
    consent_is_written: Text = ""
    transaction_on: Text = ""
    inquiry_on: Text = ""


class LeadsToAdd(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Leads for one campaign."""

    leads: Annotated[list[LeadToAdd], msgspec.Meta(min_length=1, max_length=LEADS_MAX)]


def _add(world: World, asked: Asked) -> Taken:
    campaign_id = campaign_of(world, asked)
    rows = [msgspec.structs.asdict(lead) for lead in asked.body.leads]
    return world.lists.add(campaign_id, rows, world.regions[campaign_id])


def _progress(world: World, asked: Asked) -> ListProgress:
    return world.lists.progress(campaign_of(world, asked), world.now_ms())


def _lead(world: World, asked: Asked) -> LeadProgress:
    campaign_id = campaign_of(world, asked)
    found = world.lists.lead(campaign_id, LeadId(asked.path["lead"]))
    if found is None:
        raise not_found(f"campaign '{campaign_id}' has no such lead; add it first")
    return found


OPERATIONS = (
    Operation(
        name="addLeads",
        method="POST",
        path="/campaigns/{campaign}/leads",
        scope=Scope.LEADS_WRITE,
        summary="Add leads to a list; wrong ones are left out and named, the others are taken.",
        answer=_add,
        gives=Taken,
        takes=LeadsToAdd,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
    Operation(
        name="readListProgress",
        method="GET",
        path="/campaigns/{campaign}/leads",
        scope=Scope.LEADS_READ,
        summary="How far a campaign's list is.",
        answer=_progress,
        gives=ListProgress,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
    Operation(
        name="readLead",
        method="GET",
        path="/campaigns/{campaign}/leads/{lead}",
        scope=Scope.LEADS_READ,
        summary="How far one lead is.",
        answer=_lead,
        gives=LeadProgress,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
)
