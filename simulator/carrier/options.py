"""How a stand-in is set up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from simulator.carrier.account import Account, PhoneNumber
from simulator.carrier.faults import Faults
from simulator.carrier.variants import Variants


@dataclass(frozen=True, slots=True)
class CarrierOptions:
    """Everything about a run but its people."""

    account: Account = field(default_factory=Account)
    numbers: tuple[PhoneNumber, ...] = ()
    host: str = "127.0.0.1"
    port: int = 0
    """0 takes a free one; see `CarrierStandIn.base_url`."""
    speed: float = 1.0
    """Modelled seconds in a wall second."""
    seed: int = 1
    epoch: datetime | None = None
    """Calendar instant at the start; default: now."""
    variants: Variants = field(default_factory=Variants)
    faults: Faults = field(default_factory=Faults)
    text_errors: Mapping[str, int] = field(default_factory=dict)
    """What messages to a number end in: an error code of the carrier's; none are delivered."""
    record_to: Path | None = None
    """A file that gets every leg, talk, webhook and alert as a JSON line."""
