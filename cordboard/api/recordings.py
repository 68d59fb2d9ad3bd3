"""What was recorded: conversations, and messages callers left. Tokens get no sound."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

import msgspec

from acd.ids import Sid
from cordboard.api.operation import Asked, Operation
from cordboard.api.period import Instant, instant_ms
from cordboard.api.problems import not_found
from cordboard.api.tokens import Scope
from cordboard.api.world import World
from cordboard.runtime.recordings import PAGE_MAX, CataloguedRecording

FAR_MS = 1 << 52


class RecordingsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which recordings."""

    before: Instant = ""
    contact: Annotated[str, msgspec.Meta(max_length=64)] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=PAGE_MAX)] = 100


@dataclass(frozen=True, slots=True)
class RecordingsPage:
    """Recordings, newest first."""

    recordings: tuple[CataloguedRecording, ...]


def _list(world: World, asked: Asked) -> RecordingsPage:
    query = asked.query
    before_ms = instant_ms("before", query.before, FAR_MS)
    found = world.recordings.newest(before_ms=before_ms, count=query.limit, call_id=query.contact)
    return RecordingsPage(tuple(found))


def _read(world: World, asked: Asked) -> CataloguedRecording:
    found = world.recordings.get(Sid(asked.path["recording"]))
    if found is None:
        raise not_found("there is no such recording, or it was deleted")
    return found


OPERATIONS = (
    Operation(
        name="listRecordings",
        method="GET",
        path="/recordings",
        scope=Scope.RECORDINGS_READ,
        summary="Recordings told of before an instant, newest first.",
        answer=_list,
        gives=RecordingsPage,
        query=RecordingsQuery,
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Operation(
        name="readRecording",
        method="GET",
        path="/recordings/{recording}",
        scope=Scope.RECORDINGS_READ,
        summary="What is known of one recording.",
        answer=_read,
        gives=CataloguedRecording,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
    ),
)
