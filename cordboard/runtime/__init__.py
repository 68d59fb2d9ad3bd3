"""The loop that owns the centre, and everything it needs from the world."""
