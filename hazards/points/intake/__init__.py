"""A ledger that a person brings in: looked at, its columns told apart, tried, sent for review."""
