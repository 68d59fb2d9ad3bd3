"""Recordings for supervisors: the list, the sound through an address that soon ends, deleting.

An address of sound holds the recording's sid, whom it was made for and until when, under a MAC: it
opens nothing for somebody else, and nothing later. Who asks has to be signed in all the same. The
sound itself stays with the carrier and is passed through.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlencode

import structlog
from flask import Blueprint, Flask, Response, abort, redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from acd.ids import Sid
from cordboard.console.words import duration
from cordboard.runtime.carrier.sound import Sound, SoundUnavailable
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.recordings import PAGE_MAX, CataloguedRecording

ADDRESS_S = 300
"""How long an address of sound is good for: to press play, not to be passed around."""

FAR_MS = 1 << 52

_log = structlog.get_logger("console")


class Catalogue(Protocol):
    """The catalogue of recordings."""

    def get(self, sid: Sid) -> CataloguedRecording | None:
        """Return a recording, None if it is unknown."""

    def newest(self, *, before_ms: int, count: int, call_id: str = "") -> list[CataloguedRecording]:
        """Return recordings told of before an instant, newest first."""

    def forget(self, sid: Sid) -> None:
        """Take a recording out of the catalogue."""


class Sounds(Protocol):
    """Where the sound is."""

    def fetch(self, sid: Sid, byte_range: str = "") -> Sound:
        """Return a recording's sound, or the part of it that was asked for."""

    def delete(self, sid: Sid) -> None:
        """Delete a recording's sound."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes and checks addresses of sound."""

    key: bytes = field(repr=False)
    now_s: Callable[[], int] = lambda: int(time.time())

    def make(self, sid: str, name: str) -> str:
        """Return an address at which this person may hear this recording for a while."""
        until = self.now_s() + ADDRESS_S
        query = urlencode({"until": until, "mac": self._mac(sid, name, str(until))})
        return f"/recordings/{sid}/sound?{query}"

    def opens(self, sid: str, name: str, query: Mapping[str, str]) -> bool:
        """Tell whether an address is ours, for this person, and still good."""
        until = query.get("until", "")
        expected = self._mac(sid, name, until)
        is_ours = hmac.compare_digest(expected.encode(), query.get("mac", "").encode())
        return is_ours and until.isdecimal() and self.now_s() < int(until)

    def _mac(self, sid: str, name: str, until: str) -> str:
        text = f"{sid}\n{name}\n{until}".encode()
        return hmac.new(self.key, text, hashlib.sha256).hexdigest()


def install(app: Flask, catalogue: Catalogue, sounds: Sounds, addresses: Addresses) -> None:
    """Serve the pages below `/recordings/`."""
    pages = Blueprint("recordings", __name__, url_prefix="/recordings")

    @pages.get("/")
    def listing() -> str:
        try:
            rows = catalogue.newest(before_ms=FAR_MS, count=PAGE_MAX)
        except StoreDown:
            abort(503)
        is_wanted = request.args.get("only") != "voicemail"
        shown = [row for row in rows if is_wanted or row.is_voicemail]
        name = current_user.account.name
        return render_template(
            "recordings.html",
            recordings=[
                (row, _told(row), _length(row), addresses.make(row.sid, name)) for row in shown
            ],
        )

    @pages.get("/<sid>/sound")
    def sound(sid: str) -> Response:
        if not addresses.opens(sid, current_user.account.name, request.args):
            abort(403)
        _require(catalogue, sid)
        try:
            found = sounds.fetch(Sid(sid), request.headers.get("Range", ""))
        except SoundUnavailable as problem:
            _log.warning("no sound", sid=sid, why=str(problem))
            abort(404 if problem.is_gone else 503)
        _log.info("recording heard", sid=sid, by=current_user.account.name)
        return Response(found.pieces, found.status, dict(found.headers))

    @pages.post("/<sid>/delete")
    def delete(sid: str) -> Answer:
        _require(catalogue, sid)
        try:
            sounds.delete(Sid(sid))
            catalogue.forget(Sid(sid))
        except (SoundUnavailable, StoreDown):
            abort(503)
        _log.info("recording deleted", sid=sid, by=current_user.account.name)
        return redirect("/recordings/")

    app.register_blueprint(pages)


def _require(catalogue: Catalogue, sid: str) -> None:
    """Refuse what is in no catalogue: another account's recording, or one that was deleted."""
    try:
        found = catalogue.get(Sid(sid))
    except StoreDown:
        abort(503)
    if found is None:
        abort(404)


def _length(row: CataloguedRecording) -> str:
    """Return how long a recording is; nothing of one that still goes on."""
    return duration(row.duration_ms or None)


def _told(row: CataloguedRecording) -> str:
    instant = datetime.fromtimestamp(row.told_at_ms / 1_000, UTC)
    return f"{instant:%Y-%m-%d %H:%M} UTC"
