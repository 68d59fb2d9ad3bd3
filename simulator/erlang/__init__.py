"""Closed forms for one queue: Erlang B, C and A, their inverses, and load that varies.

One queue, Poisson arrivals, exponential handle times, equal agents, first come first served:

| formula | callers who find all agents busy | function |
| --- | --- | --- |
| Erlang B | are turned away | `erlang_b` |
| Erlang C | wait for ever | `erlang_c` |
| Erlang A | wait until their (exponential) patience ends | `erlang_a` |

Definitions differ between suppliers and are the commonest source of "wrong" answers, so each figure
here says over whom it is taken:

- **service level within T**: calls answered after a wait of at most T, over all *offered* calls.
  `of="answered"` divides by answered calls; `of="offered_less_short_abandons"` by offered calls
  less those abandoned within T.
- **p_wait**: share of offered calls that find no agent ready.
- **asa_s** (average speed of answer): mean wait of *answered* calls, those not delayed included.
- **mean_wait_s**: mean time in queue of *all* offered calls, however it ends.
- **p_abandon**: share of offered calls that abandon.
- **occupancy**: share of the agents' time in which they are busy.

All are stationary figures: what a long day of constant load tends to. A short day that starts
empty does better; load that changes within an hour is treated by `offered_load`. What has several
skills, priorities or other distributions has no closed form: see `simulator.kernel`.

`docs/theory/queueing.md` derives the formulas and says how they are kept exact for large teams.
"""

from simulator.erlang.abandonment import ErlangA, erlang_a
from simulator.erlang.blocking import erlang_b
from simulator.erlang.delay import Denominator, ErlangC, OverloadError, erlang_c
from simulator.erlang.inverse import (
    arrivals_served_per_s,
    patience_from_abandonment_s,
    required_agents,
    rostered_agents,
)
from simulator.erlang.varying import OfferedLoad, offered_load, required_agents_by_interval

__all__ = [
    "Denominator",
    "ErlangA",
    "ErlangC",
    "OfferedLoad",
    "OverloadError",
    "arrivals_served_per_s",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "offered_load",
    "patience_from_abandonment_s",
    "required_agents",
    "required_agents_by_interval",
    "rostered_agents",
]
