"""The report: page, CSV and JSON say the same, stand alone, and quote names safely."""

import csv
import io
import json
import re
from itertools import pairwise

import numpy as np
import pytest

from simulator.report import TargetStudy, study_csv, study_json, study_of, study_page, tried
from simulator.report.charts import Chart, nice_top
from simulator.report.estimates import mean, ratio
from simulator.report.plan_panels import staff_panels
from simulator.staffing import Effort, ShiftRule, plan_day
from simulator.study import simulate
from tests.simulator.report.pages import assert_stands_alone
from tests.simulator.small_centre import scenario
from tests.simulator.staffing.example_centre import example_centre

QUICK = Effort(search_days=10, proof_days=20, team_rounds=1, shift_rounds=1, repairs=0)
RULES = (ShiftRule(name="half <&> day", length_s=4 * 3600.0),)


@pytest.fixture(scope="module")
def plan():
    return plan_day(example_centre(scale=0.3), RULES, seed=3, effort=QUICK)


@pytest.fixture(scope="module")
def study(plan):
    return study_of(plan, title="Tuesday <draft>")


def test_page_is_well_formed_and_stands_alone(study):
    assert_stands_alone(study_page(study))


def test_page_quotes_names(study):
    page = study_page(study)
    assert "Tuesday &lt;draft&gt;" in page
    assert "half &lt;&amp;&gt; day" in page


def test_csv_has_one_row_for_each_interval_and_the_plans_numbers(plan, study):
    rows = list(csv.DictReader(io.StringIO(study_csv(study))))
    assert [row["start"] for row in rows] == study.starts
    assert rows[0]["start"] == "08:45"
    scheduled = [int(row["scheduled all-rounders"]) for row in rows]
    assert scheduled == plan.team[3].tolist()


def test_json_holds_the_whole_study(plan, study):
    told = json.loads(study_json(study))
    assert told["cost"] == plan.cost
    assert [target["is_met"] for target in told["targets"]] == [v.is_met for v in plan.verdicts]
    level = told["types"][0]["service_level"]
    assert level["value"] == pytest.approx(plan.seen.service_level()[0])
    assert 0 < level["half_width"] < 0.2


def test_same_plan_gives_the_same_bytes(plan, study):
    assert study_page(study_of(plan, title="Tuesday <draft>")) == study_page(study)


def test_ratio_interval_holds_the_true_ratio_as_often_as_it_says():
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(400):
        whole = rng.poisson(200, 30)
        part = rng.binomial(whole, 0.8)
        estimate = ratio(part, whole)
        held += abs(estimate.value - 0.8) <= estimate.half_width
    assert 0.92 <= held / 400 <= 0.98


def test_figures_without_calls_or_days_say_so():
    assert np.isnan(ratio(np.zeros(3), np.zeros(3)).value)
    assert np.isnan(mean(np.array([5.0])).half_width)


@pytest.mark.parametrize(
    ("largest", "top"), [(0.9, 1), (1.1, 1.2), (37, 40), (100, 100), (0.034, 0.04)]
)
def test_axis_ends_at_a_round_number(largest, top):
    assert nice_top(largest) == pytest.approx(top)


def test_labels_of_series_do_not_overlap():
    chart = Chart(["a", "b"], top=1.0)
    for index in range(4):
        chart.line([0.5, 0.5], ink="c0", label=f"series {index}")
    heights = [float(y) for y in re.findall(r'y="([\d.]+)" class="name"', chart.svg("x"))]
    assert all(later - earlier >= 13 for earlier, later in pairwise(heights))


def test_roster_tried_in_the_twin_is_shown_beside_the_plan(study):
    """Needed, scheduled and at work: the third is known once somebody has played the roster."""
    world = scenario(agents=3)
    seen = simulate(world, days=2, seed=1, is_watched=True)
    target = TargetStudy(target="service_level of q", is_met=False, reached=0.7, days_met=None)
    told = tried(study, seen, world, [target])
    page = study_page(told)
    assert_stands_alone(page)
    assert "Does the roster hold in the twin?" in page
    labels = {series.label for panel in told.trial.staff for series in panel.series}
    assert {"scheduled", "at work"} < labels


def test_groups_that_nobody_needs_are_not_drawn(study):
    names = [panel.name for panel in staff_panels(study)]
    needed = [group.name for group in study.groups if any(group.required) or any(group.scheduled)]
    assert names[1:] == needed


def test_plans_cost_is_among_the_prices(study):
    assert [one.cost for one in study.frontier if one.scale == 1.0] == pytest.approx([study.cost])
