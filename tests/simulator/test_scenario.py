"""Scenario files: what they mean, and how a wrong one is refused."""

import numpy as np
import pytest

from simulator.scenario import ScenarioError, seconds_of
from simulator.scenario_file import decode_scenario, read_scenario

TEXT = """
name: a small centre
opens_at: 08:00
interval_s: 1800
calls:
  billing:
    queue: billing
    per_interval: [40, 60, 60, 40]
    talk_s: {kind: lognormal, mean: 200, sd: 180}
    patience_s: {kind: exponential, mean: 240}
agents:
  ana: {shifts: [{from: 08:00, until: 10:30, breaks: [{at: 09:30, minutes: 10}]}]}
campaigns:
  renewals: {leads: 4, answer_share: 0.3, talk_s: {kind: constant, value: 5}, network: {busy_s: 4}}
centre:
  acd: {queues: [{queue_id: billing}], agents: [{agent_id: ana, standing: true}]}
  campaigns: [{campaign_id: renewals}]
"""


def test_a_scenario_says_who_calls_and_who_works():
    scenario = decode_scenario(TEXT)
    assert scenario.intervals == 4
    assert scenario.opens_at_s == 8 * 3_600
    assert scenario.expected("billing").tolist() == [40, 60, 60, 40]
    assert scenario.agents["ana"].shifts[0].until == "10:30"


def test_calls_of_a_day_are_spread_by_its_shape():
    text = TEXT.replace("per_interval: [40, 60, 60, 40]", "per_day: 100")
    scenario = decode_scenario(text + "\nday_shape: [1, 2, 1]\n")
    np.testing.assert_allclose(scenario.expected("billing"), [25, 50, 25])


def test_times_of_day_are_read_with_and_without_quotes():
    quoted = TEXT.replace("until: 10:30", 'until: "10:30"')
    assert decode_scenario(quoted) == decode_scenario(TEXT)
    assert seconds_of("24:00") == 86_400


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("from: 08:00", "from: 8 am", r"agents\.ana\.shifts\[0\]\.from is '8 am': .*matching"),
        ("queue: billing\n", "queue: biling\n", "calls.billing.queue names 'biling'.*has billing"),
        (
            "mean: 200",
            "mean: -1",
            r"calls\.billing\.talk_s: lognormal: mean must be a number above 0, not -1",
        ),
        ("busy_s", "bussy_s", r"campaigns\.renewals\.network\.bussy_s is not a setting"),
        (
            "answer_share: 0.3",
            "answer_share: 1.3",
            r"campaigns\.renewals\.answer_share is 1\.3: .*<= 1",
        ),
        ("10:30", "07:00", "until is 07:00; it must be later than from, 08:00"),
        ("at: 09:30", "at: 11:30", "a break at 11:30 lies outside 08:00-10:30"),
        ("interval_s: 1800", "interval_s: soon", "interval_s is 'soon'.*Expected `int`"),
        ("kind: lognormal, ", "", "talk_s.*required field `kind`"),
        ("opens_at: 08:00\n", "", "required field `opens_at`"),
        ("opens_at:", "open_at:", "unknown field `open_at`|required field `opens_at`"),
        ("  ana: {shifts", "  bob: {shifts", "names 'bob', which is no agent.*has ana"),
        ("  renewals: {leads", "  sales: {leads", "names 'sales', which is no campaign"),
        ("queue_id: billing", "queue_id: billing, ring_ms: 5", "ring_ms is 5; it must be 1000"),
        ("per_interval:", "per_day: 4\n    per_interval:", "either per_interval or per_day"),
        ("per_interval: [40, 60, 60, 40]", "per_day: 4", "day_shape must say how they spread"),
        ("calls:\n", "calls: [\n", "not valid YAML"),
    ],
)
def test_a_wrong_scenario_is_refused_in_words_that_name_the_place(right, wrong, complaint):
    assert right in TEXT
    with pytest.raises(ScenarioError, match=complaint):
        decode_scenario(TEXT.replace(right, wrong))


def test_shares_of_the_flow_cannot_exceed_everybody():
    flow = "flow: {self_served: 0.7, voicemail: 0.4}\n    talk_s:"
    with pytest.raises(ScenarioError, match=r"make 1\.1; 1 is the most"):
        decode_scenario(TEXT.replace("talk_s:", flow, 1))


def test_call_types_must_have_the_same_day():
    other = """  cards:
    queue: billing
    per_interval: [1, 2]
    talk_s: {kind: constant, value: 5}
    patience_s: {kind: constant, value: 5}
agents:"""
    shape = "day_shape: [1, 1, 1, 1]\nagents:"
    text = TEXT.replace("agents:", other, 1).replace("agents:", shape, 1)
    with pytest.raises(ScenarioError, match="per_interval has 2 intervals; the day has 4"):
        decode_scenario(text)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ScenarioError, match=r"none\.yaml: cannot be read"):
        read_scenario(tmp_path / "none.yaml")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match=r"wrong\.yaml: cannot be read as UTF-8"):
        read_scenario(wrong)
    wrong.write_text("name: five")
    with pytest.raises(ScenarioError, match=r"wrong\.yaml: .*required field"):
        read_scenario(wrong)


@pytest.mark.parametrize(
    ("right", "wrong", "begins"),
    [
        ("until: 10:30", "until: 30:30", "line 12: agents.ana.shifts[0].until is '30:30'"),
        ("mean: 200", "mean: .nan", "line 9: calls.billing.talk_s.mean is '.nan'"),
        ("[40, 60,", "[40, -6,", "line 8: calls.billing.per_interval[1] is -6"),
        ("busy_s", "bussy_s", "line 14: campaigns.renewals.network.bussy_s is not"),
        ("08:00\ninterval", "24:30\ninterval", "line 3: opens_at is '24:30'"),
    ],
)
def test_a_mistake_is_told_with_its_line(right, wrong, begins):
    with pytest.raises(ScenarioError) as refused:
        decode_scenario(TEXT.replace(right, wrong))
    assert str(refused.value).startswith(begins)
