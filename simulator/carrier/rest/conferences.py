"""Conferences: find, look, announce, end.

Source:
    https://www.twilio.com/docs/voice/api/conference-resource.
"""

from typing import Any

from simulator.carrier.calls import API_VERSION
from simulator.carrier.conferences import Conference
from simulator.carrier.rest.errors import invalid, not_found
from simulator.carrier.rest.request import Form, Reply, Route, page
from simulator.carrier.rest.resource import Resource
from simulator.carrier.twiml import Fetch


class Conferences(Resource):
    """`/Conferences`."""

    def routes(self) -> tuple[Route, ...]:
        """Return what is answered here."""
        return (
            Route("/Conferences.json", "GET", self.list),
            Route("/Conferences/<sid>.json", "GET", self.get),
            Route("/Conferences/<sid>.json", "POST", self.update),
        )

    def list(self, form: Form) -> Reply:
        """List conferences by name, status and dates, the newest first."""
        created, updated = form.time_filter("DateCreated"), form.time_filter("DateUpdated")
        rooms = [
            room
            for room in reversed(self.exchange.conferences.all())
            if form.text("FriendlyName", room.name) == room.name
            and form.text("Status", room.status) == room.status
            and created.passes(self.instant(room.created_at_s))
            and updated.passes(self.instant(max(room.created_at_s, room.updated_at_s)))
        ]
        return page(form, "conferences", rooms, self.show)

    def get(self, form: Form, sid: str) -> Reply:
        """Show one conference."""
        return Reply(self.show(self._find(form, sid)))

    def update(self, form: Form, sid: str) -> Reply:
        """End a conference, or announce something to everybody in it."""
        room = self._find(form, sid)
        status, announce = form.text("Status"), form.url("AnnounceUrl")
        if status not in {"", "completed"}:
            raise invalid(20001, f"Status is {status!r}; it must be completed")
        if status == "completed" and room.is_live:
            room.end("conference-ended-via-api")
        elif announce and room.is_live:
            method = form.text("AnnounceMethod", "POST")
            for participant in room.present:
                self.exchange.announce(room, participant, Fetch(announce, method))
        return Reply(self.show(room))

    def show(self, room: Conference) -> dict[str, Any]:
        """Return a conference's JSON."""
        path = f"Conferences/{room.sid}"
        parts = {"participants": "Participants", "recordings": "Recordings"}
        return {
            "sid": room.sid,
            "account_sid": self.account_sid,
            "friendly_name": room.name,
            "status": room.status,
            "region": "us1",
            "api_version": API_VERSION,
            "reason_conference_ended": room.reason_ended or None,
            "call_sid_ending_conference": room.ended_by or None,
            "date_created": self.date(room.created_at_s),
            "date_updated": self.date(max(room.created_at_s, room.updated_at_s)),
            "uri": self.address(path),
            "subresource_uris": self.addresses(path, parts),
        }

    def _find(self, form: Form, sid: str) -> Conference:
        room = self.exchange.conferences.get(sid)
        if room is None:
            raise not_found(form.path)
        return room
