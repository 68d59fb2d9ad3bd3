"""Calls: place one, look at them, change one that is live.

Source:
    https://www.twilio.com/docs/voice/api/call-resource; error codes:
    https://www.twilio.com/docs/api/errors.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from simulator.carrier.calls import API_VERSION, Call, Callback, Detection, Terms
from simulator.carrier.rest.errors import invalid, missing, not_found, wrong_state
from simulator.carrier.rest.request import Form, Reply, Route, page
from simulator.carrier.rest.resource import Resource
from simulator.carrier.twiml import INLINE_CHARACTERS_MAX, Fetch, Inline, Source

#: What can be dialled: E.164, a client, a SIP address.
ADDRESS = re.compile(r"\+[1-9]\d{6,14}|client:.{1,256}|sips?:.+")

#: Numbers that always fail, for tests; see https://www.twilio.com/docs/iam/test-credentials.
TEST_TO = {
    "+15005550001": 21217,
    "+15005550002": 21214,
    "+15005550003": 21215,
    "+15005550004": 21216,
}

#: So long may calls wait for their turn; https://www.twilio.com/docs/api/errors/22005.
QUEUE_S_MAX = 24 * 3600.0

#: How far behind a stale read is.
STALE_S = 5.0

SUBRESOURCES = {
    "notifications": "Notifications",
    "recordings": "Recordings",
    "payments": "Payments",
    "events": "Events",
    "siprec": "Siprec",
    "streams": "Streams",
    "transcriptions": "Transcriptions",
    "user_defined_message_subscriptions": "UserDefinedMessageSubscriptions",
    "user_defined_messages": "UserDefinedMessages",
}


class Calls(Resource):
    """`/Calls`."""

    def routes(self) -> tuple[Route, ...]:
        """Return what is answered here."""
        return (
            Route("/Calls.json", "POST", self.create),
            Route("/Calls.json", "GET", self.list),
            Route("/Calls/<sid>.json", "GET", self.get),
            Route("/Calls/<sid>.json", "POST", self.update),
            Route("/Calls/<sid>.json", "DELETE", self.delete),
        )

    def create(self, form: Form) -> Reply:
        """Place a call."""
        to, from_ = form.required("To"), form.required("From")
        self.check_addresses(from_, to)
        source = self.source(form)
        if source is None:
            raise missing("Url")
        if self.exchange.call_rate.estimated_wait_s > QUEUE_S_MAX:
            raise invalid(22005, "More than 24 hours of calls are waiting in the queue")
        call = self.exchange.place_call(from_, to, source, self.terms(form))
        return Reply(self.show(call), 201)

    def list(self, form: Form) -> Reply:
        """List calls, the newest first; sometimes without those of the last moments."""
        is_wanted = self._filter(form)
        is_stale = self.exchange.faults.strikes("stale_read", "list")
        known_until_s = self.exchange.timeline.now_s - (STALE_S if is_stale else 0.0)
        calls = [
            call
            for call in reversed(self.exchange.calls.values())
            if call.leg.created_at_s <= known_until_s and is_wanted(call)
        ]
        return page(form, "calls", calls, self.show)

    def get(self, form: Form, sid: str) -> Reply:
        """Show one call, sometimes as it was a moment ago."""
        call = self.find(form, sid)
        shown = self.show(call)
        if self.exchange.faults.strikes("stale_read", sid):
            shown["status"] = call.status_at(self.exchange.timeline.now_s - STALE_S)
        return Reply(shown)

    def update(self, form: Form, sid: str) -> Reply:
        """Redirect, end or cancel a call, or change where its events go."""
        call = self.find(form, sid)
        status = form.text("Status")
        source = self.source(form, exclusive=True)
        if status not in {"", "completed", "canceled"}:
            raise invalid(20001, f"Status is {status!r}; it must be completed or canceled")
        if not call.is_live and (status or source):
            raise wrong_state("Call is not in-progress. Cannot redirect.")
        if source is not None and not call.is_answered:
            raise wrong_state("Call is not in-progress. Cannot redirect.")
        if source is not None:
            self.exchange.redirect(call, source)
        elif status == "completed":
            self.exchange.hang_up(call)
        elif status == "canceled" and call.is_answered:
            raise wrong_state("Call is in-progress. Cannot cancel.")
        elif status == "canceled":
            self.exchange.cancel(call)
        call.terms = changed_terms(form, call.terms)
        if form.text("TimeLimit") and call.is_live and call.is_answered:
            self.exchange.limit(call)
        self.exchange.timeline.settle()
        return Reply(self.show(call))

    def delete(self, form: Form, sid: str) -> Reply:
        """Forget a call that has ended."""
        call = self.find(form, sid)
        if call.is_live:
            raise wrong_state("Call is in-progress. Cannot delete.")
        call.is_deleted = True
        return Reply(None, 204)

    def find(self, form: Form, sid: str) -> Call:
        """Return a call by its identifier."""
        call = self.exchange.calls.get(sid)
        if call is None or call.is_deleted:
            raise not_found(form.path)
        return call

    def check_addresses(self, from_: str, to: str) -> None:
        """Refuse a dial that cannot be made."""
        if to in TEST_TO:
            raise invalid(TEST_TO[to], f"The number {to} cannot be called")
        if not ADDRESS.fullmatch(to) or to == from_:
            raise invalid(21211, f"Invalid 'To' Phone Number: {to}")
        if from_ == "+15005550001":
            raise invalid(21212, f"Invalid 'From' Phone Number: {from_}")
        is_number = to.startswith("+")
        if is_number and not self.exchange.may_show(from_):
            raise invalid(21210, f"'From' phone number {from_} is not verified")
        if is_number and self.exchange.dialler.next_callee(to, from_).pick_up == "invalid":
            raise invalid(21217, f"Phone number {to} does not appear to be valid")
        if len(self.exchange.live_calls()) >= self.exchange.account.calls_at_once:
            raise invalid(10004, "Call concurrency limit exceeded")

    def terms(self, form: Form) -> Terms:
        """Read how a call is to be placed, and warn of detection that nobody is told about."""
        terms = terms_of(form)
        detection = terms.detection
        if detection is not None and detection.is_async and not detection.callback.url:
            self.exchange.alert(21262, None, "MachineDetection without a callback for the verdict")
        return terms

    def source(self, form: Form, *, exclusive: bool = False) -> Source | None:
        """Return the document a request names, by `Url` or `Twiml`."""
        url, text = form.url("Url"), form.text("Twiml")
        if url and text and exclusive:
            raise invalid(20001, "Url and Twiml cannot both be given")
        if url:
            return Fetch(url, form.text("Method", "POST"))
        if len(text) > INLINE_CHARACTERS_MAX:
            raise invalid(20001, f"Twiml has {len(text)} characters; 4000 is the most")
        return Inline(text) if text else None

    def show(self, call: Call) -> dict[str, Any]:
        """Return a call's JSON."""
        path = f"Calls/{call.sid}"
        ended = call.leg.ended_at_s
        return {
            "sid": call.sid,
            "date_created": self.date(call.leg.created_at_s),
            "date_updated": self.date(call.updated_at_s),
            "parent_call_sid": call.parent_sid or None,
            "account_sid": self.account_sid,
            "to": call.to,
            "to_formatted": call.to,
            "from": call.from_,
            "from_formatted": call.from_,
            "phone_number_sid": call.phone_number_sid or None,
            "status": call.status,
            "start_time": self.date(call.started_at_s),
            "end_time": self.date(ended),
            "duration": None if ended is None else str(int(call.answered_s)),
            "price": None,
            "price_unit": "USD",
            "direction": call.direction,
            "answered_by": call.answered_by or None,
            "api_version": API_VERSION,
            "forwarded_from": None,
            "group_sid": None,
            "caller_name": None,
            "queue_time": str(call.queue_time_ms),
            "trunk_sid": None,
            "uri": self.address(path),
            "subresource_uris": self.addresses(path, SUBRESOURCES),
        }

    def _filter(self, form: Form) -> Callable[[Call], bool]:
        """Return what says whether a call is asked for; only filters that were given cost."""
        attributes = {
            "To": "to",
            "From": "from_",
            "Status": "status",
            "ParentCallSid": "parent_sid",
        }
        wanted = [
            (operator.attrgetter(attribute), form.text(name))
            for name, attribute in attributes.items()
            if form.text(name)
        ]
        started, ended = form.time_filter("StartTime"), form.time_filter("EndTime")

        def passes(call: Call) -> bool:
            if call.is_deleted or any(read(call) != value for read, value in wanted):
                return False
            return started.passes(self._started(call)) and ended.passes(
                self.instant(call.leg.ended_at_s)
            )

        return passes

    def _started(self, call: Call) -> datetime | None:
        if call.started_at_s is None and self.exchange.variants.start_filter_finds_queued:
            return self.instant(call.leg.created_at_s)
        return self.instant(call.started_at_s)


def terms_of(form: Form) -> Terms:
    """Read what a REST request says about how a call is placed."""
    digits = form.text("SendDigits")
    if digits and not re.fullmatch(r"[0-9A-D#*wW,]{1,32}", digits):
        raise invalid(21206, "SendDigits has at most 32 of 0-9 A-D # * w W")
    return Terms(
        callback=form.callback("StatusCallback"),
        fallback=Callback(form.url("FallbackUrl"), form.text("FallbackMethod", "POST")),
        timeout_s=form.number("Timeout", 60, least=1, most=600, code=21208),
        time_limit_s=time_limit_of(form),
        detection=None if digits else detection_of(form),
        send_digits=digits,
        is_recorded=bool(form.flag("Record")),
        recording=form.callback("RecordingStatusCallback"),
    )


def detection_of(form: Form) -> Detection | None:
    """Read what a request says about machine detection."""
    mode = form.text("MachineDetection")
    if mode == "":
        return None
    if mode not in {"Enable", "DetectMessageEnd"}:
        raise invalid(21234, f"MachineDetection is {mode!r}; use Enable or DetectMessageEnd")
    for name, least, most in (
        ("MachineDetectionSpeechThreshold", 1000, 6000),
        ("MachineDetectionSpeechEndThreshold", 500, 5000),
        ("MachineDetectionSilenceTimeout", 2000, 10_000),
    ):
        form.number(name, least, least=least, most=most, code=21234)
    is_participant = "/Participants" in form.path
    prefix = "AmdStatusCallback" if is_participant else "AsyncAmdStatusCallback"
    return Detection(
        mode,
        is_participant or form.text("AsyncAmd").lower() == "true",
        form.number("MachineDetectionTimeout", 30, least=3, most=59, code=21234),
        form.callback(prefix),
    )


def changed_terms(form: Form, terms: Terms) -> Terms:
    """Return a live call's terms with what an update changes."""
    if form.text("StatusCallback"):
        callback = form.callback("StatusCallback", terms.callback.events)
        terms = replace(terms, callback=callback)
    if form.text("FallbackUrl"):
        fallback = Callback(form.url("FallbackUrl"), form.text("FallbackMethod", "POST"))
        terms = replace(terms, fallback=fallback)
    if form.text("TimeLimit"):
        terms = replace(terms, time_limit_s=time_limit_of(form))
    return terms


def time_limit_of(form: Form) -> int:
    """Read how many seconds a call may last from its answer."""
    return form.number("TimeLimit", 14_400, least=1, most=86_400)
