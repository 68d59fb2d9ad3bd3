"""The telephone in an agent's page: its place, its script, and where it gets its token.

The panel is drawn here and brought to life by `static/softphone.js`, which is our own and talks to
the carrier's script. It answers the browser's leg and mutes it; taking, declining and hanging up
stay buttons of the desk, since they are facts of the centre whatever telephone an agent has.

The token is asked for by POST, so that the guard against other sites' pages applies, and is for
whoever is signed in: the request has no say in it.
"""

from typing import Any

from dash import html
from flask import Flask, jsonify
from flask_login import current_user
from werkzeug.wrappers import Response

from acd.ids import AgentId
from cordboard.console.sign_in import limiter
from cordboard.runtime.softphones import SOUNDS, NoPhone, Softphones

TOKEN_PATH = "/agent/phone-token"  # noqa: S105  (an address, no secret)
OUR_SCRIPT = "/console/softphone.js"

NO_PHONE_STATUS = 409
"""The request is right, and the settings stand against it."""

TOKENS_PER_MINUTE = 20
"""A page asks once in a quarter of an hour; several reloads in a row are no attack."""

Script = str | dict[str, Any]


def scripts(phones: Softphones) -> list[Script]:
    """Return the scripts of the page: the carrier's, held to its digest, and ours behind it.

    They are deferred: should the host of the carrier's script not answer, the desk comes up all the
    same, and ours, which runs after it, says what is missing.
    """
    ours: Script = {"src": OUR_SCRIPT, "defer": "defer"}
    if phones.sdk is None:
        return [ours]
    carriers: Script = {
        "src": phones.sdk.url,
        "integrity": phones.sdk.integrity,
        "crossorigin": "anonymous",
        "referrerpolicy": "no-referrer",
        "defer": "defer",
    }
    return [carriers, ours]


def install(app: Flask, phones: Softphones) -> None:
    """Serve tokens to signed-in agents."""

    def phone_token() -> tuple[Response, int]:
        try:
            given = phones.token_for(AgentId(current_user.account.name))
        except NoPhone as reason:
            return jsonify(says=str(reason)), NO_PHONE_STATUS
        told = {"token": given.token, "lifetime_s": given.lifetime_s, "edge": given.edge}
        return jsonify(told), 200

    limited = limiter.limit(f"{TOKENS_PER_MINUTE} per minute", key_func=_whose)(phone_token)
    app.add_url_rule(TOKEN_PATH, "phone_token", limited, methods=["POST"])


def _whose() -> str:
    """Return whose requests for tokens are counted together."""
    return f"phone token of {current_user.account.name}"


def panel() -> Any:  # noqa: ANN401  (a Dash component; the library carries no types)
    """Return the panel as it stands before its script has run."""
    return html.Section(
        [
            html.Span("Looking for your telephone.", id="softphone-says", role="status"),
            html.Button("Answer", id="softphone-answer", className="primary", hidden=True),
            html.Button("Mute", id="softphone-mute", hidden=True),
        ],
        id="softphone",
        className="softphone",
    )


def policy(phones: Softphones) -> str:
    """Return what the page's security policy permits besides the console's own.

    Source: https://github.com/twilio/twilio-voice.js (README, content security policy).
    """
    if phones.sdk is None:
        return ""
    hosts, sounds = " ".join(phones.connect_hosts), " ".join(SOUNDS)
    return f"; connect-src 'self' {hosts}; media-src 'self' mediastream: {sounds}"
