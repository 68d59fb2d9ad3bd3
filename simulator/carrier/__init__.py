"""A stand-in for the carrier over HTTP; imports nothing of ours."""
