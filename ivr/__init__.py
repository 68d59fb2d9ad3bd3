"""A call flow interpreter: what a caller hears and is asked, as a pure function of their input."""
