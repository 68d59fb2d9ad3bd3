"""A campaign's settings beside the centre: whom it calls, when, how often, under which numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from msgspec import UNSET

from cordboard.runtime.leads.plan import (
    ATTEMPTS_MAX,
    DAY_H,
    RETRIES,
    WEEK_H,
    Cap,
    ListFile,
    Retry,
)
from cordboard.runtime.settings.documents import CampaignDocument, CapsDocument, CentreDocument
from cordboard.runtime.settings.reading import SettingsError, placing
from dialer.compliance import Purpose
from dialer.compliance.rules import minutes_of
from ivr.flow.source import Source
from webhooks.ports import OutboundTexts

ONLY_LIST = "main"
"""The name of a campaign's list where it has but one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSettings:
    """What a campaign needs outside the centre."""

    caller_id: str
    caller_ids: tuple[str, ...]  #: all it may show, `caller_id` first
    is_caller_id_owned: bool  #: each of them is a number of ours
    lists: tuple[ListFile, ...]
    region: str  #: ISO 3166 country for numbers written without one; empty: all have one
    purpose: Purpose
    registers: Mapping[str, int]  #: register -> instant of the copy the list was cleaned with
    hours: tuple[str, ...]
    caps: tuple[Cap, ...]
    attempts_max: int  #: per lead
    retries: Mapping[str, Retry]
    conversations_goal: int | None
    texts: OutboundTexts


def read_campaign(
    source: Source, folder: Path, name: str, centre: CentreDocument
) -> CampaignSettings:
    """Return what a campaign of the document needs outside the centre.

    Raises:
        SettingsError: Something in it is wrong; one line says where and what would be right.
    """
    document, place = centre.campaigns[name], ("campaigns", name)
    shown = tuple(dict.fromkeys((document.caller_id, *document.caller_ids)))
    owned = {line.number for line in centre.lines.values()} | set(centre.owned_numbers)
    for index, span in enumerate(document.hours):
        with placing(source, (*place, "hours", index)):
            minutes_of(span)
    return CampaignSettings(
        caller_id=document.caller_id,
        caller_ids=shown,
        is_caller_id_owned=owned.issuperset(shown),
        lists=_lists(source, folder, place, document),
        region="" if document.region is UNSET else str(document.region),
        purpose=document.purpose,
        registers={
            register: _instant(source, (*place, "registers", register), text)
            for register, text in document.registers.items()
        },
        hours=tuple(document.hours),
        caps=tuple(_caps(document.attempts_max)),
        attempts_max=_lead_cap(document.attempts_max),
        retries=_retries(source, place, document),
        conversations_goal=document.conversations_goal,
        texts=OutboundTexts(
            language=document.language,
            opening=document.opening,
            safe_harbour=document.safe_harbour,
            voicemail=document.voicemail,
        ),
    )


def _lists(
    source: Source, folder: Path, place: tuple[str, ...], document: CampaignDocument
) -> tuple[ListFile, ...]:
    """Return a campaign's lists, whose files are there."""
    if bool(document.leads) == bool(document.lists):
        problem = "needs leads, the file of its list, or lists, if it has several; one of them"
        raise SettingsError(str(source.error(place, problem)))
    lists: list[ListFile] = []
    if document.leads:
        lists.append(ListFile(name=ONLY_LIST, path=folder / document.leads))
    for name, told in document.lists.items():
        lists.append(
            ListFile(
                name=name,
                path=folder / told.file,
                weight=told.weight,
                conversations_max=told.conversations_max,
            )
        )
    for one in lists:
        if not one.path.is_file():
            at = (*place, "leads") if document.leads else (*place, "lists", one.name, "file")
            raise SettingsError(str(source.error(at, f"there is no file {one.path}")))
    return tuple(lists)


def _caps(document: CapsDocument) -> Iterator[Cap]:
    """Yield the caps that were told."""
    pers: tuple[Literal["number", "person"], ...] = ("number", "person")
    for per in pers:
        for span, within_h in (("day", DAY_H), ("week", WEEK_H)):
            calls_max = getattr(document, f"{per}_{span}")
            if calls_max is not UNSET:
                yield Cap(f"{per}_{span}", per, within_h, calls_max)


def _lead_cap(document: CapsDocument) -> int:
    return ATTEMPTS_MAX if document.lead is UNSET else int(document.lead)


def _retries(
    source: Source, place: tuple[str, ...], document: CampaignDocument
) -> Mapping[str, Retry]:
    """Return the retry rules: the house's, those of the document in their place."""
    retries = dict(RETRIES)
    for outcome, told in document.retries.items():
        if outcome not in RETRIES:
            problem = f"there is no outcome '{outcome}' to retry; use one of {', '.join(RETRIES)}"
            raise SettingsError(str(source.error((*place, "retries", outcome), problem)))
        pause_ms = None if told.after_minutes is None else told.after_minutes * 60_000
        retries[outcome] = Retry(pause_ms, told.times_max)
    return retries


def _instant(source: Source, place: tuple[str, ...], text: str) -> int:
    """Return midnight UTC of a date."""
    with placing(source, place):
        day = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return int(day.timestamp() * 1_000)
