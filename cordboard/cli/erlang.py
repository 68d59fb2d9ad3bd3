"""`cordboard erlang`: how good a team is, or how large it must be, by closed forms."""

from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from cordboard.cli.output import UserError, print_figures, print_json


@dataclass(frozen=True, slots=True)
class Answer:
    """What is printed; the definitions are those of `simulator.erlang`."""

    formula: str  #: C: callers wait for ever; A: they give up
    agents: int
    rostered: int  #: agents / (1 - shrinkage), rounded up
    offered_load_erlangs: float
    service_level: float  #: of offered calls, within the threshold
    p_wait: float
    asa_s: float
    mean_wait_s: float
    p_abandon: float
    occupancy: float


def erlang(
    calls: Annotated[float, typer.Option(help="Calls offered in the period.")],
    aht: Annotated[float, typer.Option(help="Average handle time in seconds, wrap-up included.")],
    per: Annotated[float, typer.Option(help="Length of the period in seconds.")] = 1800,
    service_level: Annotated[float, typer.Option(help="Target share 0..1 of offered calls.")] = 0.8,
    within: Annotated[float, typer.Option(help="Answered within so many seconds.")] = 20,
    patience: Annotated[
        float | None, typer.Option(help="Mean patience in seconds; without it nobody gives up.")
    ] = None,
    shrinkage: Annotated[float, typer.Option(help="Share 0..1 of paid time not on calls.")] = 0,
    agents: Annotated[
        int | None, typer.Option(help="Judge this team instead of finding the smallest.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Erlang C, or Erlang A when a patience is given: the smallest team, or how good one is."""
    from simulator.erlang import (
        ErlangA,
        ErlangC,
        erlang_a,
        erlang_c,
        required_agents,
        rostered_agents,
    )

    if per <= 0:
        raise UserError(f"--per is {per:g}; the period must be longer than 0 s")
    try:
        arrivals_per_s = calls / per
        team = agents or required_agents(
            arrivals_per_s=arrivals_per_s,
            handle_s=aht,
            patience_s=patience,
            service_level=service_level,
            within_s=within,
        )
        queue: ErlangA | ErlangC
        if patience is None:
            queue = erlang_c(arrivals_per_s=arrivals_per_s, handle_s=aht, agents=team)
        else:
            queue = erlang_a(
                arrivals_per_s=arrivals_per_s, handle_s=aht, patience_s=patience, agents=team
            )
        answer = Answer(
            formula="C" if patience is None else "A",
            agents=team,
            rostered=rostered_agents(team, shrinkage=shrinkage),
            offered_load_erlangs=arrivals_per_s * aht,
            service_level=queue.service_level(within),
            p_wait=queue.p_wait,
            asa_s=queue.asa_s,
            mean_wait_s=queue.mean_wait_s,
            p_abandon=queue.p_abandon,
            occupancy=queue.occupancy,
        )
    except ValueError as error:
        raise UserError(str(error)) from error
    if as_json:
        print_json(asdict(answer))
    else:
        _print(answer, within)


def _print(answer: Answer, within_s: float) -> None:
    print_figures(
        f"Erlang {answer.formula}, {answer.offered_load_erlangs:.2f} erlangs offered",
        {
            "agents": str(answer.agents),
            "rostered, with shrinkage": str(answer.rostered),
            f"answered within {within_s:g} s, of offered": f"{100 * answer.service_level:.1f} %",
            "have to wait": f"{100 * answer.p_wait:.1f} %",
            "average speed of answer": f"{answer.asa_s:.1f} s",
            "mean wait of all callers": f"{answer.mean_wait_s:.1f} s",
            "abandon": f"{100 * answer.p_abandon:.2f} %",
            "occupancy": f"{100 * answer.occupancy:.1f} %",
        },
    )
