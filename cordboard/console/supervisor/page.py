"""The live page: asks for the wallboard once a second and shows it."""

from collections.abc import Callable

import dash_mantine_components as dmc
from dash import Dash, Input, Output, dcc, html
from flask import Flask

from cordboard.console.supervisor.layout import Component, board_view
from cordboard.runtime.board import Board

REFRESH_MS = 1_000


def install(app: Flask, board: Callable[[], Board | None]) -> list[str]:
    """Serve the page under `/supervisor/`.

    Returns:
        The hashes of the page's own inline scripts, for the content security policy.
    """
    page = Dash(
        __name__,
        server=app,  # type: ignore[arg-type]  # the annotation is read off a default of True
        url_base_pathname="/supervisor/",
        title="Cordboard: centre now",
        update_title="",
        assets_folder="",
        external_stylesheets=["/console/console.css"],
    )
    page.layout = dmc.MantineProvider(
        html.Div(
            [
                dcc.Interval(id="refresh", interval=REFRESH_MS),
                html.Header(
                    [
                        html.Strong("Cordboard"),
                        html.Form(html.Button("Sign out"), action="/sign-out", method="post"),
                    ]
                ),
                html.Div(board_view(board()), id="board"),
            ],
            className="board",
        )
    )

    @page.callback(Output("board", "children"), Input("refresh", "n_intervals"))
    def refresh(_n_intervals: int | None) -> Component:
        return board_view(board())

    return [str(script_hash) for script_hash in page.csp_hashes()]
