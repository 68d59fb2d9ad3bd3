"""The live page: asks for the wallboard once a second and shows it."""

from collections.abc import Callable

from dash import Input, Output, html
from flask import Flask

from cordboard.console.pages import frame, live_page
from cordboard.console.supervisor.layout import Component, board_view
from cordboard.runtime.board import Board


def install(app: Flask, board: Callable[[], Board | None]) -> list[str]:
    """Serve the page under `/supervisor/`.

    Returns:
        The hashes of the page's own inline scripts, for the content security policy.
    """
    page = live_page(app, "/supervisor/", "centre now")
    questions = html.A("What callers ask", href="/knowledge/")
    page.layout = frame(questions, html.Div(board_view(board()), id="board"))

    @page.callback(Output("board", "children"), Input("refresh", "n_intervals"))
    def refresh(_n_intervals: int | None) -> Component:
        return board_view(board())

    return [str(script_hash) for script_hash in page.csp_hashes()]
