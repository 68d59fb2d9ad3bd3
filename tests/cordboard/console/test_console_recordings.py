"""Recordings in the console: whom they are for, how long an address lives, what is passed on."""

import pytest

from cordboard.console import recordings
from cordboard.console.accounts import Role
from cordboard.runtime.carrier.sound import CarrierSound, SoundUnavailable
from cordboard.runtime.recordings import CataloguedRecording
from simulator.carrier.people.manners import Reaction
from tests.cordboard.console.console_doubles import accounts_of, console_of
from tests.webhooks.stage import stage

OURS = {"Sec-Fetch-Site": "same-origin"}
SID = "RE" + "1" * 32


def row(sid=SID):
    return CataloguedRecording(
        sid=sid,
        call_id="CA" + "1" * 32,
        status="completed",
        source="RecordVerb",
        channels=1,
        duration_ms=7_000,
        told_at_ms=1_795_428_000_000,
    )


class Catalogue:
    def __init__(self, *rows):
        self.rows = {each.sid: each for each in rows}

    def get(self, sid):
        return self.rows.get(sid)

    def newest(self, *, before_ms, count, call_id=""):
        return list(self.rows.values())

    def forget(self, sid):
        self.rows.pop(sid, None)


class Away:
    """A carrier that does not answer."""

    def fetch(self, sid, byte_range=""):
        raise SoundUnavailable("ConnectTimeout", is_gone=False)

    def delete(self, sid):
        raise SoundUnavailable("ConnectTimeout", is_gone=False)


class House:
    """The console with recordings, a clock to turn, and somebody signed in."""

    def __init__(self, catalogue, sounds, role=Role.SUPERVISOR):
        app = console_of(accounts_of("correct horse", role, "sue", "sam"))
        self.now_s, self.catalogue = 1_000, catalogue
        self.addresses = recordings.Addresses(b"k" * 32, lambda: self.now_s)
        recordings.install(app, catalogue, sounds, self.addresses)
        self.app = app
        self.client = self.signed_in("sue")

    def signed_in(self, name):
        client = self.app.test_client()
        client.post("/sign-in", data={"name": name, "password": "correct horse"}, headers=OURS)
        return client

    def address(self, sid=SID, name="sue"):
        return self.addresses.make(sid, name)


@pytest.fixture(scope="module")
def carrier():
    """A caller has left a message; the stand-in has its sound."""
    with stage() as scene:
        scene.call_in(Reaction(key="2"), Reaction(say="please call me about my letter today"))
        scene.pass_(60)
        (recording,) = scene.client.recordings.list()
        yield scene, recording.sid


@pytest.fixture
def house(carrier):
    scene, sid = carrier
    sounds = CarrierSound(scene.client, scene.carrier.base_url)
    return House(Catalogue(row(sid)), sounds), sid


def test_supervisor_sees_the_list_and_hears_the_sound(house):
    house, sid = house
    page = house.client.get("/recordings/")
    assert sid.encode() in page.data
    answer = house.client.get(house.address(sid))
    assert answer.status_code == 200
    assert answer.data.startswith(b"RIFF")


def test_player_gets_the_part_it_asks_for(house):
    house, sid = house
    answer = house.client.get(house.address(sid), headers={"Range": "bytes=0-43"})
    assert answer.status_code == 206
    assert len(answer.data) == 44
    assert answer.headers["Content-Range"].startswith("bytes 0-43/")


def test_address_ends_soon(house):
    house, sid = house
    address = house.address(sid)
    house.now_s += recordings.ADDRESS_S
    assert house.client.get(address).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("until=", "until=9"),
        lambda address: address.replace("mac=", "mac=0"),
        lambda address: address.partition("?")[0],
        lambda address: address.partition("&")[0],
        lambda address: address.replace("mac=", "mac=%ff"),
    ],
)
def test_altered_address_opens_nothing(change):
    house = House(Catalogue(row()), Away())
    assert house.client.get(change(house.address())).status_code == 403


def test_address_opens_nothing_for_somebody_else_or_nobody():
    house = House(Catalogue(row()), Away())
    assert house.signed_in("sam").get(house.address()).status_code == 403
    assert house.app.test_client().get(house.address()).status_code == 302


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATOR, Role.PLANNER])
def test_recordings_are_for_supervisors(role):
    house = House(Catalogue(row()), Away(), role)
    assert house.client.get("/recordings/").status_code == 403
    assert house.client.get(house.address()).status_code == 403


def test_recording_of_no_catalogue_is_not_fetched():
    house = House(Catalogue(), Away())
    assert house.client.get(house.address()).status_code == 404


def test_carrier_that_is_away_is_told_and_nothing_is_forgotten():
    house = House(Catalogue(row()), Away())
    assert house.client.get(house.address()).status_code == 503
    answer = house.client.post(f"/recordings/{SID}/delete", headers=OURS)
    assert answer.status_code == 503
    assert house.catalogue.get(SID) is not None


def test_deleted_recording_is_gone_here_and_at_the_carrier():
    with stage() as scene:
        scene.call_in(Reaction(key="2"), Reaction(say="please call me about my letter today"))
        scene.pass_(60)
        (recording,) = scene.client.recordings.list()
        sounds = CarrierSound(scene.client, scene.carrier.base_url)
        house = House(Catalogue(row(recording.sid)), sounds)
        answer = house.client.post(f"/recordings/{recording.sid}/delete", headers=OURS)
        assert answer.status_code == 302
        assert scene.client.recordings.list() == []
        assert house.catalogue.rows == {}
        sounds.delete(recording.sid)  # again: gone is deleted
        with pytest.raises(SoundUnavailable) as caught:
            sounds.fetch(recording.sid)
        assert caught.value.is_gone


def test_deleting_from_another_site_is_refused():
    house = House(Catalogue(row()), Away())
    assert house.client.post(f"/recordings/{SID}/delete").status_code == 403
