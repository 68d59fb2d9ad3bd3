"""The carrier's side of the wire in tests: forms signed by the carrier's own library."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from defusedxml.ElementTree import fromstring
from flask import Flask
from twilio.request_validator import RequestValidator

from tests.contract.witness import document_held
from tests.webhooks import memory
from webhooks.app import create_app
from webhooks.settings import WebhookSettings

BASE = "https://cc.example.com"
ACCOUNT = "AC" + "a" * 32
TOKEN = "t0ken"
CALL = "CA" + "1" * 32
CALLER = "+12125550142"
LINE = "+12125550100"


def settings(**changes):
    plain = {
        "base_url": BASE,
        "account_sids": (ACCOUNT,),
        "auth_tokens": (TOKEN,),
        "token_key": b"k" * 32,
    }
    return WebhookSettings(**(plain | changes))


@dataclass
class World:
    """An application with in-memory ports, and the carrier calling it."""

    app: Flask
    journal: memory.Journal
    sessions: memory.Sessions
    waits: memory.Waits
    flows: memory.Flows
    errands: memory.Errands
    partials: memory.Partials
    data: memory.Data
    clock: memory.Clock

    def post(self, url, *, token=TOKEN, headers=None, drop=(), **params):
        """Post a form to an address of ours, signed."""
        url = url.partition("#")[0]
        target = url.removeprefix(BASE)
        form = {"AccountSid": ACCOUNT, "CallSid": CALL, "From": CALLER, "To": LINE} | params
        form = {name: value for name, value in form.items() if name not in drop}
        signature = RequestValidator(token).compute_signature(BASE + target, form)
        answer = self.app.test_client().post(
            target,
            data=urlencode(form),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature} | (headers or {}),
        )
        if answer.mimetype == "text/xml":
            assert document_held(answer.text) == []
        return answer

    def document(self, url, **params):
        """Post and parse the document."""
        answer = self.post(url, **params)
        assert answer.status_code == 200, answer.status
        assert answer.mimetype == "text/xml"
        return Document.of(answer.text)

    def begin(self, **params):
        return self.document("/voice/inbound", CallStatus="ringing", **params)


@dataclass
class Document:
    """A parsed document."""

    root: object

    @classmethod
    def of(cls, text):
        root = fromstring(text)
        assert root.tag == "Response"
        return cls(root)

    @property
    def verbs(self):
        return [verb.tag for verb in self.root]

    @property
    def spoken(self):
        return " ".join("".join(say.itertext()) for say in self.root.iter("Say"))

    def find(self, path):
        found = self.root.find(path)
        assert found is not None, f"no {path} in {self.verbs}"
        return found

    @property
    def action(self):
        """The address the first asking verb answers to."""
        return next(el.get("action") for el in self.root.iter() if el.get("action"))

    @property
    def next(self):
        """The address asked for when nobody presses or says anything."""
        return self.find("Redirect").text


def world(*, flow=memory.FLOW, data=None, ports=None, is_ready=lambda: True, **changes):
    journal = memory.Journal()
    parts = {
        "journal": journal,
        "sessions": memory.Sessions(journal),
        "waits": memory.Waits(),
        "flows": memory.Flows(flow),
        "errands": memory.Errands(),
        "partials": memory.Partials(),
        "data": data or memory.Data(),
        "clock": memory.Clock(),
    }
    app = create_app(
        customers=memory.Customers(),
        campaigns=memory.Campaigns(),
        settings=settings(**changes),
        is_ready=is_ready,
        **(parts | (ports or {})),
    )
    app.testing = True
    return World(app=app, **parts)


def path_of(url):
    return urlsplit(url).path
