"""Who is at the far end of a leg, and what they do.

`manners` describes people as data, `person` lets one of them act on a leg, `population` decides
who it is for each arrival and each dial, `speech` knows how long words take.
"""
