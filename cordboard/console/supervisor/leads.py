"""The supervisor's panel on lists: what holds leads back, level by level, and how many are left."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, dcc

from cordboard.runtime.leads.looks import Looks, Waterfalls
from cordboard.runtime.leads.waterfall import NOW, Level, Waterfall

Component = Any
"""A Dash component; the library carries no types."""

REFRESH_MS = 10_000
PERCENT = 100


def panel() -> Component:
    """Return the place of the panel; it is filled when the page is there."""
    return dmc.Box([dcc.Interval(id="look-leads", interval=REFRESH_MS), dmc.Box(id="waterfalls")])


def install(page: Dash, looks: Looks) -> None:
    """Fill the panel, and keep it filled."""

    @page.callback(Output("waterfalls", "children"), Input("look-leads", "n_intervals"))
    def refresh(_n_intervals: int | None) -> Component:
        return waterfalls_view(looks.found())


def waterfalls_view(found: Waterfalls | None) -> Component:
    """Return the waterfalls of all campaigns."""
    if found is None:
        body = [dmc.Text("The lead store cannot be read now.", c="dimmed", size="sm")]
    else:
        body = [_campaign(str(name), fall) for name, fall in sorted(found.items())]
    return dmc.Paper(
        [
            dmc.Title("What holds leads back", order=4, mb="sm"),
            dmc.Stack(body, gap="lg"),
            dmc.Text(
                "Every lead counts once, at the first reason that applies. The command"
                " `cordboard leads why` tells why one number is dialled or not.",
                size="xs",
                c="dimmed",
                mt="xs",
            ),
        ],
        withBorder=True,
        p="md",
        radius="md",
        mt="md",
    )


def _campaign(name: str, fall: Waterfall) -> Component:
    rows = [_row(level, fall.total) for level in fall.levels]
    head = ("Why", "Rule", "Leads", "Left", "")
    return dmc.Box(
        [
            dmc.Text(
                f"{name}: {fall.callable_count} of {fall.total} leads may be called now", fw=600
            ),
            dmc.Table(
                [
                    dmc.TableThead(dmc.TableTr([dmc.TableTh(text) for text in head])),
                    dmc.TableTbody([dmc.TableTr([dmc.TableTd(c) for c in row]) for row in rows]),
                ],
                verticalSpacing="xs",
            ),
        ]
    )


def _row(level: Level, total: int) -> list[Component]:
    """Return a level: what falls here in colour, and behind it what falls further."""
    is_now = level.reason.group == NOW
    bar = dmc.ProgressRoot(
        [
            dmc.ProgressSection(
                value=PERCENT * level.count / total, color="teal" if is_now else "orange"
            ),
            dmc.ProgressSection(value=PERCENT * level.left / total, color="gray.3"),
        ],
        size="lg",
        w=240,
    )
    reason = level.reason
    source = [dmc.Text(reason.source, size="xs", c="dimmed")] if reason.source else []
    return [
        dmc.Box([dmc.Text(reason.text, size="sm"), *source]),
        dmc.Text(reason.code, size="sm", c="dimmed"),
        str(level.count),
        str(level.left),
        bar,
    ]
