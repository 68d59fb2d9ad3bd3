"""Participants: bring somebody into a conference, hold, mute, coach, send away.

Source:
    https://www.twilio.com/docs/voice/api/conference-participant-resource.
"""

from typing import Any

from simulator.carrier.conferences import Conference, Participant, Seat
from simulator.carrier.exchange import Exchange
from simulator.carrier.rest.calls import Calls
from simulator.carrier.rest.errors import invalid, not_found
from simulator.carrier.rest.request import Form, Reply, Route, page
from simulator.carrier.rest.resource import Resource
from simulator.carrier.twiml import Fetch

CONFERENCE_EVENTS = ("start", "end")


class Participants(Resource):
    """`/Conferences/{CF or name}/Participants`."""

    def __init__(self, exchange: Exchange, calls: Calls) -> None:
        super().__init__(exchange)
        self._calls = calls

    def routes(self) -> tuple[Route, ...]:
        """Return what is answered here."""
        many = "/Conferences/<room>/Participants.json"
        one = "/Conferences/<room>/Participants/<sid_or_label>.json"
        return (
            Route(many, "POST", self.create),
            Route(many, "GET", self.list),
            Route(one, "GET", self.get),
            Route(one, "POST", self.update),
            Route(one, "DELETE", self.delete),
        )

    def create(self, form: Form, room: str) -> Reply:
        """Dial somebody into a conference, made on demand when it is given by name."""
        from_, to = form.required("From"), form.required("To")
        self._calls.check_addresses(from_, to)
        seat = self._seat(form)
        is_sid = room.startswith("CF") and len(room) == 34
        if is_sid and self.exchange.conferences.get(room) is None:
            raise not_found(form.path)
        conference = self.exchange.conferences.on_demand(room)
        taken = conference.find(seat.label) if seat.label else None
        if taken is not None:
            raise invalid(16023, f"Participant label {seat.label!r} is already in use")
        call = self.exchange.place_participant(conference, seat, from_, to, self._calls.terms(form))
        participant = conference.find(call.sid)
        assert participant is not None, "a new participant is expected in its conference"
        return Reply(self.show(participant), 201)

    def list(self, form: Form, room: str) -> Reply:
        """List those in a conference and those expected in it."""
        wanted = {name: form.flag(name.title()) for name in ("muted", "hold", "coaching")}
        participants = [
            participant
            for participant in self._room(form, room).participants
            if all(value in {None, getattr(participant, name)} for name, value in wanted.items())
        ]
        return page(form, "participants", participants, self.show)

    def get(self, form: Form, room: str, sid_or_label: str) -> Reply:
        """Show one participant."""
        return Reply(self.show(self._find(form, room, sid_or_label)))

    def update(self, form: Form, room: str, sid_or_label: str) -> Reply:
        """Mute, hold, coach, announce to a participant, or change what their leaving means."""
        participant = self._find(form, room, sid_or_label)
        conference = participant.conference
        coached = form.text("CallSidToCoach")
        if coached and conference.find(coached) is None:
            raise invalid(16025, f"The call to coach, {coached}, is not in the conference")
        participant.coaches = coached or participant.coaches
        asked = {
            "muted": form.flag("Muted"),
            "hold": form.flag("Hold"),
            "ends": form.flag("EndConferenceOnExit"),
            "coaching": form.flag("Coaching"),
        }
        conference.change(participant, **{n: v for n, v in asked.items() if v is not None})
        hold_url, announce = form.url("HoldUrl"), form.url("AnnounceUrl")
        if asked["hold"] and hold_url:
            self.exchange.play_hold(participant, Fetch(hold_url, form.text("HoldMethod", "GET")))
        if announce:
            method = form.text("AnnounceMethod", "POST")
            self.exchange.announce(conference, participant, Fetch(announce, method))
        return Reply(self.show(participant))

    def delete(self, form: Form, room: str, sid_or_label: str) -> Reply:
        """Send a participant away."""
        participant = self._find(form, room, sid_or_label)
        if participant.is_present:
            participant.conference.leave(
                participant, "participant_updated_via_api", was_kicked=True
            )
        else:
            self.exchange.hang_up(participant.call)
        return Reply(None, 204)

    def show(self, participant: Participant) -> dict[str, Any]:
        """Return a participant's JSON."""
        room = participant.conference
        return {
            "account_sid": self.account_sid,
            "call_sid": participant.call.sid,
            "label": participant.label or None,
            "call_sid_to_coach": participant.coaches or None,
            "coaching": participant.coaching,
            "conference_sid": room.sid,
            "date_created": self.date(participant.created_at_s),
            "date_updated": self.date(participant.updated_at_s),
            "end_conference_on_exit": participant.ends,
            "muted": participant.muted,
            "hold": participant.hold,
            "start_conference_on_enter": participant.starts,
            "status": participant.status,
            "queue_time": str(participant.call.queue_time_ms),
            "uri": self.address(f"Conferences/{room.sid}/Participants/{participant.call.sid}"),
        }

    def _seat(self, form: Form) -> Seat:
        label = form.text("Label")
        if len(label) > 128 or "/" in label or label.startswith("CA"):
            raise invalid(16025, "Label has at most 128 characters, no '/', and is no call sid")
        return Seat(
            label=label,
            muted=bool(form.flag("Muted")),
            starts=bool(form.flag("StartConferenceOnEnter", default=True)),
            ends=bool(form.flag("EndConferenceOnExit")),
            coaches=form.text("CallSidToCoach") if form.flag("Coaching") else "",
            callback=form.callback("ConferenceStatusCallback", CONFERENCE_EVENTS),
            wait_url=form.text("WaitUrl") or None,
            wait_method=form.text("WaitMethod", "POST"),
            recording=form.callback("ConferenceRecordingStatusCallback")
            if form.text("ConferenceRecord").lower() in {"true", "record-from-start"}
            else None,
        )

    def _room(self, form: Form, name_or_sid: str) -> Conference:
        room = self.exchange.conferences.called(name_or_sid)
        if room is None:
            raise not_found(form.path)
        return room

    def _find(self, form: Form, room: str, sid_or_label: str) -> Participant:
        participant = self._room(form, room).find(sid_or_label)
        if participant is None:
            raise not_found(form.path)
        return participant
