"""The settings of text messages: hours, countries, and from which number flows write."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import UNSET

from cordboard.runtime.leads.plan import own_rules
from cordboard.runtime.numbers import beginnings_of
from cordboard.runtime.settings.documents import CentreDocument
from cordboard.runtime.settings.reading import SettingsError, placing
from dialer.compliance import Purpose
from dialer.compliance.rules import AnyRule, minutes_of
from ivr.flow.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingSettings:
    """When, to whom and from where text messages are sent."""

    name: str  #: of ours, in what the centre writes about consent; may be empty
    purpose: Purpose
    own_hours: tuple[AnyRule, ...]  #: the site's, beside the law's
    to: tuple[str, ...]  #: beginnings of numbers that flows write to
    per_number_day: int  #: texts of flows to one number in 24 hours
    senders: Mapping[str, str]  #: by the number of the line that was called


def read_texting(source: Source, document: CentreDocument) -> TextingSettings:
    """Return what a site's document says of text messages.

    Raises:
        SettingsError: Something in it is wrong; one line says where and what would be right.
    """
    told = document.texting
    for index, span in enumerate(told.hours):
        with placing(source, ("texting", "hours", index)):
            minutes_of(span)
    return TextingSettings(
        name=told.name,
        purpose=told.purpose,
        own_hours=own_rules(told.hours, ()),
        to=tuple(told.to) or beginnings_of(line.number for line in document.lines.values()),
        per_number_day=told.per_number_day,
        senders=_senders(source, document),
    )


def _senders(source: Source, document: CentreDocument) -> dict[str, str]:
    """Return from which number each line's callers are written to; it must be one of ours."""
    owned = {line.number for line in document.lines.values()} | set(document.owned_numbers)
    senders: dict[str, str] = {}
    for name, line in document.lines.items():
        sender = line.number if line.texts_from is UNSET else str(line.texts_from)
        if sender not in owned:
            problem = f"{sender} is no number of ours; put it under owned_numbers, or take a line's"
            raise SettingsError(str(source.error(("lines", name, "texts_from"), problem)))
        senders[line.number] = sender
    return senders
