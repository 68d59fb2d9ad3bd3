"""The supplied rule documents, and what is said of a wrong one."""

import re

import pytest

from cordboard.runtime.law import load_rule_book
from dialer.compliance import Purpose, RuleBook, RuleDocumentError, decode_rule_set
from dialer.compliance.rules import AbandonLimit, CallingHours, OwnRequests, minutes_of
from tests.dialer.compliance.law_fixtures import supplied_book


def test_the_jurisdictions_asked_for_are_there():
    assert {"us", "us-fl", "us-ok", "us-wa", "gb", "eu", "cn", "tw", "ca", "au"} <= set(
        supplied_book().sets
    )


def test_every_figure_is_dated_and_sourced():
    for rule_set in supplied_book().sets.values():
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", rule_set.dated)
        for rule in rule_set.rules:
            assert rule.source.text
            assert rule.source.url.startswith("http")


def test_a_house_default_is_never_passed_off_as_law():
    for rule_set in supplied_book().sets.values():
        for rule in rule_set.rules:
            if rule.source.text.startswith("House default"):
                assert rule.source.status == "C"


def test_rule_ids_are_unique_over_the_whole_book():
    ids = [rule.id for rule_set in supplied_book().sets.values() for rule in rule_set.rules]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_country_has_hours_for_every_purpose(purpose):
    for name, rule_set in supplied_book().sets.items():
        if not rule_set.parents:
            assert list(supplied_book().applicable([name]).of(CallingHours, purpose)), name


def test_a_state_inherits_its_country():
    florida = supplied_book().applicable(["us-fl"])
    assert florida.version == "us@2026-11-21,us-fl@2026-11-21"
    hours = {rule.id for rule in florida.of(CallingHours, Purpose.MARKETING)}
    assert hours == {"us-hours-marketing", "us-fl-hours"}


def test_a_state_without_rules_of_its_own_has_its_countrys():
    assert supplied_book().applicable(["us-tx"]).version == "us@2026-11-21"


def test_an_unknown_state_is_bound_by_all_states():
    version = supplied_book().applicable(["us"]).version
    assert [part.split("@")[0] for part in version.split(",")] == ["us", "us-fl", "us-ok", "us-wa"]


@pytest.mark.parametrize("regions", [[], ["zz"], ["zz-yy"]])
def test_an_unknown_region_is_bound_by_everything(regions):
    assert len(supplied_book().applicable(regions).rules) == sum(
        len(rule_set.rules) for rule_set in supplied_book().sets.values()
    )


def test_a_member_state_without_a_document_has_the_default():
    assert supplied_book().applicable(["de"]).version == "eu@2026-11-21"
    assert supplied_book().applicable(["fr"]).version == "eu@2026-11-21,fr@2026-11-21"


def test_number_and_address_that_disagree_both_bind():
    both = supplied_book().applicable(["us-fl", "gb"])
    limits = {rule.id for rule in both.of(AbandonLimit, Purpose.MARKETING)}
    assert limits == {"us-abandon-30-days", "gb-abandon-24-h"}


SOURCE = {"text": "Act 1", "url": "http://example.test", "status": "B", "read_on": "2026-01-01"}


def document(**rule):
    told = {"kind": "ring_time", "id": "r", "ring_s_min": 15, "source": SOURCE}
    return {"id": "xx", "name": "X", "dated": "2026-01-01", "rules": [{**told, **rule}]}


def test_a_good_document_is_taken():
    assert decode_rule_set(document(), "xx.yaml").rules[0].ring_s_min == 15


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "ring_tune"}, "ring_tune"),
        ({"ring_s_min": "long"}, "ring_s_min"),
        ({"ring_sec": 15}, "ring_sec"),
        ({"purposes": ["fun"]}, "fun"),
        ({"source": {**SOURCE, "status": "D"}}, "status"),
    ],
)
def test_a_wrong_document_is_refused_with_file_path_and_value(change, told):
    with pytest.raises(RuleDocumentError, match=told) as refusal:
        decode_rule_set(document(**change), "xx.yaml")
    assert str(refusal.value).startswith("xx.yaml: ")
    assert "rules[" in str(refusal.value)


def test_a_rule_given_twice_is_refused():
    twice = document()
    twice["rules"] *= 2
    with pytest.raises(RuleDocumentError, match=r"xx\.yaml: rule 'r' is given twice"):
        decode_rule_set(twice, "xx.yaml")


@pytest.mark.parametrize("span", ["8-21", "21:00-08:00", "08:00-25:00", "morning"])
def test_hours_that_are_no_hours_are_refused(span):
    with pytest.raises(ValueError, match="calling hours"):
        minutes_of(span)


def test_a_sites_own_document_replaces_the_supplied_one(tmp_path):
    (tmp_path / "gb.yaml").write_text(
        "id: gb\nname: Ours\ndated: '2026-12-01'\nrules:\n"
        "  - {kind: own_requests, id: o, honoured_within_days: 0, source: {text: t,"
        " url: 'http://example.test', status: B, read_on: '2026-12-01'}}\n"
    )
    ours = load_rule_book(tmp_path).applicable(["gb"])
    assert ours.version == "gb@2026-12-01"
    assert list(ours.of(OwnRequests, Purpose.SERVICE))


def test_a_site_document_that_is_not_yaml_is_named(tmp_path):
    (tmp_path / "gb.yaml").write_text("id: [gb")
    with pytest.raises(RuleDocumentError, match=r"gb\.yaml: not YAML"):
        load_rule_book(tmp_path)


def test_a_missing_parent_is_named(tmp_path):
    (tmp_path / "us-zz.yaml").write_text(
        "id: us-zz\nname: Z\ndated: '2026-12-01'\nparents: [atlantis]\nrules: []\n"
    )
    with pytest.raises(RuleDocumentError, match="us-zz: there is no jurisdiction 'atlantis'"):
        load_rule_book(tmp_path)


def test_a_jurisdiction_given_twice_is_refused():
    union = supplied_book().sets["eu"]
    with pytest.raises(ValueError, match="'eu' is given twice"):
        RuleBook([union, union])
