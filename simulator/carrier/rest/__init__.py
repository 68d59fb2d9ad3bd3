"""The REST API of the carrier: one resource a module, Twilio's JSON, paging and error codes."""
