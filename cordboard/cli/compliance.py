"""`cordboard compliance`: how each campaign stands before the law, and the proof of its dials."""

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from cordboard.cli.lists import (
    DATA,
    AsJson,
    At,
    Centre,
    Data,
    Folder,
    instant_ms,
    read_centre,
    secret,
    telling,
    told_instant,
)
from cordboard.cli.output import FOUND, NOTHING, OUT, UserError, print_json, print_table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from cordboard.runtime.leads.state import Lockout, Records, Register
    from dialer.compliance import Applicable, Standing
    from dialer.compliance.account import AnswerLog, WindowAccount
    from dialer.ids import CampaignId


class StateFirst(TyperGroup):
    """A group whose first command may be left out: what names no command is said to `state`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  (of a library within the library)
        """Read the command line, with `state` in front if no command is."""
        first = next(iter(args), "")
        is_told = first in self.commands or first in ctx.help_option_names
        return super().parse_args(ctx, args if is_told else ["state", *args])


app = typer.Typer(
    cls=StateFirst,
    help="How campaigns stand before the law (`state`, unless another command is named), and the"
    " proof of what was dialled.",
)

CentreFolder = Annotated[
    Path,
    typer.Argument(
        envvar="CORDBOARD_CENTRE", help="Folder of the centre; the present one if not given."
    ),
]

History = Annotated[
    str,
    typer.Option(
        envvar="CORDBOARD_HISTORY", help="Database URL; history.db in the data folder if not given."
    ),
]

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class CampaignState:
    """Everything the law asks about one campaign, at an instant."""

    campaign_id: str
    rule_set: str
    dials: int
    windows: "list[WindowAccount]"
    lockouts: "list[Lockout]"
    registers: "list[Register]"
    caller_ids: tuple[str, ...]
    is_caller_id_owned: bool
    unconfirmed: tuple[str, ...]  #: rules whose figures could not be confirmed

    @property
    def is_in_order(self) -> bool:
        """Tell whether nothing here must be mended."""
        return (
            self.is_caller_id_owned
            and not any(window.binding.is_over for window in self.windows)
            and all(register.is_fresh for register in self.registers)
        )


@app.command()
def state(
    folder: CentreFolder = Path(),
    at: At = "",
    data: Data = DATA,
    history: History = "",
    detection_errors_percent: Annotated[
        float,
        typer.Option(help="How many of a hundred machine verdicts were people, by your sample."),
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Show each campaign's legal windows, lock-outs, registers, caller ids and rules.

    Exit code 1 if a limit is exceeded, a register is too old, or a number shown is not ours.
    """
    from cordboard.runtime.leads.schema import open_beside
    from cordboard.runtime.leads.state import records

    centre = read_centre(folder, data)
    at_ms = instant_ms("--at", at)
    known = _answers(centre, history, data)
    with telling():
        database = open_beside(centre.store)
        errors_ppm = round(detection_errors_percent * PPM / 100)
        states = [
            _state(centre, database, name, known.get(str(name)), at_ms, errors_ppm)
            for name in centre.campaigns
        ]
        kept = records(database)
        database.close()
    if as_json:
        print_json({"at_ms": at_ms, "campaigns": [asdict(one) for one in states], "records": kept})
    else:
        for one in states:
            _print_state(one, at_ms)
        _print_records(kept, states, centre)
    if not all(one.is_in_order for one in states):
        raise SystemExit(FOUND)


@app.command()
def export(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="The file to write, JSON lines.")],
    since: Annotated[str, typer.Option("--from", help="The first instant; all if not given.")] = "",
    until: Annotated[str, typer.Option(help="The first instant after; now if not given.")] = "",
    data: Data = DATA,
    history: History = "",
    with_numbers: Annotated[
        bool, typer.Option("--with-numbers", help="Give numbers in clear: personal data.")
    ] = False,
) -> None:
    """Write the proof of every dial: which rules let it through, when, and what became of it."""
    from cordboard.history.answers import clocks_of
    from cordboard.runtime.leads.proof import PURPOSE, dial_lines, write_proof
    from cordboard.runtime.leads.schema import open_beside
    from cordboard.runtime.sealing import derive

    centre = read_centre(folder, data)
    from_ms = instant_ms("--from", since) if since else 0
    until_ms = instant_ms("--until", until)
    key = derive(secret(), PURPOSE)
    head = {
        "site": centre.settings.site,
        "from_ms": from_ms,
        "until_ms": until_ms,
        "records_years": records_years(centre),
        "rule_sets": list(centre.book.sets.values()),
    }
    with telling(), _history(history, data) as past:
        database = open_beside(centre.store)
        try:
            dials = dial_lines(database, from_ms, until_ms, with_numbers=with_numbers)
            lines = (dial | clocks_of(past, str(dial["call_id"])) for dial in dials)
            count = write_proof(out, head, lines, key)
        except OSError as error:
            raise UserError(f"cannot write {out}: {error.strerror}") from error
        finally:
            database.close()
    OUT.print(
        f"{count} dials written to {out}, sealed; keep it {records_years(centre)} years.",
        soft_wrap=True,
    )


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A proof that `cordboard compliance export` wrote.")],
    chain_only: Annotated[
        bool, typer.Option("--chain-only", help="Do not check the seal: the secret is not at hand.")
    ] = False,
) -> None:
    """Check that a proof is whole and unchanged; exit code 1 if it is not."""
    from cordboard.cli.output import stop
    from cordboard.runtime.leads.proof import PURPOSE, ProofError, check_proof
    from cordboard.runtime.sealing import derive

    key = None if chain_only else derive(secret(), PURPOSE)
    try:
        checked = check_proof(file, key)
    except ProofError as error:
        stop(f"{file}: {error}", FOUND)
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror}") from error
    what = "whole and sealed by this centre" if checked.is_sealed else "whole; seal not checked"
    OUT.print(f"{file}: {checked.dials} dials, {what}.", soft_wrap=True)


def records_years(centre: Centre) -> int:
    """Return how long the proof must be kept, by the longest of all rules."""
    from dialer.compliance.rules import RecordsKept

    rules = (rule for one in centre.book.sets.values() for rule in one.rules)
    return max((rule.years for rule in rules if isinstance(rule, RecordsKept)), default=0)


@contextmanager
def _history(url: str, data: Path) -> "Iterator[Connection]":
    """Open the history; what is wrong with it becomes one line."""
    from cordboard.history.counts import HistoryUnreadable, reading

    try:
        with reading(url or f"sqlite:///{data / 'history.db'}") as connection:
            yield connection
    except HistoryUnreadable as error:
        raise UserError(str(error)) from error


def _answers(centre: Centre, url: str, data: Path) -> "dict[str, AnswerLog]":
    from cordboard.history.answers import campaign_answers

    campaigns = centre.settings.centre.campaigns
    with _history(url, data) as connection:
        return campaign_answers(
            connection, {str(c.campaign_id): c.head_start_ms for c in campaigns}
        )


def _state(
    centre: Centre,
    database: "sqlite3.Connection",
    campaign_id: "CampaignId",
    known: "AnswerLog | None",
    at_ms: int,
    errors_ppm: int,
) -> CampaignState:
    from cordboard.runtime.leads.state import lockouts, registers
    from dialer.compliance.account import AnswerLog, account

    lists = centre.campaigns[campaign_id]
    region = lists.region.lower()
    law = centre.book.applicable([region] if region else [])
    rules = law.narrowed(lists.own_rules, lists.own_version)
    return CampaignState(
        campaign_id=str(campaign_id),
        rule_set=rules.version,
        dials=0 if known is None else known.dials,
        windows=account(rules, lists.purpose, known or AnswerLog(at_ms), at_ms, errors_ppm),
        lockouts=lockouts(database, campaign_id, lists, rules, at_ms),
        registers=registers(database, lists, rules, at_ms),
        caller_ids=lists.caller_ids,
        is_caller_id_owned=lists.is_caller_id_owned,
        unconfirmed=tuple(_unconfirmed(law, lists.purpose)),
    )


def _unconfirmed(law: "Applicable", purpose: str) -> "Iterable[str]":
    """Yield the rules whose figures were not read in a primary text, with their status."""
    for rule in law.rules:
        if purpose in rule.purposes and rule.source.status != "A":
            yield f"{rule.id} ({rule.source.status})"


def _print_state(state: CampaignState, at_ms: int) -> None:
    OUT.print(f"\n[bold]{state.campaign_id}[/] at {told_instant(at_ms)}: {state.dials} dials")
    if state.windows:
        print_table(
            "",
            ("window", "limit", "from the answer", "from the greeting's end", "binding", "ends"),
            [_window_cells(window) for window in state.windows],
        )
    else:
        OUT.print("No abandonment limit binds it.")
    for lockout in state.lockouts:
        ends = NOTHING if lockout.last_ends_at_ms is None else told_instant(lockout.last_ends_at_ms)
        OUT.print(
            f"Locked out after an abandoned call ({lockout.rule}, {lockout.hours} h):"
            f" {lockout.numbers} numbers, the last until {ends}",
            soft_wrap=True,
        )
    for register in state.registers:
        _print_register(register)
    owned = (
        "ours" if state.is_caller_id_owned else "[red]not all ours: list them as owned_numbers[/]"
    )
    OUT.print(f"Shows {', '.join(state.caller_ids)}: {owned}", soft_wrap=True)
    OUT.print(f"Rules: {state.rule_set}", soft_wrap=True)
    if state.unconfirmed:
        OUT.print(
            f"[dim]Not confirmed in a primary text: {', '.join(state.unconfirmed)}[/]",
            soft_wrap=True,
        )


def _window_cells(window: "WindowAccount") -> tuple[str, ...]:
    limit, binding = window.limit, window.binding
    days = f"{limit.window_days} day" + ("s" if limit.window_days != 1 else "")
    verdict = "[red]over[/]" if binding.is_over else "[green]kept[/]"
    return (
        f"{limit.id} ({limit.window}, {days})",
        f"{limit.percent_max:g} %",
        _share(window.by_answer),
        _share(window.by_greeting_end),
        f"{limit.clock.replace('_', ' ')}: {verdict}",
        NOTHING if binding.ends_at_ms is None else told_instant(binding.ends_at_ms),
    )


def _share(standing: "Standing") -> str:
    if not standing.answers:
        return "no answers"
    percent = 100 * standing.abandons / standing.answers
    return f"{standing.abandons} of {standing.answers} ({percent:.2f} %)"


def _print_register(register: "Register") -> None:
    if register.drawn_at_ms is None:
        OUT.print(
            f"[red]Register {register.name}: no copy; nobody may be called ({register.rule})[/]"
        )
        return
    kind = f"copy of {register.numbers} numbers" if register.is_copy else "lists cleaned with it"
    age = f"{register.age_days} days old, at most {register.age_days_max}"
    colour = "green" if register.is_fresh else "red"
    OUT.print(f"Register {register.name}: {kind}, [{colour}]{age}[/] ({register.rule})")


def _print_records(kept: "Records", states: list[CampaignState], centre: Centre) -> None:
    since = NOTHING if kept.since_ms is None else told_instant(kept.since_ms)
    OUT.print(
        f"\nRecords: {kept.dials} dials since {since}, none is ever deleted;"
        f" to be kept {records_years(centre)} years."
        f" Own do-not-call list: {kept.own_requests} numbers.",
        soft_wrap=True,
    )
    wrong = [one.campaign_id for one in states if not one.is_in_order]
    OUT.print(f"[red]To be mended: {', '.join(wrong)}[/]" if wrong else "[green]In order.[/]")
