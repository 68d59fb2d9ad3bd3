"""The agent's page: presence, the offer or contact at hand, and what can be done about it."""
