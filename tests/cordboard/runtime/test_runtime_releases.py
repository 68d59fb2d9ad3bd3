"""Published versions, releases with their log, and what web processes serve of them."""

import threading
from pathlib import Path

import pytest

from acd.ids import CustomerId
from cordboard.runtime.connection import Store
from cordboard.runtime.live_flows import LiveFlows
from cordboard.runtime.releases import Author, ReleaseError, Releases, take_over
from ivr.flow import read_flow
from ivr.rollout import roll_back, roll_out
from webhooks.ports import Line

SUE = Author("sue", "a better greeting", 1_000)
FLOW = """
name: bank
version: {version}
start: bye
person: bye
languages: {{en: {{}}}}
nodes:
  bye: {{kind: hang_up, prompt: {{en: "{text}"}}, outcome: self_served}}
"""
LINES = {"+442079460100": Line("main", "bank")}
CUSTOMERS = [CustomerId(f"cu-{number}") for number in range(200)]


def text(version, said="Hello."):
    return FLOW.format(version=version, text=said).encode()


@pytest.fixture
def releases(store, client):
    return Releases(store, client)


def flows_of(releases, prepare=lambda flow: flow, folder=()):
    flows = LiveFlows(releases, LINES, folder, prepare)
    flows.refresh()
    return flows


def versions_of(flows):
    return [flows.current("bank", customer).version for customer in CUSTOMERS]


# --- publishing ------------------------------------------------------------------------------


def test_published_version_is_kept_to_the_letter(releases):
    releases.publish(text(1) + b"# a comment\n", SUE)
    assert releases.text("bank", 1) == text(1) + b"# a comment\n"
    assert releases.versions("bank") == [1]


def test_same_flow_may_be_published_again_and_another_one_may_not(releases):
    releases.publish(text(1), SUE)
    releases.publish(text(1) + b"# a comment\n", SUE)
    assert releases.text("bank", 1) == text(1)
    with pytest.raises(ReleaseError, match=r"another text .* version 1 of bank.*write version: 2"):
        releases.publish(text(1, "Good morning."), SUE)


def test_text_that_is_no_flow_is_refused_with_its_line(releases):
    with pytest.raises(ReleaseError, match=r"main\.yaml:2"):
        releases.publish(text(1).replace(b"name: bank", b"nam: bank"), SUE, file="main.yaml")


def test_version_that_was_not_published_cannot_be_rolled_out(releases):
    releases.publish(text(1), SUE)
    with pytest.raises(ReleaseError, match="no version 2; published are: 1"):
        releases.roll_out("bank", 2, 10, SUE)


def test_first_release_is_for_everybody(releases):
    releases.publish(text(1), SUE)
    with pytest.raises(ReleaseError, match="all callers"):
        releases.roll_out("bank", 1, 10, SUE)


def test_each_change_is_logged_with_who_when_and_why(releases):
    releases.publish(text(1), SUE)
    releases.roll_out("bank", 1, 100, SUE)
    releases.publish(text(2), SUE)
    releases.roll_out("bank", 2, 10, Author("tom", "a trial", 2_000))
    releases.change("bank", roll_back, "rolled back", 0, Author("sue", "worse", 3_000))
    told = [(one.what, one.version, one.author.by, one.author.why) for one in releases.log()]
    assert told == [
        ("published", 1, "sue", "a better greeting"),
        ("rolled out", 1, "sue", "a better greeting"),
        ("published", 2, "sue", "a better greeting"),
        ("rolled out", 2, "tom", "a trial"),
        ("rolled back", 0, "sue", "worse"),
    ]


def test_change_made_by_two_at_once_is_not_lost(releases, store):
    for version in (1, 2, 3):
        releases.publish(text(version), SUE)
    releases.roll_out("bank", 1, 100, SUE)
    other = iter([2])

    def slowly(release):
        for version in other:  # while we think, somebody else rolls out
            Releases(store).roll_out("bank", version, 50, SUE)
        return roll_out(release, 3, 20)

    made = releases.change("bank", slowly, "rolled out", 3, SUE)
    assert {share.version: share.percent for share in made.shares} == {1: 40, 2: 40, 3: 20}


# --- serving ---------------------------------------------------------------------------------


def test_share_of_new_callers_is_about_what_was_asked_and_each_keeps_their_version(releases):
    releases.publish(text(1), SUE)
    releases.publish(text(2), SUE)
    releases.roll_out("bank", 1, 100, SUE)
    flows = flows_of(releases)
    assert set(versions_of(flows)) == {1}
    releases.roll_out("bank", 2, 20, SUE)
    flows.refresh()
    trial = versions_of(flows)
    assert 20 <= trial.count(2) <= 60
    assert versions_of(flows_of(releases)) == trial  # another process, or this one restarted


def test_growing_share_takes_nobodys_new_version_away(releases):
    releases.publish(text(1), SUE)
    releases.publish(text(2), SUE)
    releases.roll_out("bank", 1, 100, SUE)
    releases.roll_out("bank", 2, 20, SUE)
    few = versions_of(flows_of(releases))
    releases.roll_out("bank", 2, 60, SUE)
    many = versions_of(flows_of(releases))
    assert all(after == 2 for before, after in zip(few, many, strict=True) if before == 2)
    assert many.count(2) > few.count(2)


def test_rollback_reaches_new_callers_and_calls_in_progress_finish_on_theirs(releases):
    releases.publish(text(1), SUE)
    releases.roll_out("bank", 1, 100, SUE)
    releases.publish(text(2, "New."), SUE)
    releases.roll_out("bank", 2, 100, SUE)
    assert set(versions_of(flows_of(releases))) == {2}
    releases.change("bank", roll_back, "rolled back", 0, SUE)
    restarted = flows_of(releases)
    assert set(versions_of(restarted)) == {1}
    assert restarted.version("bank", 2).nodes["bye"].prompt == {"en": "New."}


def test_version_is_prepared_before_callers_get_it_and_only_once(releases):
    prepared = []

    def prepare(flow):
        prepared.append(flow.version)
        return flow

    releases.publish(text(1), SUE)
    releases.roll_out("bank", 1, 100, SUE)
    flows = flows_of(releases, prepare)
    assert prepared == [1]
    versions_of(flows)
    flows.refresh()
    assert prepared == [1]


def test_release_that_names_a_lost_version_is_not_taken_over(releases, client, store):
    releases.publish(text(1), SUE)
    releases.roll_out("bank", 1, 100, SUE)
    flows = flows_of(releases)
    releases.publish(text(2), SUE)
    releases.roll_out("bank", 2, 100, SUE)
    client.hdel(store.keys.flow_texts, "bank:2")
    flows.refresh()
    assert set(versions_of(flows)) == {1}


def test_store_that_is_down_leaves_the_folders_flow():
    nowhere = Releases(Store("redis://127.0.0.1:1", "nowhere"))
    flows = flows_of(nowhere, folder=[read_flow(text(4), file="main.yaml")])
    assert flows.current("bank", CUSTOMERS[0]).version == 4
    assert flows.version("bank", 3) is None


def test_what_callers_thought_of_answers_reaches_the_flow(releases):
    releases.publish(text(1), SUE)
    releases.roll_out("bank", 1, 100, SUE)
    flows = flows_of(releases)
    releases.tell_helpfulness("bank", {"hours": 0.9})
    flows.refresh()
    assert flows.current("bank", CUSTOMERS[0]).helpfulness == {"hours": 0.9}


# --- the settings' folder --------------------------------------------------------------------


def folder_flow(tmp_path: Path, version, said="Hello."):
    file = tmp_path / "main.yaml"
    file.write_bytes(text(version, said))
    return read_flow(file.read_bytes(), file=str(file))


def test_flow_of_the_folder_is_released_to_all_and_a_newer_one_too(releases, tmp_path):
    take_over(releases, [folder_flow(tmp_path, 1)], 0)
    assert set(versions_of(flows_of(releases))) == {1}
    take_over(releases, [folder_flow(tmp_path, 2)], 0)
    assert set(versions_of(flows_of(releases))) == {2}


def test_restart_does_not_end_a_trial(releases, tmp_path):
    flow = folder_flow(tmp_path, 1)
    take_over(releases, [flow], 0)
    releases.publish(text(2), SUE)
    trial = releases.roll_out("bank", 2, 30, SUE)
    take_over(releases, [flow], 0)
    assert releases.all() == {"bank": trial}


def test_folder_changed_without_a_new_number_leaves_what_was_published(releases, tmp_path):
    take_over(releases, [folder_flow(tmp_path, 1)], 0)
    take_over(releases, [folder_flow(tmp_path, 1, "Changed.")], 0)
    (flow,) = {
        flows_of(releases).current("bank", one).document.nodes["bye"].prompt["en"]
        for one in CUSTOMERS
    }
    assert flow == "Hello."


def test_process_goes_on_looking_after_something_it_cannot_read(releases, client, store):
    releases.publish(text(1), SUE)
    releases.roll_out("bank", 1, 100, SUE)
    flows = flows_of(releases, folder=[])
    client.hset(store.keys.releases, "bank", "no release")
    looked, stop = threading.Event(), threading.Event()

    class Impatient:
        """A clock that lets no time pass, until it was asked three times."""

        def __init__(self):
            self.waits = 0

        def wait(self, stop, ms):
            self.waits += 1
            if self.waits > 3:
                looked.set()
                return True
            return stop.is_set()

    flows.follow(Impatient(), stop)
    assert looked.wait(10)
    assert set(versions_of(flows)) == {1}
