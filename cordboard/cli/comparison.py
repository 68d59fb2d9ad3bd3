"""`cordboard flow compare`: how callers fared by version, or by side of a split test."""

import os
from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.output import NOTHING, OUT, UserError, percent, print_json, print_table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ivr.rollout import CallResult, Fared, Proportion

BY_CHANCE = 0.05
"""A difference that chance makes less often than this is pointed out."""

DAY_MS = 86_400_000


def compare(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The flow's name, as in its file.")],
    split: Annotated[
        str, typer.Option(help="Compare the sides of this split node instead of versions.")
    ] = "",
    history: Annotated[
        str, typer.Option(help="Database URL; else CORDBOARD_HISTORY, else the data folder's.")
    ] = "",
    days: Annotated[int, typer.Option(min=1, help="Calls of the last so many days.")] = 28,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare how callers fared by version, or by the side of a split test."""
    from cordboard.cli.historian import history_url
    from cordboard.history.counts import HistoryUnreadable, reading
    from ivr.rollout import compare as fared_by

    try:
        with reading(history or history_url(os.environ)) as connection:
            found = fared_by(_results(connection, name, split, days))
    except HistoryUnreadable as error:
        raise UserError(str(error)) from error
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        _print_fared(split or name, found)


def _results(connection: "Connection", name: str, split: str, days: int) -> "list[CallResult]":
    from cordboard.history.counts import reach_ms
    from cordboard.history.variants import by_side, by_version, flow_names, split_nodes

    reach, known = reach_ms(connection), flow_names(connection)
    if reach is None or name not in known:
        listed = ", ".join(known) or "none"
        raise UserError(f"history knows no calls of a flow '{name}'; it knows: {listed}")
    until_ms = reach[1] + 1
    from_ms = until_ms - days * DAY_MS
    if not split:
        return list(by_version(connection, name, from_ms, until_ms))
    nodes = split_nodes(connection, name)
    if split not in nodes:
        listed = ", ".join(nodes) or "none"
        raise UserError(f"no call of {name} passed a split '{split}'; they passed: {listed}")
    return list(by_side(connection, name, split, from_ms, until_ms))


def _print_fared(title: str, found: "list[Fared]") -> None:
    head = ("", "calls", "contained", "abandoned", "transferred", "to an agent", "satisfaction")
    rows = [
        (
            one.variant,
            str(one.calls),
            _proportion(one.contained),
            _proportion(one.abandoned),
            _proportion(one.transferred),
            NOTHING if one.to_agent_ms_mean is None else f"{one.to_agent_ms_mean / 1_000:.1f} s",
            NOTHING if one.satisfaction_mean is None else f"{one.satisfaction_mean:.2f}",
        )
        for one in found
    ]
    print_table(f"{title}: shares with their 95 % intervals", head, rows)
    for line in _differences(found):
        OUT.print(line, markup=False)


def _proportion(share: "Proportion") -> str:
    if not share.total:
        return NOTHING
    return f"{percent(share.share)} ({100 * share.low:.0f}-{100 * share.high:.0f})"


def _differences(found: "list[Fared]") -> Iterator[str]:
    """Say which differences between two variants are more than chance."""
    from ivr.rollout import chance_of_difference

    for first, second in pairwise(found):
        for name in ("contained", "abandoned", "transferred"):
            one, other = getattr(first, name), getattr(second, name)
            chance = chance_of_difference(one, other)
            if chance is not None and chance < BY_CHANCE:
                yield (
                    f"{name}: {first.variant} {percent(one.share)}, {second.variant}"
                    f" {percent(other.share)}; by chance alone once in {1 / max(chance, 1e-9):.0f}"
                )
