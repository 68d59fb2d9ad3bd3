"""A minimal Flask application that does what ours must, and nothing else: the yardstick.

Same check of the signature, one append to the same kind of journal, the same document through the
same serializer: no admission rules, no call flow, no sessions, no outage, no logs.
"""

import sys
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from tests.webhooks import carrier, memory
from webhooks.signatures import Signatures

#: What the carrier sends with an inbound call beside the ids, as observed.
_NAMES = """
    Called CalledCity CalledState CalledZip CalledCountry Caller CallerCity CallerState CallerZip
    CallerCountry FromCity FromState FromZip FromCountry ToCity ToState ToZip ToCountry
    ApiVersion Direction StirVerstat Timestamp CallbackSource
"""
USUAL = dict.fromkeys(_NAMES.split(), "some value")

Check = Callable[[str, str], bool]


def own_check(target: str, signature: str) -> bool:
    """Check as our application does."""
    return _OWN.admits_form(target, list(request.form.items(multi=True)), signature)


def library_check(target: str, signature: str) -> bool:
    """Check by the carrier's library, as most applications do."""
    return _LIBRARY.validate(carrier.BASE + target, request.form, signature)


_OWN = Signatures(carrier.BASE, [carrier.TOKEN])
_LIBRARY = RequestValidator(carrier.TOKEN)


def minimal_app(check: Check) -> Flask:
    app = Flask("minimal")
    journal = memory.Journal()

    @app.before_request
    def verify():
        target = request.path + (
            "?" + request.query_string.decode() if request.query_string else ""
        )
        if not check(target, request.headers.get("X-Twilio-Signature", "")):
            return Response(status=403)
        return None

    @app.post("/voice/agent/status")
    def status():
        journal.append([(request.args["leg_id"], request.form["CallStatus"])])
        return Response(status=204)

    @app.post("/voice/flow")
    @app.post("/voice/inbound")
    def flow():
        journal.append([(request.form["CallSid"], request.form.get("Digits"))])
        url = carrier.BASE + "/voice/flow?call_id=" + request.form["CallSid"]
        return Response(str(_menu(url)), mimetype="text/xml")

    return app


def _menu(url: str) -> VoiceResponse:
    """Write the document our flow answers a wrong key with."""
    response = VoiceResponse()
    response.say("Sorry, I didn't get that.", language="en-GB")
    gather = Gather(
        input="dtmf speech",
        action=url,
        method="POST",
        timeout=5,
        finish_on_key="",
        num_digits=1,
        language="en-GB",
        hints="people",
        action_on_empty_result=True,
    )
    gather.say("Press 1 to speak, 2 for a message, 3 for your account.", language="en-GB")
    response.append(gather)
    response.redirect(url, method="POST")
    return response


def environ(url: str, **params: str) -> dict[str, object]:
    """Return the WSGI environment of a signed webhook, without its input."""
    target = url.partition("#")[0].removeprefix(carrier.BASE)
    ids = {"AccountSid": carrier.ACCOUNT, "CallSid": carrier.CALL}
    form = ids | {"From": carrier.CALLER, "To": carrier.LINE} | USUAL | params
    body = urlencode(form).encode()
    parts = urlsplit(target)
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "HTTP_X_TWILIO_SIGNATURE": _LIBRARY.compute_signature(carrier.BASE + target, form),
        "body": body,
    }


def serve_ours() -> Flask:
    """Make our application for a server."""
    return carrier.world().app


def serve_minimal() -> Flask:
    """Make the minimal application for a server."""
    return minimal_app(own_check)


def call(app: Flask, template: dict[str, object]) -> str:
    """Let an application answer one webhook; returns the status."""
    body = template["body"]
    assert isinstance(body, bytes)
    statuses: list[str] = []
    answer = app(
        template | {"wsgi.input": BytesIO(body)},
        lambda status, _headers, _exc_info=None: statuses.append(status),
    )
    for _ in answer:
        pass
    return statuses[0]
