"""The entry point: which commands there are. Each module's work is imported when it is called."""

import typer

from cordboard.cli import (
    account,
    calibrate,
    carrier,
    check,
    compliance,
    customers,
    erlang,
    flow,
    intents,
    leads,
    pacing,
    replay,
    report,
    serve,
    simulate,
    staff,
    twilio,
    whatif,
)
from cordboard.cli.demo import command as demo
from cordboard.cli.output import UserError, stop, tell_warnings

app = typer.Typer(
    name="cordboard",
    help="A contact centre: call flows, distributor, dialer, and a simulator of all three.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("erlang")(erlang.erlang)
app.command("carrier")(carrier.carrier)
app.command("demo")(demo.demo)
app.command("simulate")(simulate.simulate)
app.command("staff")(staff.staff)
app.command("pacing")(pacing.pacing)
app.command("calibrate")(calibrate.calibrate)
app.command("replay")(replay.replay)
app.command("whatif")(whatif.whatif)
app.command("report")(report.report)
app.command("check")(check.check)
app.command("customers")(customers.customers)
app.command("serve")(serve.serve)
app.add_typer(account.app, name="account")
app.add_typer(twilio.app, name="twilio")
app.add_typer(flow.app, name="flow")
app.add_typer(intents.app, name="intents")
app.add_typer(leads.app, name="leads")
app.add_typer(compliance.app, name="compliance")


@app.callback()
def _options() -> None:
    """Let the command line have commands, however few they are."""


def run() -> None:
    """Run the command line; a person's mistake becomes one line and exit code 2."""
    tell_warnings()
    try:
        app()
    except UserError as error:
        stop(str(error))


if __name__ == "__main__":
    run()
