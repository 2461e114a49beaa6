"""Cases: how people change the ledger. Nothing a person says stands before it was approved."""
