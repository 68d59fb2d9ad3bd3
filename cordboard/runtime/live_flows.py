"""Call flows as a web process serves them: every version in use, ready to be walked.

A background thread looks at the store about once a second: which release each flow has, which
versions that needs, how much answers have helped lately. A version is read and its speech model
trained *before* new callers get it, so nobody waits for a training. A version that only a call in
progress needs (it began elsewhere, or before a restart) is prepared when that call asks.

Without a store, or before anything was published, the flows of the settings' folder serve.
"""

import threading
from collections.abc import Callable, Iterable, Mapping

import structlog

from acd.ids import CustomerId
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.releases import Releases
from ivr.flow import Flow, FlowError, read_flow
from ivr.rollout import Release, version_for
from webhooks.ports import Line

LOOK_MS = 1_000
"""How long a change of a release takes at most to reach new callers of a process."""

Prepare = Callable[[Flow], Flow]
"""Trains a flow's speech model."""

_log = structlog.get_logger(__name__)


class LiveFlows:
    """`webhooks.ports.Flows` over the site's releases."""

    def __init__(
        self,
        releases: Releases,
        lines: Mapping[str, Line],
        folder: Iterable[Flow],
        prepare: Prepare,
    ) -> None:
        self._store = releases
        self._lines = lines
        self._prepare = prepare
        self._folder: dict[str, Flow] = {}
        for flow in folder:
            known = self._folder.get(flow.name)
            if known is None or known.version < flow.version:
                self._folder[flow.name] = flow
        self._lock = threading.Lock()
        self._ready: dict[tuple[str, int], Flow] = {}
        self._releases: dict[str, Release] = {}
        self._scores: Mapping[str, Mapping[str, float]] = {}

    # --- the port ----------------------------------------------------------------------------

    def line(self, number: str) -> Line | None:
        """Return the line of a called number, or None when it is not ours."""
        return self._lines.get(number)

    def current(self, name: str, customer_id: CustomerId) -> Flow:
        """Return the version a new call of this customer gets.

        Raises:
            KeyError: No such flow.
        """
        release = self._releases.get(name)
        if release is not None:
            flow = self.version(name, version_for(release, customer_id))
            if flow is not None:
                return flow
        return self._made_ready(self._folder[name])

    def version(self, name: str, version: int) -> Flow | None:
        """Return one version, or None when nobody has it any more."""
        ready = self._ready.get((name, version))
        if ready is not None:
            return self._scored(ready)
        text = self._read(name, version)
        if text is not None:
            return self._made_ready(read_flow(text, file=f"{name} version {version}"))
        own = self._folder.get(name)
        return self._made_ready(own) if own is not None and own.version == version else None

    # --- keeping up --------------------------------------------------------------------------

    def follow(self, clock: Clock, stop: threading.Event) -> None:
        """Keep up with the store in the background until `stop` is set."""

        def run() -> None:
            while not clock.wait(stop, LOOK_MS):
                try:
                    self.refresh()
                except Exception:  # noqa: BLE001  (a thread that ends would lose every rollback)
                    _log.exception("looking for releases failed")

        threading.Thread(target=run, name="flows", daemon=True).start()

    def refresh(self) -> None:
        """Look at the store; a release is used once all of its versions are ready."""
        try:
            releases, scores = self._store.all(), self._store.helpfulness()
            for name, release in releases.items():
                if self._releases.get(name) != release and self._has_all(release):
                    self._releases = {**self._releases, name: release}
            self._scores = scores
        except (StoreDown, FlowError) as reason:
            _log.warning("releases could not be read", reason=str(reason))

    def _has_all(self, release: Release) -> bool:
        missing = [
            share.version
            for share in release.shares
            if self.version(release.flow, share.version) is None
        ]
        if missing:
            _log.error("release without its versions", flow=release.flow, versions=missing)
        return not missing

    def _read(self, name: str, version: int) -> bytes | None:
        try:
            return self._store.text(name, version)
        except StoreDown:
            return None

    def _made_ready(self, flow: Flow) -> Flow:
        """Prepare a flow once, however many ask at the same time."""
        key = (flow.name, flow.version)
        with self._lock:
            if key not in self._ready:
                self._ready[key] = self._prepare(flow)
        return self._scored(self._ready[key])

    def _scored(self, flow: Flow) -> Flow:
        scores = self._scores.get(flow.name)
        return flow if not scores else flow.with_helpfulness(scores)
