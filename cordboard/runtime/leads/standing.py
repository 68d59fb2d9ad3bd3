"""Where a lead stands with its campaign: one of a few states, written with every change.

A standing says what the store knows; whether the law lets a lead that is due be called now, only
the gate can say. The lane says where the index looks for the lead (see `schema`).
"""

from enum import IntEnum, unique


@unique
class Standing(IntEnum):
    """What is known of a lead."""

    FRESH = 0  #: never tried
    RETRY = 1  #: tried, and to be tried again at `due_ms`
    AGREED = 2  #: to be called back at `due_ms`, as agreed with the person
    LENT = 3  #: with the centre until `due_ms`
    HELD = 4  #: refused by the gate, until `due_ms` or until something changes
    REACHED = 5  #: spoke with an agent
    SPENT = 6  #: tried as often as the campaign allows
    UNREACHABLE = 7  #: none of the numbers works
    REMOVED = 8  #: no longer in the list's file


FINISHED = (Standing.REACHED, Standing.SPENT, Standing.UNREACHABLE, Standing.REMOVED)

OWN_REQUEST = "own-opt-out"
"""What holds a lead whose person asked not to be called, from that instant on."""


@unique
class Lane(IntEnum):
    """Where the next lead is looked for, in this order."""

    AGREED = 0
    TIMED = 1
    FRESH = 2
