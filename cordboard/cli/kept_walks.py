"""Finished calls out of the history, for commands that draw a flow or learn from its callers."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cordboard.cli.output import UserError
from cordboard.cli.releases import settings_of, store_of

if TYPE_CHECKING:
    from ivr.flow import Flow
    from ivr.intents.walks import Walk


def ways_of(url: str, flow: "Flow") -> "Sequence[tuple[str, ...]]":
    """Return the ways of the calls that came through this version of a flow.

    Raises:
        UserError: The history cannot be read, or knows of no such call.
    """
    from cordboard.history.counts import HistoryUnreadable, reading
    from cordboard.history.walks import versions_walked, ways_through

    try:
        with reading(url) as connection:
            ways = ways_through(connection, flow.name, flow.version)
            known = versions_walked(connection, flow.name)
    except HistoryUnreadable as error:
        raise UserError(str(error)) from error
    if not ways:
        others = f"; of its versions there are {', '.join(map(str, known))}" if known else ""
        raise UserError(f"history holds no call through {flow.name} version {flow.version}{others}")
    return ways


def walks_of(url: str, flow: "Flow", centre: Path, data: Path) -> "list[Walk]":
    """Return the calls through a flow with what was said in them; `CORDBOARD_SECRET` opens it.

    Raises:
        UserError: The history or the store cannot be read, or nothing was said in any call.
    """
    from cordboard.history.counts import HistoryUnreadable, reading
    from cordboard.history.walks import opening, walks_through
    from cordboard.runtime.sealing import Sealer

    with store_of(settings_of(centre).site, data) as (store, client):
        try:
            sealer = Sealer(store, os.environ.get("CORDBOARD_SECRET", ""), client)
            with reading(url) as connection:
                walks = walks_through(connection, flow.name, opening(sealer))
        except (HistoryUnreadable, ValueError) as error:
            raise UserError(str(error)) from error
    if not walks:
        raise UserError(f"history holds no call in which somebody told {flow.name} what they want")
    return walks


def passed_on_of(url: str, calls: set[str]) -> "Mapping[str, str]":
    """Return where agents passed calls on to.

    Raises:
        UserError: The history cannot be read.
    """
    from cordboard.history.counts import HistoryUnreadable, reading
    from cordboard.history.walks import passed_on

    try:
        with reading(url) as connection:
            return passed_on(connection, calls)
    except HistoryUnreadable as error:
        raise UserError(str(error)) from error
