"""The journal folded into SQL, and measures over it."""
