"""What becomes of a lead after an attempt, by how it ended.

The law says when a call is forbidden, this says when it is worth while: not before the pause of the
outcome, and then at the hour that promises an answer (`best_time`). The pauses are settings of the
campaign (`plan.RETRIES` where it says nothing).
"""

from dataclasses import dataclass

from cordboard.runtime.leads.plan import CampaignLists, Retry
from cordboard.runtime.leads.standing import Standing
from dialer.outcomes import Outcome

_DEAD = (Outcome.INVALID, Outcome.FAX)
"""Outcomes after which the number is not dialled again."""

_OTHERWISE = Retry(4 * 3_600_000)
"""What follows an outcome of which neither the campaign nor the house says anything."""

_WAITED = (Outcome.NO_ANSWER, Outcome.MACHINE, Outcome.SCREENED, Outcome.UNKNOWN, Outcome.HUMAN)
"""Outcomes that say something about the hour: nobody was there, or nobody was free."""


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a lead after an attempt."""

    standing: Standing
    pause_ms: int = 0  #: until it is due again, at least
    is_number_dead: bool = False
    picks_hour: bool = False  #: the hour matters: the best one after the pause is chosen


def next_step(
    lists: CampaignLists, outcome: str, *, was_connected: bool, attempts: int, times: int
) -> Next:
    """Decide about a lead after an attempt.

    Args:
        lists: The campaign's rules.
        outcome: How the attempt ended.
        was_connected: The person spoke with an agent.
        attempts: Of this lead, this one included.
        times: How often it had this outcome, this time included.
    """
    if was_connected:
        return Next(Standing.REACHED)
    if outcome in _DEAD:
        return Next(Standing.RETRY, is_number_dead=True)
    retry = lists.retries.get(outcome, _OTHERWISE)
    is_spent = retry.times_max is not None and times >= retry.times_max
    if retry.pause_ms is None or is_spent or attempts >= lists.attempts_max:
        return Next(Standing.SPENT)
    return Next(Standing.RETRY, retry.pause_ms, picks_hour=outcome in _WAITED)
