"""Fold a site's whole journal anew and print a digest of state and commands, byte for byte."""

import hashlib
import sys
from pathlib import Path

import msgspec

from acd.config import AcdConfig
from acd.replay import Fold, parse_entry_id
from cordboard.runtime.archive import Archive
from cordboard.runtime.connection import Store
from cordboard.runtime.entries import read_entry
from cordboard.runtime.journal import JournalReader
from dialer.centre import Centre
from dialer.codec import COMMAND_CODEC, EVENT_CODEC
from dialer.config import CentreConfig


def main() -> None:
    url, site, folder, last_id = sys.argv[1:]
    store = Store(url, site)
    with store.client(timeout_s=5.0) as client:
        live = JournalReader(store, client).rows()
        rows = dict([*Archive(Path(folder)).rows(), *live])
        commands = {
            row[b"k"].decode(): [row[b"t"].decode(), row[b"d"].decode()]
            for _, row in [
                *Archive(Path(folder), "commands").rows(),
                *client.xrange(store.keys.audit),
            ]
        }
    fold = Fold(Centre(CentreConfig(acd=AcdConfig(queues=(), agents=()))), EVENT_CODEC)
    again: dict[str, list[str]] = {}
    for entry_id, fields in rows.items():
        if parse_entry_id(entry_id.decode()) > parse_entry_id(last_id):
            break
        for ordinal, command in enumerate(fold.apply(read_entry(entry_id, fields))):
            kind, facts = COMMAND_CODEC.encode(command)
            again[f"{entry_id.decode()}:{ordinal}"] = [kind, msgspec.json.encode(facts).decode()]
    committed = {key: again[key] for key in commands}
    assert committed == commands, "a replay derives other commands than were committed"
    state = msgspec.json.encode(fold.to_plain(), order="sorted")
    print(hashlib.sha256(state + msgspec.json.encode(again)).hexdigest())  # noqa: T201  (its answer)


if __name__ == "__main__":
    main()
