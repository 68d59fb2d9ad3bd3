"""The door for programs: `/api/v1`, JSON over HTTP for those who integrate with the centre.

`operation` says what an operation is; each module of a resource lists its own; `app` serves them
all behind tokens, scopes and rate limits, and `document` describes them as OpenAPI. Everything
here reads what others keep or appends facts to the journal; it decides nothing.
"""
