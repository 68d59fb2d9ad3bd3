"""`cordboard demo`: a whole centre on this machine, with modelled people on both ends.

Everything is real but the telephone network: the live processes run against the carrier stand-in,
whose people behave as the centre's scenario says.
"""
