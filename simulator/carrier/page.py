"""A page to look at: live calls, waiting lines, conferences, webhooks and alerts.

Everything is rendered by the server from one picture of the exchange, and the browser asks again
every two seconds. The same picture is served as JSON to whoever wants to read it by program.
"""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template_string

from simulator.carrier.exchange import Exchange
from simulator.carrier.ledger import Alert, Exchanged

#: How many of the latest webhooks and alerts are shown.
SHOWN_MAX = 50

TEMPLATE = Path(__file__).with_name("page.html")


class Page:
    """Shows one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._template = TEMPLATE.read_text(encoding="utf-8")

    def add_to(self, app: Flask) -> None:
        """Give a web application the page at `/` and its picture at `/picture.json`."""
        app.add_url_rule("/", "page", self._show)
        app.add_url_rule("/picture.json", "picture", self._picture_json)

    def picture(self) -> dict[str, Any]:
        """Return what is going on, as plain values."""
        exchange = self._exchange
        with exchange.timeline.held():
            now_s = exchange.timeline.now_s
            return {
                "now": exchange.timeline.instant().isoformat(),
                "calls": [
                    {
                        "sid": call.sid,
                        "direction": call.direction,
                        "from": call.from_,
                        "to": call.to,
                        "status": call.status,
                        "seconds": round(now_s - call.leg.created_at_s),
                    }
                    for call in exchange.live_calls()
                ],
                "queues": [
                    {"name": queue.name, "waiting": [m.call.sid for m in queue.members]}
                    for queue in exchange.queues.all()
                ],
                "conferences": [
                    {
                        "name": room.name,
                        "status": room.status,
                        "present": [p.label or p.call.sid for p in room.present],
                    }
                    for room in exchange.conferences.live()
                ],
                "totals": exchange.ledger.totals(),
                "webhooks": _latest(exchange.ledger.webhooks),
                "alerts": _latest(exchange.ledger.alerts),
            }

    def _show(self) -> str:
        return render_template_string(self._template, **self.picture())

    def _picture_json(self) -> Response:
        return jsonify(self.picture())


def _latest(entries: Sequence[Exchanged | Alert]) -> list[dict[str, Any]]:
    return [asdict(entry) for entry in islice(reversed(entries), SHOWN_MAX)]
