"""What the name of a figure tells: whose it is, its unit, and how it is written.

`service_level` is that of all queues together, `cards.service_level` that of one,
`flow.<node>.callers` that of a node of the call flow. The end is the unit: `_s` seconds, one of
`SHARES` a share of 1, anything else a count. `simulator.results` and `simulator.flow_tally` give
the names.
"""

SHARES = frozenset(
    {
        "service_level",
        "abandonment",
        "occupancy",
        "outbound_abandonment",
        "containment",
        "flow_drop_out",
        "drop_out",
    }
)
"""Last words of the names of figures that are shares of 1."""

FLOW = "flow."
"""Begins the names of figures of the call flow's nodes."""


def number(name: str, value: float) -> str:
    """Write a figure in the unit its name ends with: shares in percent.

    Example:
        >>> number("cards.service_level", 0.8349), number("asa_s", 12.34), number("offered", 1803.0)
        ('83.5 %', '12.3', '1,803.0')
    """
    return f"{100 * value:.1f} %" if is_share(name) else f"{value:,.1f}"


def is_share(name: str) -> bool:
    """Tell whether a figure is a share of 1."""
    return name.rpartition(".")[2] in SHARES
