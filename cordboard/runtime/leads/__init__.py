"""Leads: lists from files, when each may be called, what became of attempts. Not replayed."""

from cordboard.runtime.leads.importing import RowError, read_leads
from cordboard.runtime.leads.plan import CampaignLists, ListFile
from cordboard.runtime.leads.schema import LeadStoreError
from cordboard.runtime.leads.store import SqliteLeads

__all__ = [
    "CampaignLists",
    "LeadStoreError",
    "ListFile",
    "RowError",
    "SqliteLeads",
    "read_leads",
]
