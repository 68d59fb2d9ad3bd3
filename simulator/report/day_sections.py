"""The parts of a page that show a day by interval, in the order in which a planner asks."""

from __future__ import annotations

from simulator.report.day_lines import DayLines
from simulator.report.occupancy import occupancy_section
from simulator.report.panels import Scale, interval_columns, panels_section

STAFF_WORDS = (
    "Agents by interval. Grey: needed by Erlang A for eight calls in ten in time, together (every "
    "agent takes every call, dotted) and apart (a team for each queue, dashed); a centre of "
    "several skills lies between."
)


def day_sections(lines: DayLines, *, sides: str) -> str:
    """Return the sections of a day.

    Args:
        lines: The day.
        sides: What the lines and bands are, in a sentence.
    """
    columns = lines.starts
    return "".join(
        [
            panels_section(
                "Needed, scheduled and at work",
                f"{STAFF_WORDS} {sides}",
                lines.staff,
                Scale(columns=columns),
            ),
            panels_section(
                "What service level will callers meet?",
                f"By the interval in which they call. {sides}",
                lines.levels,
                Scale(columns=columns, unit="%", top=1.0),
            ),
            panels_section(
                "How long is the queue?",
                f"Callers waiting at a random moment of each interval. {sides}",
                lines.queues,
                Scale(columns=columns, digits=2),
            ),
            panels_section(
                "How long do callers wait?",
                "Share of calls by wait, in steps of ten seconds; the last holds all longer. The "
                "first bar is cut off where it towers above the others; its share is written "
                "beside the name.",
                lines.waits,
                Scale(columns=lines.wait_steps, unit="%", first_column="wait from"),
            ),
            occupancy_section(lines.occupancy, lines.starts),
        ]
    )


def day_columns(lines: DayLines) -> dict[str, list[float | None]]:
    """Return the day as columns of a table, one row for each interval."""
    columns = {
        **interval_columns("", lines.staff),
        **interval_columns("service level", lines.levels),
        **interval_columns("waiting", lines.queues),
    }
    busy = {f"occupancy {row.group}": row.occupancy for row in lines.occupancy}
    return {name: list(values) for name, values in columns.items()} | busy
