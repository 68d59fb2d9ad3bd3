"""`cordboard leads`: lists, the waterfall, why a number is dialled or not, do-not-call lists.

Everything works on the lead store in the data folder, beside a worker that may be using it. Numbers
are read from standard input or a prompt, or as an argument, and are never printed in full.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.lists import (
    DATA,
    AsJson,
    At,
    Data,
    Folder,
    instant_ms,
    read_centre,
    require_campaign,
    secret,
    telling,
    told_instant,
)
from cordboard.cli.output import ERR, FOUND, NOTHING, OUT, UserError, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cordboard.runtime.leads import RowError, SqliteLeads
    from cordboard.runtime.leads.inquiry import LeadAnswer, NumberAnswer
    from cordboard.runtime.leads.waterfall import Waterfall
    from cordboard.runtime.sealing import Pseudonyms
    from cordboard.runtime.settings import Settings

app = typer.Typer(help="Lists of leads: what holds them back, why a number is dialled or not.")

WRONG_ROWS_SHOWN = 50

VISIBLE_DIGITS = 3
"""How much of a number is shown, so that people know which one they asked for."""


@app.command()
def waterfall(
    folder: Folder,
    campaign: Annotated[str, typer.Option(help="One campaign; all if not given.")] = "",
    at: At = "",
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Show how many leads each rule holds back at an instant, and why."""
    from cordboard.runtime.leads.inquiry import asking
    from dialer.ids import CampaignId

    centre = read_centre(folder, data)
    now_ms = instant_ms("--at", at)
    wanted = [CampaignId(campaign)] if campaign else list(centre.campaigns)
    for name in wanted:
        require_campaign(centre.settings, name)
    with telling(), asking(centre.store, centre.campaigns, centre.book) as inquiry:
        falls = {name: inquiry.waterfall(name, now_ms) for name in wanted}
    if as_json:
        print_json(falls)
        return
    for name, fall in falls.items():
        _print_fall(f"{name}: {fall.total} leads at {told_instant(now_ms)}", fall)


@app.command()
def why(
    folder: Folder,
    number: Annotated[
        str,
        typer.Argument(help="The number; asked for, or read from standard input, if not given."),
    ] = "",
    at: At = "",
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Tell why a number is dialled or not; exit code 1 if no lead with it may be called now."""
    from cordboard.runtime.leads.inquiry import asking

    centre = read_centre(folder, data)
    e164 = _read_number(number, centre.settings)
    now_ms = instant_ms("--at", at)
    with telling(), asking(centre.store, centre.campaigns, centre.book) as inquiry:
        answer = inquiry.number(_pseudonyms().number_key(e164), now_ms)
    if as_json:
        print_json(answer)
    else:
        _print_answer(f"…{e164[-VISIBLE_DIGITS:]}", answer)
    if not any(lead.is_callable for lead in answer.leads):
        raise SystemExit(FOUND)


@app.command("import")
def take_in(folder: Folder, data: Data = DATA) -> None:
    """Take in the campaigns' lists now; exit code 1 if rows were left out."""
    with _store(folder, data) as store:
        wrong = store.import_lists()
    _print_wrong(wrong)
    OUT.print(f"Lists taken in; {len(wrong)} rows left out.")
    if wrong:
        raise SystemExit(FOUND)


@app.command()
def export(
    folder: Folder,
    campaign: Annotated[str, typer.Option(help="Which campaign's leads.")],
    out: Annotated[Path, typer.Option(help="The CSV file to write; it holds personal data.")],
    data: Data = DATA,
) -> None:
    """Write a campaign's leads and what has become of them to a CSV file."""
    from cordboard.runtime.leads.exporting import export_leads
    from cordboard.runtime.leads.schema import open_beside
    from dialer.ids import CampaignId

    centre = read_centre(folder, data)
    require_campaign(centre.settings, campaign)
    with telling():
        database = open_beside(centre.store)
        try:
            count = export_leads(database, CampaignId(campaign), out)
        except OSError as error:
            raise UserError(f"cannot write {out}: {error.strerror}") from error
        finally:
            database.close()
    OUT.print(f"{count} leads written to {out}.")


@app.command()
def register(
    folder: Folder,
    name: Annotated[str, typer.Argument(help="The register, such as us-national-dnc or gb-tps.")],
    file: Annotated[Path, typer.Argument(help="Its numbers, one a line.")],
    drawn: Annotated[str, typer.Option(help="The date on which the copy was drawn.")],
    region: Annotated[str, typer.Option(help="Country of numbers written without one.")] = "",
    data: Data = DATA,
) -> None:
    """Take in a copy of a do-not-call register; dials are checked against it from then on."""
    from dialer.compliance.rules import DoNotCallList

    centre = read_centre(folder, data)
    known = {
        rule.register
        for rules in centre.book.sets.values()
        for rule in rules.rules
        if isinstance(rule, DoNotCallList)
    }
    if name not in known:
        raise UserError(
            f"no rule asks for a register '{name}'; there are {', '.join(sorted(known))}"
        )
    drawn_at_ms = instant_ms("--drawn", drawn)
    with _store(folder, data) as store:
        taken = store.take_register(name, drawn_at_ms, _numbers(file, region))
    _print_wrong(taken.wrong)
    OUT.print(f"{name} of {told_instant(drawn_at_ms)[:10]}: {taken.count} numbers taken in.")


@app.command("opt-out")
def opt_out(
    folder: Folder,
    number: Annotated[str, typer.Argument(help="The number; asked for if not given.")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="Numbers, one a line, instead of one.")
    ] = None,
    data: Data = DATA,
) -> None:
    """Put numbers on our own do-not-call list, at once."""
    centre = read_centre(folder, data)
    rows = iter([_read_number(number, centre.settings)]) if file is None else _numbers(file, "")
    with _store(folder, data) as store:
        taken = store.take_requests(instant_ms("", ""), rows)
    _print_wrong(taken.wrong)
    OUT.print(f"Added to the do-not-call list: {taken.count}.")


@app.command()
def callback(
    folder: Folder,
    campaign: Annotated[str, typer.Argument(help="The campaign.")],
    lead: Annotated[str, typer.Argument(help="The lead.")],
    at: Annotated[str, typer.Option(help="The time agreed, in UTC unless it says otherwise.")],
    agent: Annotated[str, typer.Option(help="Who promised to call; any agent if not given.")] = "",
    data: Data = DATA,
) -> None:
    """Note that a person is to be called back at a time they chose."""
    from acd.ids import AgentId
    from dialer.ids import CampaignId, LeadId

    centre = read_centre(folder, data)
    require_campaign(centre.settings, campaign)
    if agent and AgentId(agent) not in centre.settings.endpoints:
        raise UserError(f"there is no agent '{agent}'")
    at_ms = instant_ms("--at", at)
    with _store(folder, data) as store:
        agent_id = AgentId(agent) if agent else None
        if not store.agree(CampaignId(campaign), LeadId(lead), at_ms, agent_id):
            raise UserError(
                f"lead '{lead}' of '{campaign}' cannot be called back: it is on no list, has no"
                " working number, or asked not to be called"
            )
    OUT.print(f"{lead} is called back at {told_instant(at_ms)}.")


@contextmanager
def _store(folder: Path, data: Path) -> "Iterator[SqliteLeads]":
    """Open the lead store to change it."""
    from cordboard.runtime.leads import SqliteLeads

    centre = read_centre(folder, data)
    with telling():
        store = SqliteLeads(centre.store, centre.campaigns, centre.book, _pseudonyms())
        try:
            yield store
        finally:
            store.close()


def _pseudonyms() -> "Pseudonyms":
    """Return the centre's pseudonyms; numbers are known by their keyed hash only."""
    from cordboard.runtime.sealing import Pseudonyms

    return Pseudonyms(secret())


def _read_number(text: str, settings: "Settings") -> str:
    """Return a number as E.164: the argument, a line of standard input, or the answer to a prompt.

    Raises:
        UserError: It is none.
    """
    from cordboard.runtime.leads.numbers import NumberError, read_number

    if not text:
        text = typer.prompt("Number") if sys.stdin.isatty() else sys.stdin.readline()
    regions = {campaign.region for campaign in settings.campaigns.values()}
    region = regions.pop() if len(regions) == 1 else ""
    try:
        return read_number(text.strip(), region=region).e164
    except NumberError as error:
        raise UserError(f"the number {error}") from error


def _numbers(file: Path, region: str) -> "Iterator[str | RowError]":
    from cordboard.runtime.leads.registers import read_numbers

    try:
        yield from read_numbers(file, region)
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror}") from error


def _print_wrong(wrong: "Sequence[RowError]") -> None:
    for row in wrong[:WRONG_ROWS_SHOWN]:
        ERR.print(str(row), soft_wrap=True, markup=False)
    if len(wrong) > WRONG_ROWS_SHOWN:
        ERR.print(f"and {len(wrong) - WRONG_ROWS_SHOWN} more")


def _print_fall(title: str, fall: "Waterfall") -> None:
    rows = [
        (level.reason.text, level.reason.code, str(level.count), str(level.left))
        for level in fall.levels
    ]
    OUT.print(f"[bold]{title}[/]")
    print_table("", ("why", "rule", "leads", "left"), rows)
    for source in dict.fromkeys(level.reason.source for level in fall.levels):
        if source:
            codes = [level.reason.code for level in fall.levels if level.reason.source == source]
            OUT.print(f"[dim]{', '.join(codes)}: {source}[/]", soft_wrap=True)
    OUT.print(f"[bold]{fall.callable_count} of {fall.total} may be called now.[/]")


def _print_answer(shown: str, answer: "NumberAnswer") -> None:
    if answer.asked_at_ms is not None:
        since = told_instant(answer.asked_at_ms)
        OUT.print(f"{shown} is on our do-not-call list since {since} ({answer.asked_source}).")
    for name in answer.registers:
        OUT.print(f"{shown} is on the register {name}.")
    if not answer.leads:
        OUT.print(f"{shown} is on no list.")
    for lead in answer.leads:
        _print_lead(shown, lead)
    if answer.attempts:
        print_table(
            "Dialled",
            ("when", "campaign", "outcome", "allowed by"),
            [
                (
                    told_instant(line.dialled_at_ms),
                    line.campaign_id,
                    (line.outcome or "under way").replace("_", " "),
                    line.rule_set or NOTHING,
                )
                for line in answer.attempts
            ],
        )


def _print_lead(shown: str, lead: "LeadAnswer") -> None:
    verdict = "[green]may be called now[/]" if lead.is_callable else "[yellow]is not called now[/]"
    OUT.print(
        f"{shown} is lead {lead.lead_id} of {lead.campaign_id} (list {lead.list_name}): {verdict}",
        soft_wrap=True,
    )
    for reason in () if lead.is_callable else lead.reasons:
        source = f" [dim]({reason.code}; {reason.source})[/]" if reason.source else ""
        OUT.print(f"  {reason.text}{source}", soft_wrap=True)
    if lead.due_ms is not None:
        who = f" by {lead.agent_id}" if lead.agent_id else ""
        OUT.print(f"  looked at again at {told_instant(lead.due_ms)}{who}")
