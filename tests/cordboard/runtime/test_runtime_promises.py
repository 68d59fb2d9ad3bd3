"""Numbers of promised callbacks: sealed from the flow to the moment they are rung."""

from acd.events import CallbackAsked, CallEnded
from acd.ids import CallId, CustomerId
from acd.notices import CallbackEnded, CallbackPromised
from cordboard.runtime.commit import Writes
from cordboard.runtime.journal import JournalReader
from cordboard.runtime.numbers import CallableNumbers, beginnings_of
from cordboard.runtime.promises import SealedPromises, heed_promise
from webhooks.ports import Fact

NUMBER = "+442079460142"
CUSTOMER = CustomerId("cu-1")
PROMISED = CallbackPromised(5, CallId("7.9"), CallId("CA1"), "sales", 0)


def asked(journal, store, client):
    """Append a callback that was asked for; return its entry."""
    event = CallbackAsked(0, CallId("CA1"), "sales", "n1")
    journal.append([Fact(event, "k1", subject=CUSTOMER, private={"number": NUMBER})])
    return JournalReader(store, client).read("0-0")[-1]


def write(store, client, entry, *notices):
    """Carry out the writes that an entry with these notices leads to."""
    writes = Writes()
    heed_promise(entry, notices, store.keys, writes)
    for command, key, arguments in writes.rows:
        client.execute_command(command, key, *arguments)


def test_number_is_kept_sealed_until_the_promise_ends(store, journal, client, sealer):
    entry = asked(journal, store, client)
    write(store, client, entry, PROMISED)
    promises = SealedPromises(client, store.keys, sealer)
    assert promises.number_of(CallId("7.9")) == NUMBER
    assert NUMBER.encode() not in client.hget(store.keys.promises, "7.9")
    write(store, client, entry, CallbackEnded(9, "7.9", "sales", True, 1, 0))
    assert promises.number_of(CallId("7.9")) is None


def test_number_of_an_erased_customer_is_gone(store, journal, client, sealer):
    write(store, client, asked(journal, store, client), PROMISED)
    sealer.erase(CUSTOMER)
    assert SealedPromises(client, store.keys, sealer).number_of(CallId("7.9")) is None


def test_entry_without_a_promise_writes_nothing(store, journal, client):
    journal.append([Fact(CallEnded(0, CallId("CA1")), "k2")])
    writes = Writes()
    heed_promise(JournalReader(store, client).read("0-0")[-1], [PROMISED], store.keys, writes)
    assert writes.rows == []


def test_callbacks_go_to_our_own_countries_and_to_no_costly_number():
    rule = CallableNumbers(beginnings_of(["+442079460100", "+12125550100"]))
    assert rule(NUMBER)
    assert rule("+12025550101")
    assert not rule("+33199000101")
    assert not rule("+449012345678")  # premium rate
    assert not rule("020 7946 0142")
    assert not CallableNumbers(())(NUMBER)
