"""`cordboard check`: everything in a centre's folder, verified before anybody calls."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from cordboard.cli.output import ERR, FOUND, OUT, UserError, print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cordboard.runtime.board import Board
    from cordboard.runtime.pacing_orders import PacingOrders
    from cordboard.runtime.settings import CampaignSettings, Settings
    from dialer.compliance.campaign import CampaignPractice
    from dialer.config import CampaignConfig
    from ivr.flow import Flow
    from ivr.proofs import Centre, Finding


ALWAYS_KEPT_H = 10_000
"""The gate keeps the pause after an abandoned call as long as rules ask; no setting shortens it."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that must be mended, or at least looked at."""

    where: str
    what: str
    is_error: bool


def check(
    folder: Annotated[Path, typer.Argument(help="Folder of the centre.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Verify settings, flows, campaigns and scenario; exit code 1 when an error is found."""
    found = findings(folder)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print_found(str(folder), found)
    if any(one.is_error for one in found):
        raise SystemExit(FOUND)


def print_found(subject: str, found: Sequence[Found]) -> None:
    """Print findings, errors in red and warnings in yellow, or that there are none."""
    for one in found:
        colour = "red" if one.is_error else "yellow"
        ERR.print(f"[{colour}]{escape(one.where)}:[/] {escape(one.what)}", soft_wrap=True)
    if not found:
        OUT.print(f"[green]{escape(subject)}: nothing to mend.[/]", soft_wrap=True)


def findings(folder: Path) -> list[Found]:
    """Return everything that is wrong with a centre's folder; empty if nothing is.

    Settings come first: where they cannot be read, nothing else can be judged.
    """
    from cordboard.runtime.settings import SettingsError, load_settings

    try:
        settings = load_settings(folder)
    except SettingsError as error:
        where, _, what = str(error).partition(": ")
        return [Found(where, what, is_error=True)]
    return [*_flows(settings), *_campaigns(settings), *_scenario(settings), *_people(settings)]


def _flows(settings: "Settings") -> Iterator[Found]:
    """Yield what is wrong with the call flows, given the centre's queues and skills."""
    centre = around_flows(settings)
    for flow in settings.flows:
        yield from flow_findings(flow, centre)


def around_flows(settings: "Settings") -> "Centre":
    """Return what the centre has that its flows may name."""
    from ivr.proofs import Centre

    acd = settings.centre.acd
    return Centre(
        queues=frozenset(str(queue.queue_id) for queue in acd.queues),
        skills=frozenset(skill for agent in acd.agents for skill in agent.skills),
        values=_caller_values(settings.caller_facts),
        hosts=frozenset(source.host for source in settings.sources.values()),
        number_beginnings=settings.destinations,
    )


def _caller_values(told: "Collection[str]" = ()) -> frozenset[str]:
    """Return the names of what every flow finds out of its callers, and of what a centre tells."""
    from cordboard.runtime.callers import FOUND_OUT

    return frozenset(f"caller.{name}" for name in (*FOUND_OUT, *told))


def flow_findings(flow: "Flow", centre: "Centre | None" = None) -> Iterator[Found]:
    """Yield what the proofs find in a call flow, then, as warnings, what its model confuses.

    A model that is missing is an error.

    Args:
        flow: The flow.
        centre: What exists around it; without it, names of queues and skills are not checked.
    """
    from ivr.intents.flows import confusable
    from ivr.proofs import Centre, check

    for finding in check(flow, centre or Centre(values=_caller_values())):
        yield _found(finding, is_error=True)
    for finding in confusable(flow):
        yield _found(finding, is_error=finding.check == "no-sentence-model")


def _found(finding: "Finding", *, is_error: bool) -> Found:
    where = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return Found(where, str(finding).removeprefix(f"{where}: "), is_error=is_error)


def _campaigns(settings: "Settings") -> Iterator[Found]:
    """Yield what the law forbids, and pacers that do not exist."""
    from acd.config import ConfigError
    from cordboard.runtime.law import site_rule_book
    from cordboard.runtime.leads.importing import RowError, read_lists
    from dialer.compliance.campaign import check_campaign
    from dialer.pacing.desk import pacer_for

    file = settings.folder / "centre.yaml"
    book = site_rule_book(settings.folder)
    for config in settings.centre.campaigns:
        where = f"{file}: campaigns.{config.campaign_id}"
        told = settings.campaigns[config.campaign_id]
        try:
            pacer_for(config)
        except ConfigError as error:
            yield Found(where, str(error), is_error=True)
        asks_consent = False
        for row in read_lists((one.path for one in told.lists), told.region):
            if isinstance(row, RowError):
                yield Found(where, str(row), is_error=True)
            elif row.consent_at_ms is not None:
                asks_consent = True
        rules = book.applicable([told.region.lower()] if told.region else [])
        intended = practice(config, told, asks_consent=asks_consent)
        for finding in check_campaign(intended, rules):
            yield Found(where, str(finding), is_error=True)


def pacing_orders(settings: "Settings", board: "Callable[[], Board | None]") -> "PacingOrders":
    """Return what makes facts of changes to pacing, each held to the law like the settings.

    Consents are taken as asked for: which leads are on the lists, no change of pacing alters.
    """
    from cordboard.runtime.law import site_rule_book
    from cordboard.runtime.pacing_orders import PacingOrders
    from dialer.compliance.campaign import check_campaign

    book = site_rule_book(settings.folder)

    def forbidden(config: "CampaignConfig") -> list[str]:
        told = settings.campaigns[config.campaign_id]
        rules = book.applicable([told.region.lower()] if told.region else [])
        intended = practice(config, told, asks_consent=True)
        return [str(finding) for finding in check_campaign(intended, rules)]

    campaigns = {str(one.campaign_id): one for one in settings.centre.campaigns}
    return PacingOrders(campaigns, forbidden, board)


def practice(
    config: "CampaignConfig", told: "CampaignSettings", *, asks_consent: bool = False
) -> "CampaignPractice":
    """Return what a campaign intends to do, as the law asks.

    Args:
        config: Its part that the centre knows.
        told: The rest.
        asks_consent: Its lists tell consents; the gate then refuses the leads that have none.
    """
    from dialer.compliance.campaign import CampaignPractice

    caps = [cap.calls_max for cap in told.caps]

    return CampaignPractice(
        purpose=told.purpose,
        abandon_percent_target=config.abandon_percent_max,
        agent_within_ms=config.agent_due_ms + config.head_start_ms,
        ring_s=config.ring_ms // 1_000,
        dials_ahead=not (config.keeps_agents or config.is_agentless),
        is_recorded=config.is_agentless,
        message_within_ms=(
            config.agent_due_ms + config.head_start_ms if told.texts.safe_harbour else None
        ),
        message_names_caller=bool(told.texts.safe_harbour),
        message_gives_number=any(letter.isdigit() for letter in told.texts.safe_harbour),
        message_opt_out_key=True,
        hours=told.hours,
        attempts_per_day_max=min(caps, default=None),
        abandon_pause_h=ALWAYS_KEPT_H,
        asks_consent=asks_consent,
        is_caller_id_owned=told.is_caller_id_owned,
        registers=tuple(told.registers),
    )


def _scenario(settings: "Settings") -> Iterator[Found]:
    """Yield what is wrong with the scenario beside the settings, if there is one."""
    from simulator.scenario import ScenarioError
    from simulator.scenario_file import read_scenario

    file = settings.folder / "scenario.yaml"
    if not file.exists():
        return
    try:
        read_scenario(file).with_centre(settings.centre)
    except ScenarioError as error:
        yield Found(str(file), str(error), is_error=True)


def _people(settings: "Settings") -> Iterator[Found]:
    """Yield what is wrong with the demo's callers, if the centre has any."""
    from cordboard.cli.demo.ways import read_ways

    file = settings.folder / "people.yaml"
    if file.exists():
        try:
            read_ways(file, ())
        except UserError as error:
            yield Found(str(file), str(error), is_error=True)
