"""How a day is printed, simulated or live: the same figures under the same names."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.markup import escape

from acd.notices import ContactOutcome
from cordboard.cli.output import NOTHING, OUT, percent, print_figures, print_table, seconds
from simulator.results import Account

INBOUND_OUTCOMES = tuple(
    outcome.value for outcome in ContactOutcome if outcome is not ContactOutcome.UNREACHED
)
"""Shown to programs even where none occurred."""


@dataclass(frozen=True, slots=True)
class Report:
    """A day for programs: what `--json` writes."""

    seed: int
    figures: Mapping[str, float | None]
    calls: Mapping[str, int]  #: inbound calls by outcome
    dials: Mapping[str, int]  #: dials by outcome
    live_answers: int  #: of those dials; with the next, what the law's rate is made of
    abandoned_dials: int  #: a person was there and no agent came in time
    problems: tuple[str, ...]
    balances: bool


def report(seed: int, account: Account, problems: tuple[str, ...]) -> Report:
    """Return the day as it is written for programs."""
    return Report(
        seed=seed,
        figures=account.figures(),
        calls={outcome: account.calls.get(outcome, 0) for outcome in INBOUND_OUTCOMES},
        dials=account.outbound.outcomes,
        live_answers=account.outbound.live_answers,
        abandoned_dials=account.outbound.abandoned,
        problems=problems,
        balances=not problems,
    )


def print_account(title: str, account: Account, problems: tuple[str, ...]) -> None:
    """Print a day for people."""
    OUT.print(f"\n[bold]{escape(title)}[/]")
    figures = account.figures()
    print_table(
        "Queues",
        ("", "offered", "answered", "abandoned", "service level", "ASA", "AHT"),
        [_queue_row(figures, name, account) for name in (*account.queues, "")],
    )
    calls = {name.replace("_", " "): str(count) for name, count in account.calls.items()}
    print_figures("Inbound calls by outcome", calls)
    outbound = account.outbound
    dials = {name.replace("_", " "): str(count) for name, count in outbound.outcomes.items()}
    rate = NOTHING if outbound.abandonment is None else f"{100 * outbound.abandonment:.1f} %"
    print_figures(
        f"{outbound.dials} dials by outcome",
        {**dials, "live answers": str(outbound.live_answers), "abandonment": rate},
    )
    print_figures("Team", {"occupancy": percent(figures["occupancy"])})
    if problems:
        OUT.print("[bold red]The books do not balance:[/]")
        for problem in problems:
            OUT.print(f"  {escape(problem)}", soft_wrap=True)
    else:
        OUT.print("[green]The books balance:[/] every call and dial has exactly one outcome.")


def _queue_row(figures: Mapping[str, float | None], name: str, account: Account) -> tuple[str, ...]:
    prefix = f"{name}." if name else ""
    total = account.queues[name].total if name else account.total
    return (
        name or "all",
        str(total.offered),
        str(total.answered),
        f"{total.abandoned} ({total.short_abandons} short)",
        percent(figures[f"{prefix}service_level"]),
        seconds(figures[f"{prefix}asa_s"]),
        seconds(figures[f"{prefix}aht_s"]),
    )
