"""Calls in flows over the real store: versions across restarts, secrets closed, stories opened."""

import pytest

from acd.ids import CallId, CustomerId
from cordboard.history.flows import FlowHistory
from cordboard.runtime.callers import RedisCallers
from cordboard.runtime.dips import RedisDips
from cordboard.runtime.journal import RedisJournal
from cordboard.runtime.live_flows import LiveFlows
from cordboard.runtime.releases import Author, Releases
from cordboard.runtime.sealing import DayBox
from cordboard.runtime.sessions import AfterTalk, RedisSessions, Stories
from ivr.rollout import roll_back
from tests.cordboard.runtime.runtime_doubles import SECRET
from tests.webhooks import carrier, memory
from tests.webhooks.carrier import CALL, CALLER, LINE, Document
from tests.webhooks.test_webhooks_survey import FLOW as SURVEY
from tests.webhooks.test_webhooks_told import FLOW as SECRETS
from tests.webhooks.test_webhooks_told import PIN
from webhooks.ports import TAKEN, Line

SUE = Author("sue", "", 0)
CUSTOMER = memory.Customers().by_number(CALLER)


@pytest.fixture
def releases(store, client):
    return Releases(store, client)


def publish(releases, text, version, percent=100):
    words = text.replace("version: 1", f"version: {version}").replace(
        "version: 3", f"version: {version}"
    )
    releases.publish(words.encode(), SUE)
    return releases.roll_out("bank", version, percent, SUE)


@pytest.fixture
def process(store, client, drafting, releases):
    """Make a web process: everything it knows is in the store."""

    def make(data=None):
        flows = LiveFlows(releases, {LINE: Line("main", "bank")}, (), lambda flow: flow)
        flows.refresh()
        box = DayBox(SECRET, "places in flows")
        return carrier.world(
            ports={
                "journal": RedisJournal(store, drafting, client),
                "sessions": RedisSessions(store, drafting, box, client),
                "flows": flows,
                "callers": RedisCallers(store, client),
                "dips": RedisDips(store, data or memory.Data(), DayBox(SECRET, "dips"), client),
            }
        )

    return make


def everything(client, store):
    """Return all that the site's store holds, in the open."""
    readers = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"stream": client.xrange,
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    keys = list(client.scan_iter(match=f"{{{store.site}}}*"))
    assert keys
    return repr([(key, readers[client.type(key)](key)) for key in keys])


def test_call_finishes_on_its_version_after_rollout_rollback_and_restart(process, releases):
    text = memory.FLOW
    publish(releases, text, 1)
    publish(releases, text.replace("Press 1 to speak", "Key 1 to speak"), 2)
    document = process().begin()
    assert document.spoken.startswith("Key 1")
    releases.change("bank", roll_back, "rolled back", 0, SUE)
    restarted = process()
    again = restarted.document(document.action)
    assert "Key 1 to speak" in again.spoken  # the question of version 2, asked again
    other = restarted.begin(CallSid="CA" + "9" * 32)
    assert other.spoken.startswith("Press 1")


def test_secret_is_nowhere_in_the_store_at_any_step(process, releases, client, store):
    publish(releases, SECRETS, 3)
    crm = memory.Data({"verified": True})
    world = process(crm)
    document = world.document(world.begin().action, SpeechResult="I have lost my card at home")
    document = world.document(document.action, Digits=PIN)
    while_kept = everything(client, store)
    document = world.document(document.next)
    assert "Enqueue" in document.verbs
    for held in (while_kept, everything(client, store)):
        assert PIN not in held
        assert CALLER[1:] not in held
        assert "at home" not in held


def test_agent_opens_the_story_until_the_person_is_erased(process, releases, store, client, sealer):
    publish(releases, SECRETS, 3)
    world = process()
    document = world.document(world.begin().action, SpeechResult="I moved house")
    world.document(document.action, SpeechResult="second floor")
    stories = Stories(store, sealer, client)
    story = stories.of(CallId(CALL))
    assert story.data["note"] == "second floor"
    assert story.data["caller.number"] == CALLER
    assert [one.text for one in story.trail if one.kind == "said"] == [
        "I moved house",
        "second floor",
    ]
    sealer.erase(CUSTOMER)
    assert stories.of(CallId(CALL)) is None
    assert stories.of(CallId("CA7")) is None


def test_caller_who_rings_again_is_known_by_language_and_as_returning(
    process, releases, client, store
):
    publish(releases, memory.FLOW, 1)
    world = process()
    document = world.begin()
    world.post("/voice/inbound/status", CallStatus="completed")
    known = RedisCallers(store, client).facts(CUSTOMER, world_ms(world) + 60_000)
    assert document.verbs
    assert known == {"language": "en", "returning": "true", "returning_minutes": "1"}


def world_ms(world):
    return int(world.clock().timestamp() * 1_000)


def test_record_of_the_call_becomes_history(process, releases, store, client, tmp_path):
    publish(releases, memory.FLOW, 1)
    world = process()
    world.document(world.begin().action, Digits="4")
    world.post("/voice/inbound/status", CallStatus="completed")
    history = FlowHistory(f"sqlite:///{tmp_path / 'h.db'}", store, client)
    assert history.keep() == 2  # at the goodbye, and once more at the end
    history.close()
    assert client.xlen(store.keys.flow_records) == 0


def test_end_of_the_talk_finds_its_address_once(process, releases, store, client):
    publish(releases, SURVEY, 1)
    world = process()
    world.begin()
    after = AfterTalk(store, client)
    address = after.of(CallId(CALL))
    assert world.document(address).spoken == "How was it, from 1 to 5?"
    assert after.of(CallId(CALL)) == TAKEN
    assert after.of(CallId("CA7")) == ""


def test_place_written_in_the_open_by_an_earlier_release_is_still_read(
    process, releases, store, client
):
    publish(releases, memory.FLOW, 1)
    world = process()
    document = world.begin()
    key = store.keys.session(CallId(CALL))
    box = DayBox(SECRET, "places in flows")
    for field in ("state", "twiml"):
        client.hset(key, field, box.open(CALL, client.hget(key, field).decode()))
    assert "Enqueue" in world.document(document.action, Digits="1").verbs


def test_repeated_answer_is_the_same_document_to_the_letter(process, releases):
    publish(releases, memory.FLOW, 1)
    one, other = process(), process()
    document = one.begin()
    texts = {world.post(document.action, Digits="1").text for world in (one, other, one)}
    assert len(texts) == 1
    assert "Enqueue" in Document.of(texts.pop()).verbs


def test_customer_keeps_the_version_of_the_trial(process, releases):
    publish(releases, memory.FLOW, 1)
    publish(releases, memory.FLOW.replace("Press 1 to speak", "Key 1 to speak"), 2, percent=50)
    spoken = {process().begin(CallSid="CA" + str(n) * 32).spoken[:3] for n in range(3, 9)}
    assert len(spoken) == 1
    assert CustomerId(CUSTOMER)
