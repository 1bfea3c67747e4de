"""What every table has to say of itself: how long it is kept, in which order it lies, and what of it is about people.

Each app fills the three registries beside its models; whoever needs to know reads them here. May import no app.
A test fails for a table that is missing in one of them.
"""
