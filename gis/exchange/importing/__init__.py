"""Bring other people's tables in: map, check, show what would change, only then write.

`fields` says what a ledger wants, `mapping` how one file says it, `values` turns the file's
words into values or refusals, `places` does the same for coordinates, `staging` copies what is
good into a temporary table, `report` tells the person. What is compared and written is the
ledger's own business (`hazards/points/importing`).
"""
