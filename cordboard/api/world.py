"""What the API reads and writes, composed by whoever serves it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection

from cordboard.api.tokens import Tokens
from cordboard.runtime.board import Board
from cordboard.runtime.leads.desk import ListDesk
from cordboard.runtime.pacing_orders import PacingOrders
from cordboard.runtime.recordings import RecordingCatalogue
from webhooks.ports import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The centre, as far as integrators may see and change it."""

    tokens: Callable[[], Tokens]
    now_s: Callable[[], int]  #: wall clock, for tokens
    now_ms: Callable[[], int]  #: the centre's clock, for what is written down
    board: Callable[[], Board | None]
    journal: Journal
    lists: ListDesk
    history: Callable[[], AbstractContextManager[Connection]]
    recordings: RecordingCatalogue
    pacing: PacingOrders
    regions: Mapping[str, str]  #: campaign -> ISO 3166 country of national numbers; all campaigns
