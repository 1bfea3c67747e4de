"""The three registries of tables: retention, row order, and personal data.

Each app fills them beside its models; jobs, checks and pages read them here. May import no app.
A test fails for a table that is missing in one of them.
"""
