"""What each figure of a study means: the formulas of `acd.measures`, in words.

Suppliers define several of these differently, which is the commonest reason why two reports of one
day disagree. So every page ends with the definitions of what it prints, and every JSON holds them.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.report.frame import definitions

MEANINGS = {
    "offered": "Calls that entered a queue, however they ended, by the interval of their arrival.",
    "service level": (
        "Answered within the queue's threshold, over offered calls less short abandons; by the "
        "interval of arrival."
    ),
    "ASA": "Mean wait of answered calls, from entering the queue until both hear each other.",
    "AHT": "Talk (hold included) and wrap-up of handled calls, over their number.",
    "abandonment": (
        "Callers who gave up over offered calls; who gave up before the queue's short-abandon "
        "threshold counts in neither."
    ),
    "wait": "From entering the queue to the agent or to hanging up.",
    "callers waiting": "Mean number at a random moment: all time spent waiting over the time.",
    "occupancy": (
        "Busy time (ringing, talk, hold, wrap-up) over busy and ready time of agents; breaks are "
        "in neither."
    ),
    "needed": (
        "Agents by Erlang A for the load of the interval, what is left of earlier calls included: "
        "together, if every agent took every call; apart, if each queue had agents of its own."
    ),
    "scheduled": "Agents whose shift covers the interval, less those on a planned break.",
    "at work": "Agents signed in, less those away: busy or ready for calls.",
    "paid hours": "Hours of all shifts, paid breaks included.",
    "outbound abandonment": (
        "Dials answered by a person whom no agent reached in time, over dials answered by a person."
    ),
    "like these": (
        "The recorded figure lies in the band in which 95 of 100 single lives of the day lie."
    ),
    "distance": (
        "Of Kolmogorov and Smirnov: the largest difference between the recorded and the modelled "
        "share that is at most so long."
    ),
    "Anderson-Darling": "A distance that weighs both tails more; smaller is better.",
    "score": "Of Akaike: fit less the number of parameters; the lower model is the better one.",
    "Kaplan-Meier": (
        "Share whose patience exceeds a time, from those who gave up, given those who were "
        "answered before theirs ended."
    ),
    "95 % interval": (
        "Would hold the true mean in 95 of 100 such studies; by Student's t over the days."
    ),
    "band": "From the tenth to the ninetieth percentile of days: eight days in ten lie inside.",
}


def meanings(names: Iterable[str]) -> dict[str, str]:
    """Return the definitions of some figures, in the order asked for."""
    return {name: MEANINGS[name] for name in names}


def metrics_section(told: dict[str, str]) -> str:
    """Return the part of a page that says what its figures mean."""
    return definitions("What the figures mean", told)
