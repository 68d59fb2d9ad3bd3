"""The supervisor's page: queues, waits, agents and campaigns as they are now."""
