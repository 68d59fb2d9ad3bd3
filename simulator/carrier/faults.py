"""What goes wrong between a carrier and an application, drawn from the seed.

Each fault strikes a share of its occasions. Whether it strikes depends on the seed, the kind of
fault and the name of the occasion (which call, which callback), so a failing run can be repeated.
None of them is exotic: each is documented by the carrier as possible, or seen in the field.

Source:
    https://www.twilio.com/docs/voice/api/call-resource (callbacks are not ordered),
    https://www.twilio.com/docs/api/errors/15002 and .../20429 (dropped callbacks, 429),
    https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides (a request processed
    twice has one idempotency token), https://www.twilio.com/docs/voice/answering-machine-detection.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace

from simulator.carrier.streams import stream
from simulator.carrier.timeline import Timeline
from simulator.carrier.webhooks import Delivery

#: Mean of how late a delayed callback is, and of how far a reordered one falls behind.
DELAY_S_MEAN, BEHIND_S = 20.0, 2.0


@dataclass(frozen=True, slots=True)
class Faults:
    """The share of occasions on which each fault strikes, 0..1."""

    callback_delayed: float = 0.0
    callback_reordered: float = 0.0
    """Falls behind the ones that follow it."""
    callback_duplicated: float = 0.0
    callback_dropped: float = 0.0
    ringing_missing: float = 0.0
    answer_lost: float = 0.0
    """The answer to a voice webhook is lost and the request is made again, token and all."""
    created_then_5xx: float = 0.0
    """A REST request that creates a call succeeds but is answered 503."""
    throttled: float = 0.0
    """A REST request is refused with 429 and changes nothing."""
    stale_read: float = 0.0
    """A call is shown as it was some seconds ago, or is not listed yet."""
    verdict_after_hang_up: float = 0.0
    """A machine-detection verdict comes although the call has ended."""
    member_gone: float = 0.0
    """The waiting caller hangs up just as they are dequeued."""

    def __post_init__(self) -> None:
        for each in fields(self):
            share = getattr(self, each.name)
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"fault {each.name} is {share}; it must be a share from 0 to 1")


def all_faults(share: float) -> Faults:
    """Return faults that each strike the same share of occasions."""
    return Faults(**{each.name: share for each in fields(Faults)})


def read_faults(texts: Iterable[str], rest: float = 0.0) -> Faults:
    """Read shares written as `name=share`; every fault that is not named gets the rest.

    Raises:
        ValueError: There is no such fault, or the share is none; whoever wrote it must mend that.

    Example:
        >>> read_faults(["throttled=0.2"]).throttled
        0.2
    """
    shares = {each.name: rest for each in fields(Faults)}
    for text in texts:
        name, _, share = text.partition("=")
        if name not in shares or not re.fullmatch(r"[01](\.\d*)?|\.\d+", share):
            known = ", ".join(shares)
            raise ValueError(f"{text!r} is no fault; write name=0.2, with a name of: {known}")
        shares[name] = float(share)
    return Faults(**shares)


class FaultPlan:
    """Decides, repeatably, which occasions are struck."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self.faults = faults
        self._seed = seed
        self._occasions: Counter[tuple[str, str]] = Counter()

    def strikes(self, fault: str, occasion: str) -> bool:
        """Say whether a fault strikes this occasion; asking again is another occasion."""
        share: float = getattr(self.faults, fault)
        if share == 0.0:
            return False
        self._occasions[fault, occasion] += 1
        nth = self._occasions[fault, occasion]
        return stream(self._seed, "fault", fault, occasion, nth).random() < share

    def delay_s(self, occasion: str) -> float:
        """Return how late a delayed callback is."""
        return stream(self._seed, "delay", occasion).expovariate(1 / DELAY_S_MEAN)


class FaultyPost:
    """Sends callbacks as they are, late, behind others, twice, or not at all."""

    def __init__(
        self, timeline: Timeline, plan: FaultPlan, post: Callable[[Delivery], object]
    ) -> None:
        self._timeline = timeline
        self._plan = plan
        self._post = post

    def send(self, delivery: Delivery) -> None:
        """Send a callback, unless a fault drops it."""
        plan = self._plan
        occasion = f"{delivery.kind}/{delivery.lane or delivery.call_sid}"
        if plan.strikes("callback_dropped", occasion):
            return
        if plan.strikes("callback_duplicated", occasion):
            self._later(plan.delay_s(occasion), delivery)
        if plan.strikes("callback_delayed", occasion):
            self._later(plan.delay_s(occasion), delivery)
        elif plan.strikes("callback_reordered", occasion):
            self._later(BEHIND_S, delivery)
        else:
            self._post(delivery)

    def _later(self, seconds: float, delivery: Delivery) -> None:
        free = replace(delivery, lane="")
        self._timeline.later(seconds, lambda: self._post(free))
