"""The names under which a site's things lie in Redis.

Every key carries the site's name in braces, the hash tag of Redis Cluster, so that all keys of a
site live on one node and a script may touch any of them in one step.
"""

import re
from dataclasses import dataclass

from acd.ids import CallId, CustomerId, QueueId

_SITE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one site."""

    site: str

    def __post_init__(self) -> None:
        """Refuse a name that would not be one hash tag."""
        if not _SITE.fullmatch(self.site):
            raise ValueError(
                f"site '{self.site}' is not a name; use 1 to 40 small letters, digits and dashes"
            )

    def _key(self, name: str) -> str:
        return f"{{{self.site}}}:{name}"

    @property
    def journal(self) -> str:
        """Stream: every fact that may change the state, in the order the store gave it."""
        return self._key("j")

    @property
    def rates(self) -> str:
        """Beginning of numbers with a time to live: requests counted by whose they are."""
        return self._key("rates")

    @property
    def epoch(self) -> str:
        """Number: the last epoch."""
        return self._key("ep")

    @property
    def lease(self) -> str:
        """Text with a time to live: who leads; liveness only."""
        return self._key("lease")

    @property
    def token(self) -> str:
        """Text: the fence, compared by every write of a leader."""
        return self._key("tok")

    @property
    def state(self) -> str:
        """Hash: the committed cursor and how far the journal was archived."""
        return self._key("st")

    @property
    def outbox(self) -> str:
        """Stream: commands not settled yet."""
        return self._key("out")

    @property
    def effects(self) -> str:
        """Hash: command key to what became of it."""
        return self._key("fx")

    @property
    def settled(self) -> str:
        """Stream: keys of settled commands, until the journal before them is trimmed."""
        return self._key("done")

    @property
    def audit(self) -> str:
        """Stream: every command ever committed, until it is archived."""
        return self._key("cmd")

    @property
    def legs(self) -> str:
        """Hash: the id of a living leg to whose it is and the carrier's sid."""
        return self._key("legs")

    @property
    def promises(self) -> str:
        """Hash: callback to the sealed number it was promised to, JSON."""
        return self._key("cb")

    @property
    def desks(self) -> str:
        """Hash: agent to when their desk was last heard, by the wall clock."""
        return self._key("desks")

    @property
    def snapshots(self) -> str:
        """Hash: the newest snapshot and the one before."""
        return self._key("snap")

    @property
    def poison(self) -> str:
        """Stream: entries put aside, with the reason."""
        return self._key("bad")

    @property
    def subject_keys(self) -> str:
        """Hash: customer to the wrapped key under which their personal data is sealed."""
        return self._key("keys")

    @property
    def recordings(self) -> str:
        """Hash: recording's sid to how far it is and what is known of it."""
        return self._key("rec")

    @property
    def recordings_by_time(self) -> str:
        """Sorted set: recordings' sids by the instant at which we first heard of them."""
        return self._key("rec:at")

    @property
    def board(self) -> str:
        """Text: the floor as pages show it, JSON."""
        return self._key("rm:board")

    @property
    def books(self) -> str:
        """Text: everything that began and ended, JSON."""
        return self._key("rm:books")

    @property
    def waits(self) -> str:
        """Hash: waiting call to its queue and language, JSON."""
        return self._key("rm:waits")

    @property
    def paces(self) -> str:
        """Hash: queue to how fast it served lately, JSON."""
        return self._key("rm:paces")

    @property
    def spreads(self) -> str:
        """Hash: queue to how far the waits told to its callers are stretched."""
        return self._key("rm:spreads")

    def line(self, queue_id: QueueId) -> str:
        """Sorted set: the calls of a queue in the order in which they will be taken."""
        return self._key(f"rm:line:{queue_id}")

    def session(self, call_id: CallId) -> str:
        """Hash: a caller's place in the call flow, and what they have told so far."""
        return self._key(f"ivr:{call_id}")

    def dip(self, call_id: CallId, token: str) -> str:
        """Text: the answer of another system to the question of this step, for a minute."""
        return self._key(f"dip:{call_id}:{token}")

    @property
    def flow_records(self) -> str:
        """Stream: how calls went through their flows, until history has taken it over."""
        return self._key("flow")

    def customer(self, customer_id: CustomerId) -> str:
        """Hash: what is known of a customer when they call, nothing personal."""
        return self._key(f"cu:{customer_id}")

    @property
    def callbacks(self) -> str:
        """Hash: customer to the callback they were promised and wait for, JSON."""
        return self._key("rm:callbacks")

    @property
    def cases(self) -> str:
        """Hash: customer to an open case of theirs, JSON."""
        return self._key("rm:cases")

    @property
    def flow_texts(self) -> str:
        """Hash: `flow:version` to the text that was published under it, for ever the same."""
        return self._key("fl:texts")

    @property
    def releases(self) -> str:
        """Hash: flow to the release that new callers get, JSON."""
        return self._key("fl:releases")

    @property
    def release_log(self) -> str:
        """Stream: who changed a release, when, how and why."""
        return self._key("fl:log")

    @property
    def helpfulness(self) -> str:
        """Hash: flow to how much its answers have helped lately, JSON."""
        return self._key("fl:help")

    def texts_of(self, customer_id: CustomerId, line: str) -> str:
        """Text: the conversation that a customer last had with a line."""
        return self._key(f"tx:of:{customer_id}:{line}")

    def thread(self, call_id: CallId) -> str:
        """Hash: whose a written conversation is, their sealed number, and whether it is over."""
        return self._key(f"tx:c:{call_id}")

    def thread_messages(self, call_id: CallId) -> str:
        """Hash: the messages of a conversation by their names, sealed, JSON."""
        return self._key(f"tx:m:{call_id}")

    @property
    def texts_to_send(self) -> str:
        """Set: conversations and names of messages that wait to be sent."""
        return self._key("tx:out")

    def text_claim(self, call_id: CallId, name: str) -> str:
        """Text: when sending a message was begun, by the wall clock; made once."""
        return self._key(f"tx:try:{call_id}:{name}")

    def texts_past(self, customer_id: CustomerId) -> str:
        """Sorted set: a customer's conversations by when they began, by the wall clock."""
        return self._key(f"tx:past:{customer_id}")

    def text_refused(self, number_key: str) -> str:
        """Text: the carrier's code for which a number, under its pseudonym, took no messages."""
        return self._key(f"tx:no:{number_key}")

    def text_day(self, number_key: str) -> str:
        """Sorted set: texts that flows sent to a number, under its pseudonym, in the last day."""
        return self._key(f"tx:day:{number_key}")

    @property
    def text_records(self) -> str:
        """Stream: what became of text messages, until history has taken it over."""
        return self._key("tx:log")

    @property
    def text_opt_outs(self) -> str:
        """Hash: number, under its pseudonym, to when it asked for no more messages."""
        return self._key("tx:stop")

    @property
    def text_stops(self) -> str:
        """Set: numbers, under pseudonyms, that asked so and are not on the do-not-call list yet."""
        return self._key("tx:stop:new")

    @property
    def proposals(self) -> str:
        """Hash: answers that agents propose, by their id, JSON."""
        return self._key("fl:proposals")
