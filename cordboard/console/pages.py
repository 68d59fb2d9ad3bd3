"""What every page of the console has in common: how it is served, and its frame."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html
from dash.development.base_component import Component
from flask import Flask

from cordboard.console.updates import guard_updates

REFRESH_MS = 1_000
"""How often a page asks for what is published."""


def live_page(
    app: Flask, path: str, title: str, scripts: Sequence[str | dict[str, Any]] = ()
) -> Dash:
    """Serve a page of its own under a path of the console's app.

    Its callbacks and layout are the caller's; its inline scripts are told by `csp_hashes`. Scripts
    of its own come with their addresses or attributes; the security policy must know them.
    """
    page = Dash(
        __name__,
        server=app,  # type: ignore[arg-type]  # the annotation is read off a default of True
        url_base_pathname=path,
        title=f"Cordboard: {title}",
        update_title="",
        assets_folder="static",  # what Dash serves by itself: nothing but our static files
        include_assets_files=False,  # and of those each page names its own
        external_stylesheets=["/console/console.css"],
        external_scripts=list(scripts),
    )
    guard_updates(app, page, path)
    return page


def frame(*content: Component) -> dmc.MantineProvider:
    """Return a page's layout: the head with sign-out, the clock that refreshes, the content."""
    sign_out = html.Form(html.Button("Sign out"), action="/sign-out", method="post")
    head = html.Header([html.Strong("Cordboard"), sign_out])
    clock = dcc.Interval(id="refresh", interval=REFRESH_MS)
    return dmc.MantineProvider(html.Div([clock, head, *content], className="board"))
