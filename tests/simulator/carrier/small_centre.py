"""A naive contact centre for long runs: queue, dequeue, agent in a conference, outbound calls.

It is deliberately simple: it believes its callbacks and looks at the REST API when in doubt, so
that long seeded runs visit many corners of the stand-in, faults included.
"""

from base64 import b64encode
from urllib.parse import parse_qs, parse_qsl

from werkzeug.wrappers import Request, Response

from tests.simulator.carrier.harness import OUR_NUMBER, twiml

BASE = "http://centre.example"


class SmallCentre:
    """One application: answers webhooks, and asks the REST API in process."""

    def __init__(self, agents):
        self.agents = [f"client:agent-{n}" for n in range(agents)]
        self.carrier = None
        self.seen = []
        self.offers = 0

    def attach(self, carrier):
        self.carrier = carrier
        self.rest = carrier.app.test_client()
        sid, token = carrier.account.sid, carrier.account.token
        basic = b64encode(f"{sid}:{token}".encode()).decode()
        self.headers = {"Authorization": f"Basic {basic}"}
        self.root = f"/2010-04-01/Accounts/{sid}"

    def ask(self, method, path, **form):
        where = {"data": form} if method == "POST" else {"query_string": form}
        for _ in range(20):
            answer = self.rest.open(self.root + path, method=method, headers=self.headers, **where)
            if answer.status_code != 429:
                return answer
        return answer

    def __call__(self, environ, start_response):
        request = Request(environ)
        form = dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True))
        query = {
            name: values[0] for name, values in parse_qs(request.query_string.decode()).items()
        }
        self.seen.append((request.path, form))
        handler = getattr(self, "on_" + request.path.strip("/").replace("-", "_"))
        answer = handler(form, query)
        response = answer if isinstance(answer, Response) else twiml(answer or "")
        return response(environ, start_response)

    def on_voice(self, _form, _query):
        return (
            '<Gather action="/menu" numDigits="1" timeout="4" input="dtmf speech">'
            "<Say>For billing press 1. For a message press 2.</Say></Gather>"
            "<Redirect>/menu</Redirect>"
        )

    def on_menu(self, form, _query):
        if form.get("Digits") == "2":
            return '<Say>Speak.</Say><Record action="/done" timeout="3"/>'
        return '<Enqueue waitUrl="/wait" action="/after-queue">billing</Enqueue>'

    def on_done(self, _form, _query):
        return "<Hangup/>"

    def on_wait(self, form, _query):
        agent = self.free_agent()
        if agent is not None:
            self.connect(form["QueueSid"], form["CallSid"], agent)
        return '<Say>You are next.</Say><Pause length="9"/>'

    def on_after_queue(self, _form, _query):
        return ""

    def on_room(self, _form, query):
        return (
            '<Dial action="/after-dial"><Conference endConferenceOnExit="true" '
            f'statusCallback="/conference" statusCallbackEvent="start end join leave">'
            f"{query['name']}</Conference></Dial>"
        )

    def on_after_dial(self, _form, _query):
        return '<Enqueue waitUrl="/wait" action="/after-queue">billing</Enqueue>'

    def on_conference(self, _form, _query):
        return Response(status=204)

    def on_agent(self, form, query):
        if form["CallStatus"] in {"busy", "no-answer", "failed", "canceled"}:
            again = BASE + "/menu"
            self.ask("POST", f"/Calls/{query['customer']}.json", Url=again)
        return Response(status=204)

    def on_opening(self, _form, _query):
        return '<Say>This is your bank, one moment please.</Say><Pause length="40"/>'

    def on_outbound(self, _form, _query):
        return Response(status=204)

    def on_amd(self, form, _query):
        sid = form["CallSid"]
        if form["AnsweredBy"].startswith("machine"):
            self.ask("POST", f"/Calls/{sid}.json", Status="completed")
            return Response(status=204)
        agent = self.free_agent()
        if agent is None:
            self.ask("POST", f"/Calls/{sid}.json", Twiml="<Response><Say>Sorry.</Say></Response>")
        else:
            self.ask("POST", f"/Calls/{sid}.json", Url=f"{BASE}/room?name={sid}")
            self.call_agent(sid, agent)
        return Response(status=204)

    def on_status(self, _form, _query):
        return Response(status=204)

    def free_agent(self):
        for agent in self.agents:
            calls = self.ask("GET", "/Calls.json", To=agent, PageSize="5").get_json()["calls"]
            if all(call["end_time"] for call in calls):
                return agent
        return None

    def connect(self, queue, customer, agent):
        url = f"{BASE}/room?name={customer}"
        taken = self.ask("POST", f"/Queues/{queue}/Members/{customer}.json", Url=url)
        if taken.status_code == 200:
            self.call_agent(customer, agent)

    def call_agent(self, room, agent):
        self.offers += 1
        self.ask(
            "POST",
            f"/Conferences/{room}/Participants.json",
            From=OUR_NUMBER,
            To=agent,
            Label=f"offer-{self.offers}",
            Timeout="15",
            EndConferenceOnExit="true",
            StatusCallback=f"{BASE}/agent?customer={room}",
            StatusCallbackEvent="initiated ringing answered completed",
        )

    def dial(self, number):
        self.ask(
            "POST",
            "/Calls.json",
            From=OUR_NUMBER,
            To=number,
            Url=BASE + "/opening",
            Timeout="20",
            StatusCallback=BASE + "/outbound",
            StatusCallbackEvent="initiated ringing answered completed",
            MachineDetection="Enable",
            AsyncAmd="true",
            AsyncAmdStatusCallback=BASE + "/amd",
            TimeLimit="900",
        )
