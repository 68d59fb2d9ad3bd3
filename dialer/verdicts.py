"""What an answer means to a campaign: settings turn a verdict into a step of the dial.

Detection `before` waits for the verdict while the opening plays; `after` takes every answer for a
person until a machine is heard; `off` takes every answer for a person and hears no verdict.
"""

from dialer.config import CampaignConfig, Detection, MachinePolicy
from dialer.dials import Step
from dialer.events import AnsweredBy


def step_at_answer(config: CampaignConfig) -> Step:
    """Return what happens to a dial when it is picked up."""
    return Step.ANSWERED if config.detection is Detection.BEFORE else Step.PERSON


def step_of_verdict(config: CampaignConfig, answered_by: AnsweredBy) -> Step:
    """Return what a verdict does to a dial.

    A message is left only where the machine said that it records now: a message spoken over a
    greeting is heard by nobody.
    """
    if answered_by is AnsweredBy.HUMAN:
        return Step.PERSON
    if answered_by is AnsweredBy.UNKNOWN and config.unknown_is_human:
        return Step.PERSON
    if answered_by is AnsweredBy.SCREENING and config.screening_is_human:
        return Step.PERSON
    is_recording = answered_by is AnsweredBy.MACHINE_BEEP
    if is_recording and config.machine_policy is MachinePolicy.LEAVE_MESSAGE:
        return Step.BEEPED
    return Step.MACHINE
