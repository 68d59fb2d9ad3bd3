"""The pacing desk: the same questions get the same answers, also across a snapshot."""

import pytest

from acd.config import ConfigError
from dialer.commands import Observation, PaceCampaign, WindowCount
from dialer.config import CampaignConfig
from dialer.ids import CampaignId
from dialer.pacing import ProgressivePacer, RatioPacer, WindowStanding
from dialer.pacing.caps import target_within
from dialer.pacing.desk import PacingDesk, pacer_for, view_of

CAMPAIGN = CampaignId("renewals")


def config(pacer: str = "progressive", **others: object) -> CampaignConfig:
    return CampaignConfig(
        **{"campaign_id": CAMPAIGN, "pacer": pacer, "calls_per_s_max": 10.0, **others}
    )


def make(campaign: CampaignConfig):
    return RatioPacer(3) if campaign.pacer == "ratio:3" else ProgressivePacer()


def question(at_ms: int = 0, *observations: Observation, **others: object) -> PaceCampaign:
    fields = {
        "campaign_id": CAMPAIGN,
        "view": 7,
        "at_ms": at_ms,
        "ready": 4,
        "waiting": 0,
        "detecting": 1,
        "talking_since_ms": (),
        "wrapping_since_ms": (),
        "ringing_since_ms": (0,),
        "signed_in": 4,
        "leads": 50,
        "observations": observations,
    }
    return PaceCampaign(**{**fields, **others})


def test_the_answer_names_the_question_and_the_binding_limit():
    answer = PacingDesk((config(),), make).answer(question())
    assert (answer.campaign_id, answer.view, answer.dials, answer.at_ms) == (CAMPAIGN, 7, 2, 0)
    assert answer.why == "One call per ready agent: 4 ready, 2 on the way."


def test_lines_bound_the_answer():
    assert PacingDesk((config(lines_max=3),), make).answer(question()).dials == 1


def test_dials_are_observed_and_use_up_the_call_rate():
    desk = PacingDesk((config(calls_per_s_max=2.0),), make)
    assert desk.answer(question()).dials == 2
    dialled = (Observation("dialled", 0), Observation("dialled", 0))
    assert desk.answer(question(100, *dialled)).dials == 0


def test_a_restored_desk_goes_on_as_if_nothing_had_happened():
    desk, again = (PacingDesk((config(calls_per_s_max=2.0),), make) for _ in range(2))
    desk.answer(question(0, Observation("dialled", 0)))
    again.restore(desk.snapshot())
    assert desk.answer(question(300)) == again.answer(question(300))


def test_another_pacer_takes_over_when_the_settings_say_so():
    desk = PacingDesk((config(),), make)
    desk.configure((config("ratio:3"),))
    assert desk.answer(question()).dials == 10


def test_every_kind_of_observation_reaches_the_pacer():
    heard = []

    class Listening(ProgressivePacer):
        def __getattribute__(self, name):
            if name.startswith("on_"):
                heard.append(name)
            return super().__getattribute__(name)

    desk = PacingDesk((config(),), lambda _: Listening())
    kinds = "dialled outcome connected abandoned talk_ended wrap_ended signed_in signed_out"
    desk.answer(question(0, *(Observation(kind, 0, 5, "human") for kind in kinds.split())))
    assert heard == [f"on_{kind}" for kind in kinds.split()]


def test_an_unknown_observation_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no pacer learns from 'sneezed'"):
        PacingDesk((config(),), make).answer(question(0, Observation("sneezed", 0)))


@pytest.mark.parametrize(
    "pacer", ["preview", "progressive", "ratio:1.6", "adaptive", "adaptive:2", "predictive"]
)
def test_a_campaign_names_its_pacer(pacer):
    assert pacer_for(config(pacer)).name == pacer.partition(":")[0]


def test_the_predictive_pacer_has_the_campaigns_limits():
    pacer = pacer_for(config("predictive", abandon_percent_max=1.5, agent_ms_max=1_000))
    assert (pacer.settings.target, pacer.settings.grace_s) == (0.015, 1.0)


def test_who_may_abandon_nobody_cannot_dial_ahead():
    assert pacer_for(config("predictive", abandon_percent_max=0.0)).name == "progressive"


def test_an_unknown_pacer_is_refused_with_the_campaign():
    for wrong in ("magic", "ratio", "ratio:0", "ratio:x", "preview:2", "adaptive:"):
        with pytest.raises(ConfigError, match=f"'renewals': pacer is '{wrong}'; use preview"):
            config(wrong)


def test_unchanged_settings_keep_the_pacer():
    desk = PacingDesk((config(calls_per_s_max=2.0),), make)
    desk.answer(question())
    desk.answer(question(0, Observation("dialled", 0), Observation("dialled", 0)))
    desk.configure((config(calls_per_s_max=2.0),))
    assert desk.answer(question(100)).dials == 0


def test_a_question_names_the_rule_in_force_and_a_snapshot_keeps_it():
    desk = PacingDesk((config(),), make)
    changed = {"pacer": "ratio:3", "abandon_ppm_max": 20_000}
    assert desk.answer(question(**changed)).dials == 10
    again = PacingDesk((config(),), make)
    again.restore(desk.snapshot())
    assert again.answer(question()).dials == 10


def test_a_campaign_that_is_gone_is_forgotten():
    desk = PacingDesk((config(),), make)
    desk.configure(())
    with pytest.raises(KeyError):
        desk.answer(question())


def test_the_answer_tells_the_candidate_the_limit_and_what_was_weighed():
    answer = PacingDesk((config(lines_max=3),), make).answer(question())
    assert (answer.wanted, answer.dials, answer.limit) == (2, 1, "trunks")
    assert answer.inputs == {"in_flight": "2", "ready": "4", "trunks_free": "1", "waiting": "0"}


def test_a_pacer_sees_odds_windows_and_who_is_leaving():
    view = view_of(
        question(
            3_600_000,
            ringing_permille=(300, -1),
            next_permille=(),
            leaving_talking=(1,),
            reserve=2,
            windows=(
                WindowCount("law", 30_000, 100, 4, 0, ends_at_ms=7_200_000, is_hard=True),
                WindowCount("day", 30_000, 50, 1, 0, breach_risk_ppm_max=50_000),
            ),
        ),
        10.0,
        50,
    )
    assert (view.ringing_odds, view.next_odds, view.leaving_talking) == ([0.3, None], None, (1,))
    assert (view.reserve, view.free) == (2, 2)
    law, day = view.windows
    assert (law.rate_max, law.is_hard, law.breach_risk_max) == (0.03, True, None)
    assert (day.is_rolling, day.breach_risk_max) == (True, 0.05)
    # 100 answers in an hour, weighed evenly with 4 agents' usual 80 an hour; an hour is left.
    assert law.answers_ahead == pytest.approx(90.0)


def test_a_dialled_number_is_told_with_its_odds():
    heard = []

    class Listening(ProgressivePacer):
        def on_dialled(self, now_s, odds=None):
            heard.append(odds)

    desk = PacingDesk((config(),), lambda _: Listening())
    known = Observation("dialled", 0, odds_permille=420)
    desk.answer(question(0, known, Observation("dialled", 0)))
    assert heard == [0.42, None]


def test_a_hard_window_over_its_cap_stops_dialling_ahead():
    desk = PacingDesk((config("predictive", calls_per_s_max=50.0),))
    over = WindowCount("day", 30_000, 100, 9, 0, is_hard=True)
    free = desk.answer(question(ready=9, signed_in=9))
    held = desk.answer(question(1_000, ready=9, signed_in=9, windows=(over,)))
    assert held.limit == "hard_window"
    assert held.dials == 7 < free.dials
    assert "Window 'day' stands at 9.00 %" in held.why


def test_a_rolling_window_holds_its_risk_as_a_fresh_one_of_its_size():
    window = WindowStanding("day", 0.03, 400, 30, is_rolling=True, breach_risk_max=0.05)
    fresh = WindowStanding("day", 0.03, 0, 0, answers_ahead=400.0, breach_risk_max=0.05)
    assert 0.0 < target_within(0.03, [window]) == target_within(0.03, [fresh]) < 0.03
