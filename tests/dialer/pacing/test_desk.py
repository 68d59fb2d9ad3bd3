"""The pacing desk: the same questions get the same answers, also across a snapshot."""

import pytest

from dialer.commands import Observation, PaceCampaign
from dialer.config import CampaignConfig
from dialer.ids import CampaignId
from dialer.pacing import ProgressivePacer, RatioPacer
from dialer.pacing.desk import PacingDesk

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
