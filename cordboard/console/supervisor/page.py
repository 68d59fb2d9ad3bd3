"""The live page: asks for the wallboard once a second and shows it."""

from collections.abc import Callable

from dash import Input, Output, html
from flask import Flask

from cordboard.console.pages import frame, live_page
from cordboard.console.supervisor.ahead import LookAhead, panel
from cordboard.console.supervisor.ahead import install as install_ahead
from cordboard.console.supervisor.layout import Component, board_view
from cordboard.runtime.board import Board


def install(
    app: Flask, board: Callable[[], Board | None], look_ahead: LookAhead | None = None
) -> list[str]:
    """Serve the page under `/supervisor/`, with a look ahead if there is a model to look with.

    Returns:
        The hashes of the page's own inline scripts, for the content security policy.
    """
    page = live_page(app, "/supervisor/", "centre now")

    def layout() -> Component:
        now = board()
        below = [] if look_ahead is None else [panel(now)]
        return frame(html.Div(board_view(now), id="board"), *below)

    page.layout = layout
    if look_ahead is not None:
        install_ahead(page, look_ahead)

    @page.callback(Output("board", "children"), Input("refresh", "n_intervals"))
    def refresh(_n_intervals: int | None) -> Component:
        return board_view(board())

    return [str(script_hash) for script_hash in page.csp_hashes()]
