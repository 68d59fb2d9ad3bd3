"""Published versions of call flows, and which of them new callers get.

A version is a text under a number. Once published it never changes, so a call that began on it can
finish on it, in any process and after any restart. A *release* (`ivr.rollout`) gives versions their
shares of new callers; each change of one is logged with who, when and why, in the same step.

All of it lies in the site's store: every web process reads the same. Nothing here decides about
calls; `live_flows` does, in the web processes.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import cast

import msgspec
import redis
import structlog

from cordboard.runtime.connection import Client, Store, telling_downs
from ivr.flow import Flow, FlowError, read_flow
from ivr.rollout import Release, Share, first_release, roll_out

_log = structlog.get_logger(__name__)

FROM_FOLDER = "settings folder"
"""Who changes a release when a centre is started with a newer flow in its folder."""

TRIES_MAX = 10
"""Two people who change the same release at the same moment: one of them is asked to try again."""


class ReleaseError(ValueError):
    """A version or release cannot be made like this; whoever asked must change something."""


class Author(msgspec.Struct, frozen=True):
    """Who changes what callers get, and why."""

    by: str
    why: str
    at_ms: int


class Change(msgspec.Struct, frozen=True):
    """One line of the log."""

    flow: str
    what: str  #: `published`, `rolled out`, `rolled back`
    version: int  #: published, or rolled out; of a rollback 0
    shares: tuple[Share, ...]  #: in force afterwards; of a publication none
    author: Author


class Releases:
    """A site's versions and releases."""

    def __init__(self, store: Store, client: Client | None = None) -> None:
        self._client = client or store.client()
        self._keys = store.keys

    # --- versions ----------------------------------------------------------------------------

    def publish(self, text: bytes, author: Author, *, file: str = "") -> Flow:
        """Keep a flow under its version's number; the same flow again changes nothing.

        Raises:
            ReleaseError: It is no flow, or another one was published under this number.
            StoreDown: The store did not answer.
        """
        try:
            flow = read_flow(text, file=file or "flow")
        except FlowError as error:
            raise ReleaseError(str(error)) from error
        kept = self.text(flow.name, flow.version)
        if kept is not None:
            if read_flow(kept, file=flow.file).document != flow.document:
                free = max(self.versions(flow.name)) + 1
                raise ReleaseError(
                    f"{flow.file}: another text was published as version {flow.version} of"
                    f" {flow.name}, and a published version never changes; write version: {free}"
                )
            return flow
        with telling_downs():
            is_new = self._client.hsetnx(
                self._keys.flow_texts, _field(flow.name, flow.version), cast("str", text)
            )
            if is_new:
                change = Change(flow.name, "published", flow.version, (), author)
                self._client.xadd(self._keys.release_log, {"d": msgspec.json.encode(change)})
        # Somebody else may have been quicker, with another text.
        return flow if is_new else self.publish(text, author, file=file)

    def text(self, name: str, version: int) -> bytes | None:
        """Return what was published, None if nothing was.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            found = self._client.hget(self._keys.flow_texts, _field(name, version))
        return cast("bytes | None", found)

    def versions(self, name: str) -> list[int]:
        """Return the numbers published of a flow, in order.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            fields = cast("list[bytes]", self._client.hkeys(self._keys.flow_texts))
        pairs = (field.decode().rpartition(":") for field in fields)
        return sorted(int(version) for flow, _, version in pairs if flow == name)

    # --- releases ----------------------------------------------------------------------------

    def all(self) -> dict[str, Release]:
        """Return the release of each flow that has one.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            found = cast("dict[bytes, bytes]", self._client.hgetall(self._keys.releases))
        return {
            name.decode(): msgspec.json.decode(text, type=Release)
            for name, text in sorted(found.items())
        }

    def roll_out(self, name: str, version: int, percent: int, author: Author) -> Release:
        """Give a published version a share of new callers.

        Raises:
            ReleaseError: There is no such version, or the share cannot be.
            StoreDown: The store did not answer.
        """
        known = self.versions(name)
        if version not in known:
            listed = ", ".join(map(str, known)) or "none"
            raise ReleaseError(f"{name} has no version {version}; published are: {listed}")

        def make(release: Release | None) -> Release:
            if release is not None:
                return roll_out(release, version, percent)
            if percent < 100:
                raise ReleaseError(f"the first release of {name} gives its version all callers")
            return first_release(name, version)

        return self.change(name, make, "rolled out", version, author)

    def change(
        self,
        name: str,
        make: Callable[[Release | None], Release],
        what: str,
        version: int,
        author: Author,
    ) -> Release:
        """Replace a release by what is made of it, and log it, in one step.

        Args:
            name: The flow.
            make: Makes the next release of the present one; None if there is none yet.
            what: Said in the log.
            version: Likewise.
            author: Likewise.

        Raises:
            ReleaseError: `make` refused, or others changed it at the same time again and again.
            StoreDown: The store did not answer.
        """
        for _ in range(TRIES_MAX):
            with telling_downs(), self._client.pipeline(transaction=True) as steps:
                try:
                    steps.watch(self._keys.releases)  # type: ignore[no-untyped-call]  # not annotated
                    made = _made(make, cast("bytes | None", steps.hget(self._keys.releases, name)))
                    entry = Change(name, what, version, made.shares, author)
                    steps.multi()
                    steps.hset(self._keys.releases, name, msgspec.json.encode(made))
                    steps.xadd(self._keys.release_log, {"d": msgspec.json.encode(entry)})
                    steps.execute()
                except redis.WatchError:
                    continue
                return made
        raise ReleaseError(f"the release of {name} is being changed by others; try again")

    def log(self) -> list[Change]:
        """Return everything that was published, rolled out and rolled back, oldest first.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            rows = self._client.xrange(self._keys.release_log)
        found = cast("list[tuple[bytes, dict[bytes, bytes]]]", rows)
        return [msgspec.json.decode(fields[b"d"], type=Change) for _, fields in found]

    def helpfulness(self) -> Mapping[str, Mapping[str, float]]:
        """Return how much each flow's answers have helped lately, as history last told.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            found = cast("dict[bytes, bytes]", self._client.hgetall(self._keys.helpfulness))
        return {
            name.decode(): msgspec.json.decode(text, type=dict[str, float])
            for name, text in found.items()
        }

    def tell_helpfulness(self, name: str, scores: Mapping[str, float]) -> None:
        """Tell the web processes how much a flow's answers have helped lately.

        Raises:
            StoreDown: The store did not answer.
        """
        text = msgspec.json.encode(dict(sorted(scores.items())))
        with telling_downs():
            self._client.hset(self._keys.helpfulness, name, text)


def _made(make: Callable[[Release | None], Release], kept: bytes | None) -> Release:
    present = None if kept is None else msgspec.json.decode(kept, type=Release)
    try:
        return make(present)
    except ValueError as error:
        raise ReleaseError(str(error)) from error


def _field(name: str, version: int) -> str:
    return f"{name}:{version}"


def take_over(releases: Releases, flows: Iterable[Flow], at_ms: int) -> None:
    """Publish the flows of a centre's folder; one newer than all before it gets all callers.

    A flow that was changed without a new number is not used: what was published under the number
    goes on. That is logged as an error, for callers come before an author's slip.

    Raises:
        StoreDown: The store did not answer.
    """
    for flow in flows:
        author = Author(FROM_FOLDER, flow.file, at_ms)
        before = releases.versions(flow.name)
        try:
            releases.publish(Path(flow.file).read_bytes(), author, file=flow.file)
            if not before or flow.version > max(before):
                releases.roll_out(flow.name, flow.version, 100, author)
        except (ReleaseError, OSError) as error:
            _log.error("flow of the folder is not used", reason=str(error))
