"""Queues and their members: look, make, take somebody out.

Source:
    https://www.twilio.com/docs/voice/api/queue-resource, .../member-resource.
"""

from typing import Any

from simulator.carrier.queues import (
    QUEUE_NAME_CHARACTERS_MAX,
    QUEUE_SIZE_DEFAULT,
    QUEUE_SIZE_MAX,
    Member,
    Queue,
)
from simulator.carrier.rest.errors import RestError, invalid, missing, not_found
from simulator.carrier.rest.request import Form, Reply, Route, page
from simulator.carrier.rest.resource import Resource
from simulator.carrier.twiml import Fetch


class Queues(Resource):
    """`/Queues` and `/Queues/{QU}/Members`."""

    def routes(self) -> tuple[Route, ...]:
        """Return what is answered here."""
        return (
            Route("/Queues.json", "POST", self.create),
            Route("/Queues.json", "GET", self.list),
            Route("/Queues/<sid>.json", "GET", self.get),
            Route("/Queues/<sid>.json", "POST", self.update),
            Route("/Queues/<sid>.json", "DELETE", self.delete),
            Route("/Queues/<sid>/Members.json", "GET", self.list_members),
            Route("/Queues/<sid>/Members/<call_sid>.json", "GET", self.get_member),
            Route("/Queues/<sid>/Members/<call_sid>.json", "POST", self.dequeue),
        )

    def create(self, form: Form) -> Reply:
        """Make a queue; a name can be used once."""
        name = form.required("FriendlyName")
        if len(name) > QUEUE_NAME_CHARACTERS_MAX:
            raise invalid(22001, f"FriendlyName has {len(name)} characters; 64 is the most")
        if self.exchange.queues.called(name) is not None:
            raise RestError(400, 22003, f"Queue name {name!r} is already in use")
        size = form.number("MaxSize", QUEUE_SIZE_DEFAULT, least=1, most=QUEUE_SIZE_MAX)
        return Reply(self.show(self.exchange.queues.on_demand(name, size)), 201)

    def list(self, form: Form) -> Reply:
        """List the queues."""
        return page(form, "queues", self.exchange.queues.all(), self.show)

    def get(self, form: Form, sid: str) -> Reply:
        """Show one queue."""
        return Reply(self.show(self._find(form, sid)))

    def update(self, form: Form, sid: str) -> Reply:
        """Rename a queue or change its size."""
        queue = self._find(form, sid)
        queue.name = form.text("FriendlyName", queue.name)
        queue.max_size = form.number("MaxSize", queue.max_size, least=1, most=QUEUE_SIZE_MAX)
        queue.updated_at_s = self.exchange.timeline.now_s
        return Reply(self.show(queue))

    def delete(self, form: Form, sid: str) -> Reply:
        """Remove an empty queue."""
        queue = self._find(form, sid)
        if queue.members:
            raise RestError(400, 22002, f"Queue {sid} is not empty")
        self.exchange.queues.remove(queue)
        return Reply(None, 204)

    def list_members(self, form: Form, sid: str) -> Reply:
        """List who waits, the head first."""
        return page(form, "queue_members", self._find(form, sid).members, self.show_member)

    def get_member(self, form: Form, sid: str, call_sid: str) -> Reply:
        """Show one member, or the head by `Front`."""
        return Reply(self.show_member(self._member(form, sid, call_sid)))

    def dequeue(self, form: Form, sid: str, call_sid: str) -> Reply:
        """Take a member out to run a document; works once."""
        member = self._member(form, sid, call_sid)
        url = form.url("Url")
        if not url:
            raise missing("Url")
        if self.exchange.faults.strikes("member_gone", member.call.sid):
            member.call.put_down()
            self.exchange.timeline.settle()
            raise not_found(form.path)
        shown = self.show_member(member)
        member.queue.leave(member)
        self.exchange.redirect(member.call, Fetch(url, form.text("Method", "POST")))
        return Reply({**shown, "position": 0})

    def show(self, queue: Queue) -> dict[str, Any]:
        """Return a queue's JSON."""
        path = f"Queues/{queue.sid}"
        return {
            "sid": queue.sid,
            "account_sid": self.account_sid,
            "friendly_name": queue.name,
            "current_size": len(queue.members),
            "max_size": queue.max_size,
            "average_wait_time": queue.average_wait_s,
            "date_created": self.date(queue.created_at_s),
            "date_updated": self.date(max(queue.updated_at_s, queue.created_at_s)),
            "uri": self.address(path),
            "subresource_uris": self.addresses(path, {"members": "Members"}),
        }

    def show_member(self, member: Member) -> dict[str, Any]:
        """Return a member's JSON."""
        queue = member.queue
        return {
            "call_sid": member.call.sid,
            "queue_sid": queue.sid,
            "date_enqueued": self.date(member.enqueued_at_s),
            "position": member.position,
            "wait_time": member.wait_s,
            "uri": self.address(f"Queues/{queue.sid}/Members/{member.call.sid}"),
        }

    def _find(self, form: Form, sid: str) -> Queue:
        queue = self.exchange.queues.get(sid)
        if queue is None:
            raise not_found(form.path)
        return queue

    def _member(self, form: Form, sid: str, call_sid: str) -> Member:
        member = self._find(form, sid).find(call_sid)
        if member is None:
            raise not_found(form.path)
        return member
