"""A stand-in for the carrier over HTTP; imports nothing of ours.

It answers the carrier's REST API with the carrier's JSON, executes TwiML with the carrier's timing,
signs and sends webhooks, and plays the people at the far end of every leg: callers who key, speak
and lose patience, agents who pick up late, answering machines. Anyone who develops against Twilio
Voice can use it alone: point the unmodified SDK's transport at `CarrierStandIn.base_url`.

How the parts depend on each other, lowest first:

* `clock`, `timeline`: modelled time, and the one lock under which everything below changes.
* `identifiers`, `streams`: names and random draws as functions of the seed.
* `twiml`, `webhooks`: what is fetched from the application, and how it is asked and signed.
* `ledger`: an independent record of legs, talks and webhooks, for accounts that must balance.
* `people`: who is at the far end of a leg and what they do.
* `calls`, `queues`, `conferences`: the things the REST API shows.
* `exchange`, `execution`, `verbs`: the telephone exchange that moves all of them.
* `rest`, `page`, `server`: what the outside sees.

Nothing here knows what is being tested. In particular nothing is imported from the rest of the
house, so that a misunderstanding of the carrier cannot be shared by the product and its stand-in.
"""
