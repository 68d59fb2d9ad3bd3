"""A page to look at: live calls, waiting lines, conferences, webhooks and alerts.

Everything is rendered by the server from one picture of the exchange, and the browser asks again
every two seconds unless a webhook has been opened to be read. The same picture is served as JSON
to whoever wants to read it by program; such programs can also move a clock that is turned by hand.
"""

import math
import threading
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template_string, request

from simulator.carrier.exchange import Exchange
from simulator.carrier.ledger import Alert, Exchanged

#: How many of the latest webhooks and alerts are shown.
SHOWN_MAX = 50

TEMPLATE = Path(__file__).with_name("page.html")


class Page:
    """Shows one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._turning = threading.Lock()
        """Held while the clock is turned: two hands would pull it back and forth."""
        self._template = TEMPLATE.read_text(encoding="utf-8")

    def add_to(self, app: Flask) -> None:
        """Give a web application `/`, its picture `/picture.json`, and `/advance`."""
        app.add_url_rule("/", "page", self._show)
        app.add_url_rule("/picture.json", "picture", self._picture_json)
        app.add_url_rule("/advance", "advance", self._advance, methods=["POST"])

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

    def _advance(self) -> Response:
        """Turn the clock forward by `seconds`; answer when every webhook on the way is answered."""
        timeline = self._exchange.timeline
        seconds = request.values.get("seconds", -1.0, type=float)
        if not timeline.is_stepped:
            return _refused(409, "time runs by itself here; start the stand-in with a step clock")
        if not 0 <= seconds < math.inf:
            return _refused(400, "say how far, as seconds=5")
        with self._turning:
            timeline.advance(seconds)
        return self._picture_json()


def _refused(status: int, message: str) -> Response:
    answer = jsonify({"status": status, "message": message})
    answer.status_code = status
    return answer


def _latest(entries: Sequence[Exchanged | Alert]) -> list[dict[str, Any]]:
    return [asdict(entry) for entry in islice(reversed(entries), SHOWN_MAX)]
