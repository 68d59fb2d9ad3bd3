"""A stand-in for the carrier over HTTP; imports nothing of ours.

It answers the carrier's REST API with the carrier's JSON, executes TwiML with the carrier's timing,
signs and sends webhooks, and plays the people at the far end of every leg: callers who key, speak
and lose patience, agents who pick up late, answering machines. Anyone who develops against Twilio
Voice can use it alone: point the unmodified SDK's transport at `CarrierStandIn.base_url`.

How the parts depend on each other, lowest first:

* `identifiers`, `streams`, `places`: names and random draws as functions of the seed.
* `account`, `variants`, `faults`, `options`: whose calls they are, and how the run is set up.
* `clock`, `timeline`: modelled time, and the one lock under which everything changes.
* `ledger`: an independent record of legs, talks and webhooks, for accounts that must balance.
* `people`: who is at the far end of a leg and what they do.
* `signature`, `webhooks`, `wsgi`: how the application is asked, over HTTP or in this process.
* `calls`, `bridges`, `queues`, `conferences`, `recordings`, `messages`: what the REST API shows.
* `twiml`, `grammar`, `callbacks`: what the application answers, and what it is told.
* `execution`, `verbs`: what a document does to a call.
* `dialling`, `texting`, `announcements`, `exchange`: the telephone exchange that moves all of them.
* `rest`, `page`, `server`: what the outside sees; `sdk` and `pytest_plugin` make it easy to use.

Nothing here knows what is being tested. In particular nothing is imported from the rest of the
house, so that a misunderstanding of the carrier cannot be shared by the product and its stand-in.
"""
