"""The routing core: who gets whom, as a pure function of what has happened."""
