"""The first entries of a site's journal: when its time begins, and the settings.

A centre knows nothing but what its journal tells, so a fact that came before the settings would
mean nothing. Whoever starts first (a web process or the worker) founds the journal; it is done once
in its life, by one script, whoever else tries.
"""

from acd.engine import ROUTING_VERSION
from acd.events import UNSTAMPED, LeaderElected
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.composition import Site
from cordboard.runtime.connection import WORKER_TIMEOUT_S, telling_downs
from cordboard.runtime.entries import Draft, pack
from cordboard.runtime.scripts import script
from dialer.codec import EVENT_CODEC
from dialer.events import CentreEvent, SettingsApplied

FOUNDING_EPOCH = 1
"""The lowest there is; every leader's is higher."""


def found_journal(site: Site, *, speed: int = 1, origin_ms: int = 0) -> bool:
    """Write the first entries of a new journal; tell whether it was new.

    Args:
        site: The site.
        speed: Modelled seconds per real one.
        origin_ms: Modelled Unix time at which the journal begins; 0: now.

    Raises:
        StoreDown: The store did not answer.
    """
    founding = LeaderElected(
        at_ms=UNSTAMPED,
        epoch=FOUNDING_EPOCH,
        nonce="founding",
        routing_version=ROUTING_VERSION,
        scale=speed,
        origin_ms=origin_ms,
    )
    settings = site.settings
    applied = SettingsApplied(UNSTAMPED, settings.digest, settings.centre_plain)
    with site.store.client(timeout_s=WORKER_TIMEOUT_S) as client, telling_downs():
        packed = pack([_draft(founding), _draft(applied)])
        return bool(script(client, "found")(keys=[site.store.keys.journal], args=[packed]))


def _draft(event: CentreEvent) -> Draft:
    kind, facts = EVENT_CODEC.encode(event)
    return Draft(kind, "", "", facts, LiveClock().wall_ms())
