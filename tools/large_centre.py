"""Writes the scenario of a large centre: many queues, several skills each, inbound and outbound.

    python -m tools.large_centre --agents 500 --queues 20 large.yaml
    cordboard simulate large.yaml --workers 1

Every agent serves three neighbouring queues, at different levels; every tenth keeps a standing leg
and takes the answers of a campaign between callers. Shifts of eight and a half hours begin from
07:00 to 11:00, each with a lunch. Calls are so many that the team is busy for about three quarters
of its time, with the spread of days and intervals of the example bank. Everything is a function of
the two numbers.
"""

import argparse
from pathlib import Path
from typing import Any

import yaml

SKILLS_EACH = 3
STANDING_EVERY = 10
TALK_S, WRAP_S = 210, 20
OCCUPANCY = 0.72
"""Aimed at, of the time on the telephone."""
ON_TELEPHONE_H = 8.0

DAY_SHAPE = [2, 3, 5, 7, 9, 10, 10, 10, 9, 9, 9, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2, 2, 1, 1]
"""Half hours from 07:00 to 19:00."""

Plain = dict[str, Any]


def large_centre(agents: int, queues: int) -> Plain:
    """Return the scenario, with its centre, as plain data."""
    names = [f"a{number:04d}" for number in range(agents)]
    lines = [f"q{number:02d}" for number in range(queues)]
    handled_s = agents * ON_TELEPHONE_H * 3_600 * OCCUPANCY
    calls_each = round(handled_s / (TALK_S + WRAP_S) / queues, 1)
    return {
        "name": f"{agents} agents, {queues} queues",
        "opens_at": "07:00",
        "interval_s": 1_800,
        "day_shape": DAY_SHAPE,
        "variability": {"day_cv": 0.063, "intraday_cv": 0.05, "intraday_correlation": 0.7},
        "calls": {line: _calls(line, calls_each) for line in lines},
        "agents": {name: _worker(number) for number, name in enumerate(names)},
        "campaigns": {"sales": _people(agents)},
        "centre": {
            "acd": {
                "queues": [{"queue_id": line, "skills": {line: 3}} for line in lines],
                "agents": [_agent(number, name, lines) for number, name in enumerate(names)],
            },
            "campaigns": [_campaign(agents)],
        },
    }


def _calls(line: str, per_day: float) -> Plain:
    return {
        "queue": line,
        "per_day": per_day,
        "flow": {"time_s": {"kind": "lognormal", "mean": 40, "sd": 20}, "abandoned": 0.02},
        "talk_s": {"kind": "lognormal", "mean": TALK_S, "sd": 190},
        "wrap_s": {"kind": "lognormal", "mean": WRAP_S, "sd": 10},
        "patience_s": {"kind": "exponential", "mean": 360},
    }


def _worker(number: int) -> Plain:
    starts_h = 7 + number % 9 / 2
    lunch = {"at": _clock(starts_h + 3 + number % 4 / 2), "minutes": 30, "reason": "lunch"}
    shift = {"from": _clock(starts_h), "until": _clock(starts_h + 8.5), "breaks": [lunch]}
    return {"shifts": [shift], "missed_share": 0.01}


def _clock(hours: float) -> str:
    return f"{int(hours):02d}:{int(60 * (hours % 1)):02d}"


def _agent(number: int, name: str, lines: list[str]) -> Plain:
    reach = range(number, number + min(SKILLS_EACH, len(lines)))
    skills = {lines[one % len(lines)]: 8 - 2 * (one - number) for one in reach}
    is_standing = number % STANDING_EVERY == 0
    if is_standing:
        skills["sales"] = 5
    return {"agent_id": name, "skills": skills, "standing": is_standing}


def _people(agents: int) -> Plain:
    return {
        "leads": 40 * agents,
        "answer_share": 0.3,
        "talk_s": {"kind": "lognormal", "mean": 120, "sd": 110},
        "wrap_s": {"kind": "lognormal", "mean": 15, "sd": 8},
        "closes_at": "19:00",
    }


def _campaign(agents: int) -> Plain:
    return {
        "campaign_id": "sales",
        "pacer": "predictive",
        "skills": {"sales": 1},
        "calls_per_s_max": max(1.0, agents / 100),
        "lines_max": max(10, agents // 5),
    }


def main() -> None:
    """Write the file that is named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--queues", type=int, default=20)
    parser.add_argument("file", type=Path)
    told = parser.parse_args()
    plain = large_centre(told.agents, told.queues)
    told.file.write_text(yaml.safe_dump(plain, sort_keys=False, width=100), encoding="utf-8")


if __name__ == "__main__":
    main()
