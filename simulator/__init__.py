"""A modelled world around the real centre: virtual time, people, carriers, planning."""
