"""The ledger of hazard points: what is dangerous, how badly, and every state it was in."""
