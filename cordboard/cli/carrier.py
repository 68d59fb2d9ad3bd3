"""`cordboard carrier`: the carrier stand-in alone, for anyone who develops against Twilio Voice."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.output import OUT, UserError, print_figures
from cordboard.cli.ports import require_free

if TYPE_CHECKING:
    from simulator.carrier.server import CarrierStandIn


def carrier(
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.")] = 9099,
    speed: Annotated[float, typer.Option(help="Modelled seconds in a real second.")] = 1,
    seed: Annotated[int, typer.Option(help="Decides what dialled people do.")] = 1,
    number: Annotated[
        list[str] | None, typer.Option(help="A number you own, as +15550100=https://voice.url")
    ] = None,
    people: Annotated[
        Path | None, typer.Option(help="YAML file of callers and callees; see docs/carrier.md.")
    ] = None,
    faults: Annotated[
        float, typer.Option(help="Share of occasions, 0 to 1, on which each fault strikes.")
    ] = 0,
    fault: Annotated[
        list[str] | None, typer.Option(help="One fault's own share, as throttled=0.2.")
    ] = None,
    flip: Annotated[
        list[str] | None,
        typer.Option(help="An open question to be answered the other way, or all of them: all."),
    ] = None,
    step: Annotated[
        bool, typer.Option("--step", help="Time stands still until POST /advance moves it.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(help="Write every leg, talk and webhook to this file.")
    ] = None,
) -> None:
    """Stand in for the carrier over HTTP: executes TwiML, signs webhooks, serves the REST API."""
    from simulator.carrier.account import PhoneNumber
    from simulator.carrier.clock import StepClock
    from simulator.carrier.faults import read_faults
    from simulator.carrier.options import CarrierOptions
    from simulator.carrier.people.script import ScriptError, read_script
    from simulator.carrier.server import serve
    from simulator.carrier.variants import Variants, flipped

    if speed <= 0:
        raise UserError(f"--speed is {speed:g}; it must be above 0")
    try:
        population = read_script(people).population() if people else None
        shares = read_faults(fault or (), faults)
        variants = flipped(*(name for name in flip if name != "all")) if flip else Variants()
    except (ScriptError, ValueError) as problem:
        raise UserError(str(problem)) from problem
    numbers = [_number(text) for text in number or []]
    options = CarrierOptions(
        numbers=tuple(PhoneNumber(number, voice_url=url) for number, url in numbers),
        port=port,
        speed=speed,
        seed=seed,
        record_to=record,
        faults=shares,
        variants=variants,
    )
    require_free(port, "--port")
    serve(options, population, clock=StepClock() if step else None, started=_announce)


def _number(text: str) -> tuple[str, str]:
    number, equals, url = text.partition("=")
    if not equals or not number.startswith("+") or "://" not in url:
        raise UserError(f"--number is '{text}'; write +<digits>=<voice URL>")
    return number, url


def _announce(stand_in: "CarrierStandIn") -> None:
    print_figures(
        "The carrier stand-in listens; Ctrl-C ends it",
        {
            "REST API and page": stand_in.base_url,
            "account sid": stand_in.account.sid,
            "auth token": stand_in.account.token,
        },
    )
    for number in stand_in.options.numbers:
        OUT.print(f"{number.phone_number} is answered by {number.voice_url}", soft_wrap=True)
