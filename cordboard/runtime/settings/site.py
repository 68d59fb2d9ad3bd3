"""A site's settings, ready for use: the centre's configuration and what only the shell needs.

The folder of a site holds `centre.yaml`, `flows/*.yaml`, lists of leads as CSV, and, if the site
has rules of its own, `law/*.yaml`. The centre's part travels in the journal (`SettingsApplied`), so
it is plain data with a digest; the rest (numbers, endpoints, texts) stays in the shell.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import UNSET

from acd.channels import Channel
from acd.ids import AgentId
from cordboard.runtime.law import site_rule_book
from cordboard.runtime.numbers import beginnings_of
from cordboard.runtime.settings.campaigns import CampaignSettings, read_campaign
from cordboard.runtime.settings.documents import (
    TABLES,
    CampaignDocument,
    CentreDocument,
    LineDocument,
    SourceDocument,
)
from cordboard.runtime.settings.lawful import AbandonLaw
from cordboard.runtime.settings.making import make_config
from cordboard.runtime.settings.reading import (
    SettingsError,
    decode,
    placing,
    read_settings_source,
)
from cordboard.runtime.settings.routing import read_routing
from cordboard.runtime.settings.texting import TextingSettings, read_texting
from cordboard.runtime.softphones import VoiceSdk
from dialer.compliance import RuleBook, RuleDocumentError
from dialer.config import (
    AbandonWindow,
    Blending,
    CampaignConfig,
    CentreConfig,
)
from dialer.ids import CampaignId
from ivr.flow import Flow, FlowError, read_flow
from ivr.flow.source import Source
from webhooks.data_source import AllowedSource
from webhooks.ports import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A site."""

    folder: Path
    site: str
    time_zone: str
    languages: tuple[str, ...]
    centre: CentreConfig
    lines: Mapping[str, Line]  #: by number
    caller_id: str
    endpoints: Mapping[AgentId, str]
    confirming: frozenset[AgentId]  #: whose telephone asks for a key first
    supervisors: Mapping[str, str]  #: endpoints of those who listen in, by account
    voice_sdk: VoiceSdk | None  #: the script with which browsers are rung
    directory: Mapping[str, str]  #: numbers outside, by name
    texting: TextingSettings
    callbacks_to: tuple[str, ...]  #: beginnings of numbers that may be called back
    campaigns: Mapping[CampaignId, CampaignSettings]
    flows: tuple[Flow, ...]
    hold_music: tuple[str, ...]
    leave_key: str  #: with which a waiting caller goes back into the flow; none if empty
    destinations: tuple[str, ...]
    calls_per_s_max: float
    sources: Mapping[str, AllowedSource]  #: systems that flows may ask, without credentials
    caller_facts: tuple[str, ...]  #: names of what customers' records tell, without `caller.`

    @property
    def centre_plain(self) -> dict[str, object]:
        """The centre's part as plain data, as it goes into the journal."""
        plain: dict[str, object] = msgspec.to_builtins(self.centre)
        return plain

    @property
    def digest(self) -> str:
        """Equal for equal settings of the centre."""
        text = msgspec.json.encode(self.centre_plain, order="sorted")
        return hashlib.sha256(text).hexdigest()[:16]


def load_settings(folder: Path) -> Settings:
    """Read a site's folder.

    Raises:
        SettingsError: Something in it is wrong; one line says where and what would be right.
    """
    source = read_settings_source(folder / "centre.yaml")
    document = decode(source, CentreDocument, TABLES)
    flows = _read_flows(folder / "flows")
    _check_zone(source, document.time_zone)
    _check_endpoints(source, document)
    centre = _centre(source, folder, document)
    return Settings(
        folder=folder,
        site=document.site,
        time_zone=document.time_zone,
        languages=tuple(document.languages),
        centre=centre,
        lines=_lines(source, document.lines, flows, centre),
        caller_id=_first(document.caller_id, *(line.number for line in document.lines.values())),
        endpoints={AgentId(name): agent.endpoint for name, agent in document.agents.items()},
        confirming=frozenset(
            AgentId(name) for name, agent in document.agents.items() if agent.is_confirming
        ),
        supervisors={name: one.endpoint for name, one in document.supervisors.items()},
        voice_sdk=_voice_sdk(document),
        directory=dict(document.directory),
        texting=read_texting(source, document),
        callbacks_to=tuple(document.callbacks_to)
        or beginnings_of(line.number for line in document.lines.values()),
        campaigns={
            CampaignId(name): read_campaign(source, folder, name, document)
            for name in document.campaigns
        },
        flows=tuple(flows.values()),
        hold_music=tuple(document.hold_music),
        leave_key=document.leave_key,
        destinations=tuple(document.destinations),
        calls_per_s_max=document.calls_per_s_max,
        sources={name: _source(source, name, one) for name, one in document.sources.items()},
        caller_facts=tuple(document.caller_facts),
    )


def _voice_sdk(document: CentreDocument) -> VoiceSdk | None:
    told = document.voice_sdk
    return None if told is None else VoiceSdk(told.url, told.integrity)


def _source(source: Source, name: str, document: SourceDocument) -> AllowedSource:
    """Return what may be asked of another system: its host, and what is under its path."""
    url = urlsplit(document.url)
    is_encrypted = url.scheme == "https"
    if not is_encrypted and not document.inside:
        problem = "is not encrypted; write https://, or inside: true for our own network"
        raise SettingsError(str(source.error(("sources", name, "url"), problem)))
    return AllowedSource(
        host=url.hostname or "",
        port=url.port or (443 if is_encrypted else 80),
        path=url.path,
        is_encrypted=is_encrypted,
        is_inside=document.inside,
    )


def _centre(source: Source, folder: Path, document: CentreDocument) -> CentreConfig:
    acd = read_routing(source, document)
    book = _rule_book(folder) if document.campaigns else RuleBook(())
    campaigns = tuple(
        _campaign(source, name, campaign, book) for name, campaign in document.campaigns.items()
    )
    blending = make_config(source, ("blending",), Blending, document.blending)
    with placing(source, ()):
        return CentreConfig(acd=acd, campaigns=campaigns, blending=blending)


def _rule_book(folder: Path) -> RuleBook:
    try:
        return site_rule_book(folder)
    except RuleDocumentError as error:
        raise SettingsError(str(error)) from error


def _campaign(
    source: Source, name: str, document: CampaignDocument, book: RuleBook
) -> CampaignConfig:
    """Return a campaign's part of the centre: what it does not tell, the law tells."""
    place = ("campaigns", name)
    region = "" if document.region is UNSET else document.region
    law = AbandonLaw.of(book, region, document.purpose)
    given: dict[str, object] = {"campaign_id": CampaignId(name), "legal_wait_ms": law.wait_ms}
    if document.machine_dispositions is not UNSET:
        given["machine_dispositions"] = tuple(document.machine_dispositions)
    if document.windows is not UNSET:
        given["windows"] = tuple(
            make_config(source, (*place, "windows"), AbandonWindow, window)
            for window in document.windows
        )
    config = make_config(source, place, CampaignConfig, document, **given)
    with placing(source, place):
        law.check_detection(config)
        if document.agent_s_max is not UNSET:
            law.check_told(config)
        law.check_target(name, config.abandon_percent_max)
        told = () if document.windows is UNSET else config.windows
        return replace(config, windows=law.windows(told))


def _lines(
    source: Source,
    lines: Mapping[str, LineDocument],
    flows: Mapping[str, Flow],
    centre: CentreConfig,
) -> dict[str, Line]:
    """Return the lines by number; a line names its flow by the file's name."""
    by_number: dict[str, Line] = {}
    for name, line in lines.items():
        if line.flow not in flows:
            problem = f"there is no flows/{line.flow}.yaml; there are: {', '.join(flows)}"
            raise SettingsError(str(source.error(("lines", name, "flow"), problem)))
        if line.number in by_number:
            problem = f"is also the number of line '{by_number[line.number].name}'"
            raise SettingsError(str(source.error(("lines", name, "number"), problem)))
        texts = "" if line.texts is UNSET else line.texts
        if texts:
            _check_texts(source, name, texts, centre)
        by_number[line.number] = Line(name=name, flow=flows[line.flow].name, texts=texts)
    return by_number


def _check_texts(source: Source, line: str, queue_id: str, centre: CentreConfig) -> None:
    """Refuse a queue for text messages that carries something else."""
    taking = [str(q.queue_id) for q in centre.acd.queues if q.channel is Channel.MESSAGE]
    if queue_id not in taking:
        known = f"there are: {', '.join(taking)}" if taking else "give one `channel: message`"
        problem = f"'{queue_id}' is no queue of channel message; {known}"
        raise SettingsError(str(source.error(("lines", line, "texts"), problem)))


def _read_flows(folder: Path) -> dict[str, Flow]:
    """Return the flows by the names of their files."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise SettingsError(f"{folder}: there is no call flow; put one there as main.yaml")
    flows: dict[str, Flow] = {}
    for path in paths:
        try:
            flows[path.stem] = read_flow(path.read_bytes(), file=str(path))
        except FlowError as error:
            raise SettingsError(str(error)) from error
    return flows


def _check_zone(source: Source, time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problem = f"there is no time zone '{time_zone}'; use a name such as Europe/London"
        raise SettingsError(str(source.error(("time_zone",), problem))) from None


def _check_endpoints(source: Source, document: CentreDocument) -> None:
    """Refuse a telephone that two have: one would hear the other's calls."""
    owners: dict[str, str] = {}
    for table in ("agents", "supervisors"):
        for name, one in getattr(document, table).items():
            owner = owners.setdefault(one.endpoint, name)
            if owner != name:
                problem = f"is also the endpoint of '{owner}'; each needs one of their own"
                raise SettingsError(str(source.error((table, name, "endpoint"), problem)))


def _first(*values: object) -> str:
    """Return the first value that was told."""
    return next(str(value) for value in values if value is not UNSET)
