"""Pages for supervisors, planners and agents: one folder each over shared widgets.

The pages read what the centre publishes and never touch its state; what a person does there becomes
a fact in the journal like any other. They run in their own group of web processes, so that a slow
page cannot keep a caller waiting.
"""
