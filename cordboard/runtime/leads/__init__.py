"""Leads: lists from files, when each may be called, what became of attempts. Not replayed."""

from cordboard.runtime.leads.gatekeeper import CampaignLists
from cordboard.runtime.leads.importing import RowError, read_leads
from cordboard.runtime.leads.store import SqliteLeads

__all__ = ["CampaignLists", "RowError", "SqliteLeads", "read_leads"]
