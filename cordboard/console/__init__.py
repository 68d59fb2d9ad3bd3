"""Pages for supervisors, planners and agents."""
