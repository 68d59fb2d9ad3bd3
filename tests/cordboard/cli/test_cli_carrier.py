"""`cordboard carrier`: what is asked for on the command line is how the stand-in is set up."""

import pytest
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError
from simulator.carrier import server
from simulator.carrier.clock import StepClock
from simulator.carrier.faults import Faults
from simulator.carrier.variants import Variants, flipped


@pytest.fixture
def asked(monkeypatch):
    """Run the command without serving; return the options and the clock it would serve with."""

    def run(*words):
        served = []
        monkeypatch.setattr(
            server, "serve", lambda options, people, clock, started: served.append((options, clock))
        )
        result = CliRunner().invoke(app, ["carrier", "--port", "0", *words])
        if isinstance(result.exception, UserError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return served[0]

    return run


def test_usual_stand_in_has_no_faults_and_the_likely_answers(asked):
    options, clock = asked()
    assert (options.faults, options.variants, clock) == (Faults(), Variants(), None)


def test_each_fault_has_a_share_of_its_own(asked):
    options, _ = asked("--faults", "0.1", "--fault", "throttled=0.5", "--fault", "stale_read=0")
    assert (options.faults.throttled, options.faults.stale_read) == (0.5, 0.0)
    assert options.faults.answer_lost == 0.1


def test_open_questions_are_answered_the_other_way_one_by_one_or_all(asked):
    assert asked("--flip", "confidence_is_sent")[0].variants == Variants(confidence_is_sent=False)
    assert asked("--flip", "all")[0].variants == flipped()


def test_time_may_be_moved_by_hand(asked):
    assert isinstance(asked("--step")[1], StepClock)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--fault", "thunder=0.1"), "thunder=0.1"),
        (("--fault", "throttled=often"), "write name=0.2"),
        (("--faults", "2"), "share from 0 to 1"),
        (("--flip", "gravity"), "no open question 'gravity'"),
        (("--speed", "0"), "above 0"),
        (("--number", "12"), "voice URL"),
        (("--people", "/nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_mistake_on_the_command_line_is_told(asked, words, complaint):
    with pytest.raises(UserError, match=complaint):
        asked(*words)
