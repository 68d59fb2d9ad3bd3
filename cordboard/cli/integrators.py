"""The API, composed: what programs that integrate with the centre may read and write of a site.

`CORDBOARD_TOKENS` is the file of their tokens (`cordboard account token`); there need be none.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from cordboard.api.tokens import TokensFile
from cordboard.api.world import World
from cordboard.cli.check import pacing_orders
from cordboard.cli.historian import history_url
from cordboard.cli.site import speed_of
from cordboard.history.counts import reading
from cordboard.runtime.board import Board
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.composition import LEADS_FILE, Site, open_leads
from cordboard.runtime.leads.desk import ListDesk
from cordboard.runtime.published_clock import PublishedClock
from cordboard.runtime.recordings import RecordingCatalogue
from cordboard.runtime.sealing import Pseudonyms
from cordboard.runtime.web import web_ports

TOKENS = "CORDBOARD_TOKENS"


def world_of(site: Site, board: Callable[[], Board | None], environ: Mapping[str, str]) -> World:
    """Return what the API reads and writes of a site."""
    clock = PublishedClock(board, LiveClock(speed_of(environ)))
    path = site.environment.data_folder / LEADS_FILE
    return World(
        tokens=TokensFile(Path(environ.get(TOKENS, "tokens.yaml"))),
        now_s=lambda: int(time.time()),
        now_ms=clock.now_ms,
        board=board,
        journal=web_ports(site)["journal"],
        lists=ListDesk(path, open_leads(site), Pseudonyms(site.environment.secret)),
        history=lambda: reading(history_url(environ)),
        recordings=RecordingCatalogue(site.store, clock.now_ms),
        pacing=pacing_orders(site.settings, board),
        regions={str(name): each.region for name, each in site.settings.campaigns.items()},
    )
