"""A plan by interval: its staff, service levels, queues and waits as panels."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.report.charts import nice_top
from simulator.report.occupancy import HeatRow
from simulator.report.panels import Panel, Series, interval_columns
from simulator.report.plan_study import PlanStudy
from simulator.report.samples import ALL_GROUPS
from simulator.report.style import INKS, SOFT


def staff_panels(study: PlanStudy) -> list[Panel]:
    """Return agents needed, scheduled and expected: all, and each group."""
    groups = [
        (one.name, one.required, one.scheduled, one.team, one.deferred)
        for one in study.groups
        if any(one.required) or any(one.scheduled)
    ]
    if len(groups) > 1:
        _, *columns = zip(*groups, strict=True)
        required, scheduled, team, deferred = map(_sum, columns)
        groups.insert(0, (ALL_GROUPS, required, scheduled, team, deferred))
    return [Panel(name=name, series=_staff(*counts)) for name, *counts in groups]


def _sum(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _staff(
    required: Sequence[int],
    scheduled: Sequence[int],
    team: Sequence[int],
    deferred: Sequence[int],
) -> list[Series]:
    series = [
        Series(label="needed", values=[*map(float, required)], look="steps", ink=SOFT, dash="5 3"),
        Series(
            label="scheduled",
            values=[*map(float, scheduled)],
            look="steps",
            is_filled=True,
        ),
    ]
    if list(team) != list(scheduled):
        series.append(
            Series(
                label="expected there",
                values=[*map(float, team)],
                look="steps",
                ink="c1",
                dash="9 3",
            )
        )
    if any(deferred):
        waiting = [float(count) for count in deferred]
        series.append(
            Series(label="on other work", values=waiting, look="steps", ink="c2", dash="2 3")
        )
    return series


def level_panels(study: PlanStudy) -> list[Panel]:
    """Return the service level of each call type: the middle day and the band of days."""
    return [
        Panel(
            name=one.name,
            note=f"answered within {one.within_s:g} s",
            series=[
                Series(
                    label="middle day",
                    values=[*one.level_band[1]],
                    low=[*one.level_band[0]],
                    high=[*one.level_band[2]],
                    ink=INKS[index % len(INKS)],
                )
            ],
        )
        for index, one in enumerate(study.types)
    ]


def queue_panels(study: PlanStudy) -> list[Panel]:
    """Return the callers waiting of all types over each other."""
    dashes = ("", "7 3", "2 3", "9 3 2 3")
    series = [
        Series(
            label=one.name,
            values=[*one.queue],
            ink=INKS[index % len(INKS)],
            dash=dashes[index % len(dashes)],
        )
        for index, one in enumerate(study.types)
    ]
    return [Panel(name="callers waiting", series=series)]


def wait_panels(study: PlanStudy) -> list[Panel]:
    """Return how each type's waits are spread."""
    return [
        Panel(
            name=one.name,
            note=f"{100 * one.waits[0]:.1f} % within ten seconds",
            series=[
                Series(
                    label="answered",
                    values=[*one.waits],
                    look="bars",
                    ink=INKS[index % len(INKS)],
                )
            ],
            top=nice_top(max([0.001, *one.waits[1:]])),
        )
        for index, one in enumerate(study.types)
    ]


def occupancy_rows(study: PlanStudy) -> list[HeatRow]:
    """Return the occupancy of the groups that are scheduled at all."""
    return [
        HeatRow(group=one.name, occupancy=one.occupancy_by_interval)
        for one in study.groups
        if any(one.team)
    ]


def plan_columns(study: PlanStudy) -> dict[str, Sequence[float | None]]:
    """Return the plan's figures by interval, as columns of a table."""
    columns: dict[str, Sequence[float | None]] = {}
    for group in study.groups:
        columns[f"required {group.name}"] = group.required
        columns[f"scheduled {group.name}"] = group.scheduled
        columns[f"expected {group.name}"] = group.team
        columns[f"deferred {group.name}"] = group.deferred
    for call_type in study.types:
        columns[f"service level {call_type.name}"] = call_type.level_band[1]
    for call_type in study.types:
        columns[f"waiting {call_type.name}"] = call_type.queue
    for group in study.groups:
        columns[f"occupancy {group.name}"] = group.occupancy_by_interval
    if study.trial is not None and study.trial.starts == study.starts:
        columns |= interval_columns("in the twin:", study.trial.staff)
    return columns
