"""A ledger from a file into ours: checked, compared, and only then written, all as sets."""
