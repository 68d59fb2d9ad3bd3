"""The formulas give what others have published, each under the definition its source uses."""

import math

import pytest

from simulator.erlang import erlang_a, erlang_c, required_agents, rostered_agents


def test_pyworkforce_readme_case():
    """pyworkforce, README and tests; the R package ErlangC prints the same figures."""
    load = {"arrivals_per_s": 100 / 1800, "handle_s": 180.0}
    assert required_agents(**load, service_level=0.8, within_s=20) == 14
    assert rostered_agents(14, shrinkage=0.3) == 20
    queue = erlang_c(**load, agents=14)
    assert queue.service_level(20) == pytest.approx(0.88835, abs=5e-6)
    assert queue.p_wait == pytest.approx(0.174132, abs=5e-7)
    assert queue.asa_s == pytest.approx(7.83594, abs=5e-6)
    assert queue.occupancy == pytest.approx(0.714286, abs=5e-7)


def test_pyworkforce_case_with_an_occupancy_cap():
    load = {"arrivals_per_s": 100 / 1800, "handle_s": 180.0}
    assert required_agents(**load, occupancy_max=0.7) == 15
    queue = erlang_c(**load, agents=15)
    assert queue.service_level(20) == pytest.approx(0.941, abs=5e-4)
    assert queue.p_wait == pytest.approx(0.102, abs=5e-4)


def test_pyworkforce_erlang_a_case():
    """What that test suite calls ASA is the mean wait of all callers, in minutes."""
    queue = erlang_a(arrivals_per_s=100 / 1800, handle_s=180, patience_s=300, agents=14)
    assert queue.p_wait == pytest.approx(0.14526, abs=5e-6)
    assert queue.p_abandon == pytest.approx(0.013984, abs=5e-7)
    assert queue.occupancy == pytest.approx(0.704297, abs=5e-7)
    assert queue.mean_wait_s / 60 == pytest.approx(0.069919, abs=5e-7)
    assert queue.service_level(20) == pytest.approx(0.916792, abs=5e-7)


def test_call_center_tools_case():
    """call-center-tools on PyPI; the team is bound by occupancy, not by the service level."""
    load = {"arrivals_per_s": 1000 / 3600, "handle_s": 120.0}
    assert required_agents(**load, occupancy_max=0.85) == 40
    queue = erlang_c(**load, agents=40)
    assert queue.p_wait == pytest.approx(0.1907, abs=5e-5)
    assert queue.service_level(20) == pytest.approx(0.9372, abs=5e-5)
    assert queue.asa_s == pytest.approx(3.43, abs=5e-3)
    assert rostered_agents(40, shrinkage=0.3) == 58


def test_turbotab_case():
    """turbotab on PyPI: 25 calls in 10 minutes."""
    load = {"arrivals_per_s": 25 / 600, "handle_s": 180.0}
    assert required_agents(**load) == 11
    assert rostered_agents(11, shrinkage=0.3) == 16
    assert erlang_c(**load, agents=10).service_level(20) == pytest.approx(0.768, abs=5e-4)
    assert erlang_c(**load, agents=11).service_level(20) == pytest.approx(0.881, abs=5e-4)


def test_telefonica_case():
    """A Spanish carrier's page on Erlang C: delays below 15 % with 26 agents, 2.5 % with 30."""
    load = {"arrivals_per_s": 600 / 3600, "handle_s": 120.0}
    assert erlang_c(**load, agents=26).p_wait == pytest.approx(0.1434, abs=5e-5)
    assert erlang_c(**load, agents=26).asa_s == pytest.approx(2.87, abs=5e-3)
    assert erlang_c(**load, agents=25).p_wait > 0.15
    assert erlang_c(**load, agents=30).p_wait == pytest.approx(0.025, abs=5e-4)


def test_contactcenters_single_queue_case_in_the_long_run():
    """ContactCenters' example MMCAb starts empty and runs 8 hours; its intervals hold these."""
    queue = erlang_a(arrivals_per_s=4.2 / 60, handle_s=120, patience_s=60, agents=12)
    assert queue.p_abandon * 4.2 * 480 == pytest.approx(58.61, abs=1.3)
    assert queue.service_level(20, of="answered") == pytest.approx(0.975, abs=1e-3)
    short_excluded = queue.service_level(20, of="offered_less_short_abandons")
    assert short_excluded == pytest.approx(0.968, abs=1e-3)
    assert queue.asa_s / 60 == pytest.approx(0.024, abs=5e-4)
    assert queue.occupancy == pytest.approx(0.675, abs=5e-3)


def test_garnett_mandelbaum_reiman_case():
    """Designing a Call Center with Impatient Customers (2002), the opening example."""
    load = {"arrivals_per_s": 48 / 60, "handle_s": 60.0, "agents": 50}
    assert erlang_c(**load).asa_s == pytest.approx(20.8, abs=0.05)
    assert erlang_c(**load).occupancy == pytest.approx(0.96, abs=1e-9)
    impatient = erlang_a(**load, patience_s=120)
    assert impatient.p_abandon == pytest.approx(0.031, abs=5e-4)
    assert impatient.mean_wait_s == pytest.approx(3.7, abs=0.1)
    assert impatient.occupancy == pytest.approx(0.93, abs=5e-3)


def test_koole_case():
    """Call Center Mathematics: one call a minute, five minutes each, seven agents."""
    queue = erlang_c(arrivals_per_s=1 / 60, handle_s=300, agents=7)
    assert queue.p_wait == pytest.approx(0.324, abs=5e-4)
    assert queue.service_level(20) == pytest.approx(0.716, abs=5e-4)
    assert queue.asa_s / 60 == pytest.approx(0.81, abs=5e-3)


def halfin_whitt_delay(beta):
    density = math.exp(-(beta**2) / 2) / math.sqrt(2 * math.pi)
    return 1 / (1 + beta * math.erfc(-beta / math.sqrt(2)) / 2 / density)


def test_square_root_formula_of_halfin_and_whitt_is_within_its_own_error():
    queue = erlang_c(arrivals_per_s=100 / 240, handle_s=240, agents=110)
    assert halfin_whitt_delay(1.0) == pytest.approx(0.223, abs=5e-4)
    assert queue.p_wait == pytest.approx(0.2370, abs=5e-5)


def test_service_levels_of_the_three_definitions_at_one_hundred_agents():
    queue = erlang_a(arrivals_per_s=1 / 3, handle_s=300, patience_s=180, agents=100)
    assert queue.service_level(20) == pytest.approx(0.80191110, abs=5e-9)
    assert queue.service_level(20, of="answered") == pytest.approx(0.840, abs=5e-4)
    assert queue.service_level(20, of="offered_less_short_abandons") == pytest.approx(
        0.829, abs=5e-4
    )
    assert queue.asa_s == pytest.approx(7.78, abs=5e-3)
    assert queue.mean_wait_s == pytest.approx(8.08, abs=5e-3)
