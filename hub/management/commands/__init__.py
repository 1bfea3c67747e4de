"""One file a command: what operators and developers run."""
