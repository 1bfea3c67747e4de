"""Languages of the pages, and translations of the texts that the hub wrote itself."""
