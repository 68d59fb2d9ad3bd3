"""What every resource needs: the exchange, dates as the API writes them, addresses."""

from collections.abc import Mapping
from datetime import datetime

from simulator.carrier.callbacks import rfc2822
from simulator.carrier.calls import API_VERSION
from simulator.carrier.exchange import Exchange


class Resource:
    """Common ground of the resources; each adds its routes and its JSON."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    @property
    def account_sid(self) -> str:
        """The account everything belongs to."""
        return self.exchange.account.sid

    def address(self, path: str) -> str:
        """Return the `uri` of something below the account, such as `Calls/CA...`."""
        return f"/{API_VERSION}/Accounts/{self.account_sid}/{path}.json"

    def addresses(self, path: str, names: Mapping[str, str]) -> dict[str, str]:
        """Return `subresource_uris` by name."""
        return {name: self.address(f"{path}/{part}") for name, part in names.items()}

    def instant(self, at_s: float | None) -> datetime | None:
        """Return the calendar instant of a modelled one; None when it has not come."""
        return None if at_s is None else self.exchange.timeline.instant(at_s)

    def date(self, at_s: float | None) -> str | None:
        """Return a modelled instant as the API writes dates; None when it has not come."""
        instant = self.instant(at_s)
        return None if instant is None else rfc2822(instant)
