"""Detection errors: a share of machine verdicts checked, dispositions heard, thresholds weighed."""

import json

import pytest

from acd.events import WrapUpEnded
from acd.ids import AgentId
from dialer.centre import Centre
from dialer.commands import CloseAttempt, PaceCampaign
from dialer.config import AbandonWindow, ConfigError
from dialer.detection import DetectionTally, best_threshold, is_sampled
from dialer.events import AnsweredBy
from dialer.notices import DialClosed
from tests.dialer.site import Site, of, ready_site, settings

UK = AbandonWindow(name="uk", kind="rolling", length_ms=86_400_000, counts_detection_errors=True)
CHECKING = {"machine_sample_percent": 20.0, "windows": (UK,)}


def connects(said) -> list:
    return [command for command in said if type(command).__name__ == "ConnectCall"]


def classify(site: Site, verdict: AnsweredBy) -> tuple[str, list]:
    """Dial, be picked up and hear a verdict."""
    call_id = site.dial()
    site.answer(call_id)
    return call_id, site.verdict(call_id, verdict)


def handle(site: Site, call_id: str, said, disposition: str) -> None:
    """Let the agent speak, hang up and say what they found."""
    [connect] = connects(said)
    site.join(connect)
    busy = next(a.agent_id for a in site.centre.acd.board.agents.values() if a.call_id == call_id)
    site.hang_up(call_id)
    site.tell(WrapUpEnded(site.now_ms, AgentId(busy), disposition))


def until_checked(site: Site) -> tuple[str, list]:
    """Classify machines until one is passed to an agent."""
    while True:
        call_id, said = classify(site, AnsweredBy.MACHINE)
        if connects(said):
            return call_id, said
        site.hang_up(call_id)


def test_without_a_sample_no_machine_reaches_an_agent():
    site = ready_site(settings())
    for _ in range(15):
        call_id, said = classify(site, AnsweredBy.MACHINE)
        assert not connects(said)
        site.hang_up(call_id)


def test_a_checked_machine_counts_as_no_live_answer_and_its_truth_is_learnt():
    site = ready_site(settings(**CHECKING), count=60)
    call_id, said = until_checked(site)
    handle(site, call_id, said, "sold")
    tally = site.campaign.tally
    assert (tally.checked, tally.people_checked) == (1, 1)
    closed = of(DialClosed, site.notices)[-1]
    assert (closed.outcome, closed.is_live_answer, closed.is_abandoned) == ("machine", False, False)
    assert of(CloseAttempt, site.commands)[-1].outcome == "machine"
    observed = [one for asked in of(PaceCampaign, site.commands) for one in asked.observations]
    assert {one.outcome for one in observed if one.what == "outcome"} == {"machine"}


def test_what_is_found_feeds_the_abandonment_of_windows_that_count_it():
    site = ready_site(settings(**CHECKING), count=60)
    call_id, said = until_checked(site)
    handle(site, call_id, said, "sold")
    site.wait(1_000)
    [uk] = site.last(PaceCampaign).windows
    tally = site.campaign.tally
    assert uk.abandons == tally.machines * tally.people_ppm // 1_000_000


def test_a_machine_that_reached_an_agent_is_learnt_from_the_disposition():
    site = ready_site(settings())
    for disposition in ("machine", "sold"):
        call_id, said = classify(site, AnsweredBy.HUMAN)
        handle(site, call_id, said, disposition)
    tally = site.campaign.tally
    assert (tally.live, tally.machines_live, tally.checked) == (2, 1, 0)


def test_nobody_is_checked_while_no_agent_is_free():
    site = ready_site(settings(agents=1, pacer="ratio:9", **CHECKING), count=60)
    busy, said = classify(site, AnsweredBy.HUMAN)
    site.join(connects(said)[0])
    assert busy
    for _ in range(15):
        call_id, said = classify(site, AnsweredBy.MACHINE)
        assert not connects(said)
        site.hang_up(call_id)


def test_what_was_learnt_survives_a_restart():
    site = ready_site(settings(**CHECKING), count=60)
    call_id, said = until_checked(site)
    handle(site, call_id, said, "sold")
    again = Centre(settings())
    again.restore(json.loads(json.dumps(site.centre.to_plain())))
    assert again.to_plain() == site.centre.to_plain()


@pytest.mark.parametrize(("is_human", "reaches_an_agent"), [(True, 1), (False, 0)])
def test_what_a_screening_assistant_means_is_a_setting(is_human, reaches_an_agent):
    site = ready_site(settings(screening_is_human=is_human))
    call_id, said = classify(site, AnsweredBy.SCREENING)
    assert len(connects(said)) == reaches_an_agent
    site.hang_up(call_id)
    assert of(CloseAttempt, site.commands)[-1].outcome == "screened"


def test_a_fax_is_hung_up_on_and_leaves_as_a_fax():
    site = ready_site(settings())
    call_id, said = classify(site, AnsweredBy.FAX)
    assert [type(command).__name__ for command in said if "End" in type(command).__name__]
    site.hang_up(call_id)
    assert of(CloseAttempt, site.commands)[-1].outcome == "fax"


def test_the_sample_is_the_share_asked_for():
    names = [f"1.{number}" for number in range(20_000)]
    share = sum(is_sampled(name, 5.0) for name in names) / len(names)
    assert share == pytest.approx(0.05, abs=0.005)


def test_a_few_checks_do_not_decide():
    assert DetectionTally().people_ppm == 30_303
    assert DetectionTally(checked=1, people_checked=1).people_ppm < 60_000
    assert DetectionTally(checked=1_000, people_checked=50).people_ppm == 49_370


def test_the_threshold_whose_errors_cost_least_is_chosen():
    hasty = DetectionTally(machines=500, checked=200, people_checked=20, live=500, machines_live=5)
    patient = DetectionTally(
        machines=450, checked=200, people_checked=2, live=550, machines_live=60
    )
    trials = {700: hasty, 1_900: patient}
    assert best_threshold(trials, person_worth_s=300.0, machine_cost_s=13.0) == 1_900
    assert best_threshold(trials, person_worth_s=5.0, machine_cost_s=13.0) == 700
    with pytest.raises(ValueError, match="nothing to choose from"):
        best_threshold({}, person_worth_s=1.0, machine_cost_s=1.0)


def test_a_sample_that_would_be_no_sample_is_refused():
    with pytest.raises(ConfigError, match="machine_sample_percent is 50"):
        settings(machine_sample_percent=50.0)
