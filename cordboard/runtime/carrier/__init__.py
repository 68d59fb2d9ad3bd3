"""The carrier, as the outbox sees it: commands become REST requests, answers become facts."""
