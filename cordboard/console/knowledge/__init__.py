"""The supervisor's page on what callers ask: surges, open questions, answers and proposals."""
