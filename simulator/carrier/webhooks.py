"""The carrier as an HTTP client: signed requests, time-outs, retries, redirects, order.

A *delivery* is one logical request to the application. The courier performs it in a worker thread
over kept-open connections and brings the *answer* back into the timeline as an event. All attempts
of a delivery carry the same idempotency token; by default only a failed connection is tried again,
once, and the fragment of the URL can change that (`#rc=2&rp=5xx`).

Deliveries with the same `lane` go one after the other in the order they were posted; each call has
one lane for its status callbacks. What an answer *means* is decided by whoever posted.

Source:
    https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides (keys, ranges, 15 s),
    https://www.twilio.com/docs/voice/twiml (redirects lose the parameters, at most 10).
"""

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import simpy
import urllib3

from simulator.carrier.identifiers import Identifiers
from simulator.carrier.signature import sign
from simulator.carrier.timeline import Timeline

TOTAL_MS_MAX = 15_000
REDIRECTS_MAX = 10
WORKERS = 32
BODY_BYTES_MAX = 1024 * 1024

#: Error codes of a webhook that got no usable answer.
URL_ERROR, HTTP_ERROR, CONNECT_ERROR, REDIRECT_ERROR = 11100, 11200, 11205, 11215


@dataclass(frozen=True, slots=True)
class Delivery:
    """One logical request of the carrier to the application."""

    kind: str
    """What it is: `voice`, `status`, `conference`, `amd`, `recording`, `message`, ..."""
    url: str
    params: tuple[tuple[str, str], ...]
    method: str = "POST"
    call_sid: str = ""
    lane: str = ""
    """Deliveries of one lane are sent in order; "" sends at once."""
    jar: dict[str, str] = field(default_factory=dict, compare=False)
    """Cookies of this call, kept and returned."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `error` is 0 when the application answered 2xx."""

    status: int
    content_type: str = ""
    body: bytes = b""
    error: int = 0
    text: str = ""
    url: str = ""
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Overrides:
    """Connection overrides: what the fragment of a webhook URL may change."""

    connect_ms: int = 5000
    read_ms: int = 15_000
    total_ms: int = TOTAL_MS_MAX
    retries: int = 1
    retried: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, url: str) -> "Overrides":
        """Read the overrides from a URL's fragment; values outside their range are cut to it."""
        given = dict(parse_qsl(urlsplit(url).fragment))

        def number(key: str, default: int, least: int, most: int) -> int:
            text = given.get(key, "")
            return min(max(int(text), least), most) if text.isdigit() else default

        kinds = frozenset(given.get("rp", "ct").split(","))
        return cls(
            connect_ms=number("ct", 5000, 100, 10_000),
            read_ms=number("rt", 15_000, 100, 15_000),
            total_ms=number("tt", TOTAL_MS_MAX, 100, TOTAL_MS_MAX),
            retries=number("rc", 1, 0, 5),
            retried=frozenset({"4xx", "5xx", "ct", "rt"}) if "all" in kinds else kinds,
        )

    def retries_after(self, answer: Answer) -> bool:
        """Say whether an unsuccessful answer is of a kind that is tried again."""
        kinds = {4: "4xx", 5: "5xx"}
        kind = answer.text if answer.text in {"ct", "rt"} else kinds.get(answer.status // 100, "")
        return kind in self.retried


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One HTTP request as it goes out."""

    method: str
    url: str
    body: str | None
    headers: Mapping[str, str]
    connect_s: float
    read_s: float


#: Status, headers and body of an HTTP answer.
Incoming = tuple[int, Mapping[str, str], bytes]


class PartialAnswerError(Exception):
    """An answer began and broke off: such a request is never tried again."""


class Transport(Protocol):
    """The seam to the network."""

    def perform(self, request: Outgoing) -> Incoming:
        """Perform one HTTP request, without following redirects.

        Raises:
            ConnectionError: No connection could be made, or it broke before an answer began.
            TimeoutError: Connected, but no answer in time.
            PartialAnswerError: The answer broke off.
        """
        ...

    def close(self) -> None:
        """Close kept connections."""
        ...


class NetworkTransport:
    """HTTP over kept-open connections."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(maxsize=WORKERS, retries=False)

    def perform(self, request: Outgoing) -> Incoming:
        """Perform one request; see `Transport.perform`."""
        try:
            response = self._pool.request(
                request.method,
                request.url,
                body=request.body,
                headers=request.headers,
                timeout=urllib3.Timeout(connect=request.connect_s, read=request.read_s),
                redirect=False,
                preload_content=False,
            )
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as e:
            raise ConnectionError(str(e)) from e
        except urllib3.exceptions.TimeoutError as e:
            raise TimeoutError(str(e)) from e
        except urllib3.exceptions.HTTPError as e:
            raise ConnectionError(str(e)) from e
        return response.status, response.headers, _content(response)[:BODY_BYTES_MAX]

    def close(self) -> None:
        """Close kept connections."""
        self._pool.clear()


def _content(response: urllib3.BaseHTTPResponse) -> bytes:
    try:
        return response.read()
    except urllib3.exceptions.TimeoutError as e:
        raise TimeoutError(str(e)) from e
    except urllib3.exceptions.HTTPError as e:
        raise PartialAnswerError(str(e)) from e


#: Called when a delivery is over, with the lock held: delivery, answer, attempts, wall seconds.
Observer = Callable[[Delivery, Answer, int, float], None]


class Courier:
    """Perform deliveries in worker threads and bring their answers back into the timeline."""

    def __init__(
        self,
        timeline: Timeline,
        transport: Transport,
        identifiers: Identifiers,
        token: str,
        observe: Observer,
    ) -> None:
        self.timeline = timeline
        self._transport = transport
        self._identifiers = identifiers
        self._token = token
        self._observe = observe
        # Stepped by hand, one webhook goes at a time: the run is then repeatable to the letter.
        workers = 1 if timeline.is_stepped else WORKERS
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="carrier-webhook")
        self.loses_answer: Callable[[Delivery], bool] = lambda _delivery: False
        """Says, when a delivery starts, whether its first answer is lost and asked for again."""
        self._lanes: dict[str, deque[tuple[Delivery, simpy.Event]]] = {}

    def post(self, delivery: Delivery) -> simpy.Event:
        """Send a delivery; the event's value will be the `Answer`. Call it with the lock held."""
        answered = self.timeline.event()
        if delivery.lane:
            lane = self._lanes.setdefault(delivery.lane, deque())
            lane.append((delivery, answered))
            if len(lane) > 1:
                return answered
        self._start(delivery, answered)
        return answered

    def close(self) -> None:
        """End the workers; answers still under way are forgotten."""
        self._workers.shutdown(wait=True, cancel_futures=True)
        self._transport.close()

    def _start(self, delivery: Delivery, answered: simpy.Event) -> None:
        self.timeline.leave()
        token = self._identifiers.mint("")
        times = 2 if self.loses_answer(delivery) else 1
        self._workers.submit(self._work, delivery, answered, token, times)

    def _work(self, delivery: Delivery, answered: simpy.Event, token: str, times: int) -> None:
        started_s = time.monotonic()
        for _ in range(times):
            try:
                answer, attempts = self._perform(delivery, token)
            except ValueError as problem:  # the URL cannot even be taken apart
                answer, attempts = Answer(0, error=URL_ERROR, text=str(problem)), 1
        with self.timeline.held():
            self._observe(delivery, answer, attempts, time.monotonic() - started_s)
            answered.succeed(answer)
            self._next_in_lane(delivery.lane)
            self.timeline.returned()

    def _next_in_lane(self, name: str) -> None:
        lane = self._lanes.get(name)
        if lane is None:
            return
        lane.popleft()
        if lane:
            self._start(*lane[0])
        else:
            del self._lanes[name]

    def _perform(self, delivery: Delivery, token: str) -> tuple[Answer, int]:
        overrides = Overrides.of(delivery.url)
        deadline_s = time.monotonic() + overrides.total_ms / 1000
        attempt = 0
        while True:
            attempt += 1
            answer = self._attempt(delivery, token, overrides, deadline_s)
            over = not answer.error or attempt > overrides.retries
            if over or not overrides.retries_after(answer) or time.monotonic() >= deadline_s:
                return answer, attempt

    def _attempt(
        self, delivery: Delivery, token: str, overrides: Overrides, deadline_s: float
    ) -> Answer:
        method, url = delivery.method, delivery.url.partition("#")[0]
        params = list(delivery.params)
        for _ in range(REDIRECTS_MAX + 1):
            left_s = max(0.1, deadline_s - time.monotonic())
            target, body = _with_params(method, url, params)
            try:
                status, headers, content = self._transport.perform(
                    Outgoing(
                        method,
                        target,
                        body,
                        self._headers(method, target, params, token, delivery.jar),
                        connect_s=min(overrides.connect_ms / 1000, left_s),
                        read_s=min(overrides.read_ms / 1000, left_s),
                    )
                )
            except ConnectionError:
                return Answer(0, error=CONNECT_ERROR, text="ct", url=url, method=method)
            except TimeoutError:
                return Answer(0, error=HTTP_ERROR, text="rt", url=url, method=method)
            except PartialAnswerError:
                return Answer(0, error=HTTP_ERROR, text="partial", url=url, method=method)
            _keep_cookies(headers, delivery.jar)
            if status in {301, 302, 303, 307, 308} and headers.get("Location"):
                url = urljoin(url, headers["Location"])
                if status not in {307, 308}:
                    method, params = "GET", _without_extras(params)
                continue
            error = 0 if status // 100 == 2 else HTTP_ERROR
            kind = headers.get("Content-Type", "")
            return Answer(status, kind, content, error, url=url, method=method)
        return Answer(0, error=REDIRECT_ERROR, text="redirects", url=url, method=method)

    def _headers(
        self,
        method: str,
        target: str,
        params: Iterable[tuple[str, str]],
        token: str,
        jar: Mapping[str, str],
    ) -> dict[str, str]:
        form = tuple(params) if method == "POST" else ()
        headers = {
            "Accept": "*/*",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": sign(self._token, target, form),
            "I-Twilio-Idempotency-Token": token,
        }
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        return headers


def _with_params(method: str, url: str, params: list[tuple[str, str]]) -> tuple[str, str | None]:
    encoded = urlencode(params)
    if method == "POST":
        return url, encoded
    if not encoded:
        return url, None
    return url + ("&" if "?" in url else "?") + encoded, None


#: A 301 or 302 turns the request into a GET that has lost what the caller did.
LOST_IN_REDIRECTS = frozenset({"Digits", "SpeechResult", "Confidence", "RecordingUrl"})


def _without_extras(params: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in params if name not in LOST_IN_REDIRECTS]


#: Where one cookie ends in a header that holds several (dates have commas too).
COOKIE_BOUNDARY = re.compile(r", (?=[^;,= ]+=)")


def _keep_cookies(headers: Mapping[str, str], jar: dict[str, str]) -> None:
    together = headers.get("Set-Cookie", "")
    for cookie in COOKIE_BOUNDARY.split(together) if together else ():
        name, _, value = cookie.partition(";")[0].partition("=")
        jar[name.strip()] = value.strip()
