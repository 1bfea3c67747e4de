"""Ideas from the public: sent without a name, moderated, answered in public."""
