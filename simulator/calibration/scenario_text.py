"""A calibrated model as the text of a scenario file, with what it rests on in its first lines.

The text is meant to be read and mended by people, so numbers are rounded to what the records can
carry and every part says in a comment how many records stand behind it.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import yaml

from acd.notices import ContactOutcome
from simulator.calibration.centre import Model, QueueModel
from simulator.calibration.lists import ListModel
from simulator.calibration.team import AgentModel
from simulator.distributions import Distribution

_FLOW_SHARES = {
    ContactOutcome.SELF_SERVED.value: "self_served",
    ContactOutcome.VOICEMAIL.value: "voicemail",
    ContactOutcome.ABANDONED.value: "abandoned",
}
"""Outcomes of the flow by the scenario's name; all others count as served."""

_WIDTH = 100


def scenario_text(model: Model, *, name: str) -> str:
    """Return the model as YAML that `simulator.scenario_file.decode_scenario` reads.

    Args:
        model: What was calibrated.
        name: The scenario's name.
    """
    head = [
        f"Calibrated from records of {span_words(model)}.",
        *model.notes,
    ]
    scenario: dict[str, object] = {
        "name": name,
        "opens_at": _clock(model.opens_s),
        "interval_s": model.interval_s,
        "variability": _rounded(msgspec.to_builtins(model.variability)),
        "calls": {one.queue: _calls(one, model) for one in model.queues},
    }
    if model.accept is not None:
        # Offers were timed from the order on: the ringing is in the time to accept.
        scenario["carrier"] = {"ring_s": {"kind": "constant", "value": 0.0}}
    scenario["agents"] = {one.agent: _agent(one) for one in model.agents}
    if model.lists:
        scenario["campaigns"] = {one.campaign: _people(one) for one in model.lists if one.talk}
    body = yaml.safe_dump(
        scenario, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None
    )
    return "".join(f"# {line}\n" for line in head) + "\n" + body


def span_words(model: Model) -> str:
    """Say which days a model was learnt from."""
    first, last, count = model.days[0], model.days[-1], len(model.days)
    return f"{first}" if count == 1 else f"{count} days, {first} to {last}"


def _calls(queue: QueueModel, model: Model) -> dict[str, object]:
    shares: dict[str, float] = {}
    for outcome, share in model.flow.shares.items():
        part = _FLOW_SHARES.get(outcome, "self_served")
        shares[part] = round(shares.get(part, 0.0) + share, 4)
    return {
        "queue": queue.queue,
        "per_interval": [round(float(calls), 2) for calls in queue.arrivals.expected],
        "flow": {"time_s": _plain(model.flow.time_s), **shares},
        "talk_s": _plain(queue.talk.distribution),
        "wrap_s": _plain(queue.wrap.distribution),
        "patience_s": _plain(queue.patience_s),
    }


def _agent(agent: AgentModel) -> dict[str, object]:
    plain: dict[str, object] = {
        "shifts": [
            {
                "from": _clock(shift.from_s),
                "until": _clock(shift.until_s),
                "breaks": [
                    {"at": _clock(one.at_s), "minutes": one.minutes, "reason": one.reason}
                    for one in shift.breaks
                ],
            }
            for shift in agent.shifts
        ],
        "talk_factor": round(agent.talk_factor, 3),
    }
    if agent.accept is not None:
        plain["accept_s"] = _plain(agent.accept.distribution)
        plain["missed_share"] = round(agent.missed_share, 4)
    return plain


def _people(people: ListModel) -> dict[str, object]:
    assert people.talk is not None, "lists on which nobody spoke are left out"
    network = {figure: round(value, 4) for figure, value in people.shares.items()}
    return {
        "leads": people.dials,
        "answer_share": round(people.answer_share, 4),
        "talk_s": _plain(people.talk.distribution),
        "wrap_s": _plain(people.wrap.distribution) if people.wrap else _NOTHING,
        "network": {"verdict_delay_s": 3.5, **network, **people.times_s},
    }


_NOTHING = {"kind": "constant", "value": 0.0}


def _plain(distribution: Distribution) -> object:
    return _rounded(msgspec.to_builtins(distribution))


def _rounded(plain: object) -> object:
    """Return plain data with every number to four significant places or the millisecond."""
    if isinstance(plain, Mapping):
        return {key: _rounded(value) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [_rounded(value) for value in plain]
    if isinstance(plain, float):
        return float(f"{plain:.3f}") if abs(plain) >= 1 else float(f"{plain:.4g}")
    return plain


def _clock(seconds: int) -> str:
    return f"{seconds // 3_600:02d}:{seconds // 60 % 60:02d}"
