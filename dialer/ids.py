"""Names of outbound things. A dial's `CallId` is its attempt's identity, from order to outcome."""

from typing import NewType

CampaignId = NewType("CampaignId", str)
"""A campaign, as named in the settings; also the name of its waiting line in the distributor."""

LeadId = NewType("LeadId", str)
"""A person on a list. Their numbers stay in the lead store; here only positions in it appear."""
