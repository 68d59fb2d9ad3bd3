"""A large list and its store, for the benchmark: run as a program, in a process of its own.

`python -m tests.benchmarks.lead_lists FOLDER ROWS` imports the list, opens the store again, lends
leads one by one and by the two hundred, counts the waterfall, and prints what it measured as JSON.
"""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import phonenumbers

from cordboard.runtime.law import load_rule_book
from cordboard.runtime.leads import CampaignLists, ListFile, SqliteLeads
from cordboard.runtime.leads.inquiry import asking
from cordboard.runtime.sealing import Pseudonyms
from dialer.commands import RequestLeads
from dialer.compliance import Purpose
from dialer.ids import CampaignId

CAMPAIGN = CampaignId("bench")
NOON_MS = int(datetime(2026, 11, 23, 18, tzinfo=UTC).timestamp() * 1_000)
ALONE, BATCHES, BATCH = 5_000, 50, 200
"""Leads lent one by one; batches lent, and their size."""


def area_codes():
    """Area codes of the United States: many time zones, many places."""
    for code in range(201, 990):
        number = phonenumbers.PhoneNumber(country_code=1, national_number=code * 10**7 + 5550100)
        if phonenumbers.region_code_for_number(number) == "US":
            yield code


def write_list(path, rows):
    codes = list(area_codes())
    with path.open("w", encoding="utf-8") as file:
        file.write("lead,number,priority,consent_on,consent_is_written\n")
        for row in range(rows):
            code, rest = codes[row % len(codes)], row // len(codes)
            file.write(f"L{row},+1{code}555{rest:04},{row * 7 % 10},2026-06-01,yes\n")


def campaigns(folder):
    lists = CampaignLists(
        lists=(ListFile(name="main", path=folder / "leads.csv"),),
        region="",
        purpose=Purpose.MARKETING,
        ring_ms=25_000,
        registers={"us-national-dnc": NOON_MS - 86_400_000},
    )
    return {CAMPAIGN: lists}


def open_store(folder):
    return SqliteLeads(
        folder / "leads.sqlite", campaigns(folder), load_rule_book(), Pseudonyms("b" * 32)
    )


def peak_mb():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024)


def lend(store, count, key):
    """Lend leads; return the core's time, the wall's, and whom: the machine serves others too."""
    begin, core = time.perf_counter(), time.process_time()
    leads, _ = store.supply(RequestLeads(CAMPAIGN, 1, count), key, NOON_MS)
    took = (time.process_time() - core, time.perf_counter() - begin)
    return took, [str(lead.lead_id) for lead in leads]


def quantiles(name, times_ms):
    times_ms = sorted(times_ms)
    return {
        f"{name}_p50_ms": times_ms[len(times_ms) // 2],
        f"{name}_p99_ms": times_ms[len(times_ms) * 99 // 100],
        f"{name}_max_ms": times_ms[-1],
    }


def measure(folder, rows):
    told = {"rows": rows, "bare_mb": peak_mb()}
    write_list(folder / "leads.csv", rows)
    store = open_store(folder)
    begin, core = time.perf_counter(), time.process_time()
    told["rejected"] = len(store.import_lists())
    told |= {
        "import_s": time.perf_counter() - begin,
        "import_core_s": time.process_time() - core,
        "import_mb": peak_mb(),
    }
    store.close()
    begin, core = time.perf_counter(), time.process_time()
    store = open_store(folder)
    store.import_lists()
    lent = lend(store, BATCH, "first")[1]
    told |= {"start_s": time.perf_counter() - begin, "start_core_s": time.process_time() - core}
    alone, batches = [], []
    for turn in range(ALONE):
        took, found = lend(store, 1, f"a{turn}")
        alone.append(took)
        lent += found
        if turn == ALONE // 2:  # a restart loses no loan and repeats none
            store.close()
            store = open_store(folder)
    for turn in range(BATCHES):
        took, found = lend(store, BATCH, f"b{turn}")
        batches.append(took[0] * 1e3 / BATCH)
        lent += found
    told |= quantiles("alone_core", [core_s * 1e3 for core_s, _ in alone])
    told |= quantiles("alone_wall", [wall_s * 1e3 for _, wall_s in alone])
    told |= quantiles("in_batch_core", batches)
    told |= {
        "lent": len(lent),
        "lent_twice": len(lent) - len(set(lent)),
        "file_mb": round((folder / "leads.sqlite").stat().st_size / 2**20),
    }
    with asking(folder / "leads.sqlite", campaigns(folder), load_rule_book()) as inquiry:
        begin, core = time.perf_counter(), time.process_time()
        fall = inquiry.waterfall(CAMPAIGN, NOON_MS)
        told |= {
            "waterfall_core_s": time.process_time() - core,
            "waterfall_sums": fall.total == rows,
        }
    told["peak_mb"] = peak_mb()
    store.close()
    return told


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
