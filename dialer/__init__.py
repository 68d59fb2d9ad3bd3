"""Outbound campaigns on top of the distributor, and the centre that joins the two."""
