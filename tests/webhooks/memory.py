"""The webhooks' ports in memory: what tests and benchmarks give the application."""

import hashlib
from datetime import UTC, datetime

from acd.ids import CallId, CustomerId
from ivr.flow import Flow, read_flow
from ivr.inputs import QueueView
from webhooks.ports import (
    DataUnavailable,
    Fact,
    FlowSession,
    JournalDown,
    Line,
    OutboundTexts,
    Stored,
    Told,
)

FLOW = """
name: bank
version: 1
start: choose
person: people
languages:
  en: {say: en-GB, hear: en-GB}
  zh: {say: cmn-CN, hear: cmn-Hans-CN}
nodes:
  choose:
    kind: menu
    prompt: {en: "Press 1 to speak, 2 for a message, 3 for your account.", zh: "请按键"}
    choices:
      - {to: people, key: "1", phrases: {en: [people]}}
      - {to: message, key: "2"}
      - {to: account, key: "3"}
      - {to: bye, key: "4"}
  account:
    kind: ask
    prompt: {en: "Your account number?", zh: "账号?"}
    save: account
    type: digits
    length_min: 4
    length_max: 8
    next: people
  people:
    kind: queue
    queue: service
    prompt: {en: "One moment.", zh: "请稍候。"}
    skills: [english]
    left: message
  message:
    kind: voicemail
    queue: service
    prompt: {en: "Leave a message.", zh: "请留言。"}
  bye:
    kind: hang_up
    outcome: self_served
"""


class Journal:
    """Takes facts into a list; refuses while `is_down`."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.is_down = False

    def append(self, facts):
        if self.is_down:
            raise JournalDown
        self.facts.extend(facts)

    @property
    def events(self):
        return [fact.event for fact in self.facts]

    def named(self, name: str):
        """Return the events of the class with this name."""
        return [event for event in self.events if type(event).__name__ == name]

    def distinct(self) -> list[Fact]:
        """Return the facts as the centre takes them: each natural key once, the first."""
        return list({fact.natural_key: fact for fact in reversed(self.facts)}.values())[::-1]


class Sessions:
    """Keeps sessions in a dict, appending to a journal in the same step."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.kept: dict[CallId, FlowSession] = {}
        self.told: dict[CallId, Told] = {}

    def load(self, call_id):
        if self._journal.is_down:
            raise JournalDown
        return self.kept.get(call_id)

    def advance(self, call_id, *, expected, session, facts, told=None):
        stored = self.load(call_id)
        at = None if stored is None else stored.token
        if at == expected:
            self._journal.append(facts)
            self.kept[call_id] = session
            if told is not None:
                self.told[call_id] = told
            return Stored.DONE, session
        if stored is None:
            return Stored.STALE, session
        was = Stored.REPEATED if stored.answered == (expected or "") else Stored.STALE
        return was, stored


class Waits:
    """Published waits, as a test sets them."""

    def __init__(self) -> None:
        self.by_call = {}
        self.views: dict[str, QueueView] = {}

    def of(self, call_id):
        return self.by_call.get(call_id)

    def queues(self):
        return self.views


class Customers:
    """Pseudonyms that do not show the number."""

    def by_number(self, number):
        return CustomerId(f"cu.{hashlib.sha256(number.encode()).hexdigest()[:12]}")


class Campaigns:
    """One campaign, `survey`."""

    def texts(self, campaign_id):
        return {
            "survey": OutboundTexts(
                language="en",
                opening="Hello, this is Example Bank.",
                safe_harbour="This was Example Bank, +1 212 555 0100. Press 9 to opt out.",
                voicemail="Please call Example Bank.",
            )
        }[campaign_id]


class Flows:
    """One line, +12125550100, answered by the flow `bank`."""

    def __init__(self, text: str = FLOW) -> None:
        flow = read_flow(text, file="bank.yaml")
        self.versions: dict[int, Flow] = {flow.version: flow}

    def line(self, number):
        return Line("main", "bank") if number == "+12125550100" else None

    def current(self, name, customer_id):
        return self.versions[max(self.versions)]

    def version(self, name, version):
        return self.versions.get(version)


class Errands:
    """Errands by call and node: the same again is the same errand."""

    def __init__(self) -> None:
        self.messages = {}
        self.takes = True

    def takes_texts(self, number):
        return self.takes

    def send_message(self, errand):
        self.messages[errand.call_id, errand.node] = errand


class Data:
    """Another system with one answer, or none."""

    def __init__(self, values=None) -> None:
        self.values = values

    def fetch(self, question):
        if self.values is None:
            raise DataUnavailable("timeout")
        return self.values


class Partials:
    """Collects what is heard."""

    def __init__(self) -> None:
        self.texts = []

    def heard(self, call_id, text, *, is_stable):
        self.texts.append((call_id, text, is_stable))


class Clock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __call__(self):
        return self.now
