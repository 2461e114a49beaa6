"""A list that a person brings in: looked at, its columns told apart, tried, then taken.

`ledger` is the body of every import, whatever it is of; what differs is the kind's own
(`hazards/points/importing`, `qr_codes/assets/importing`, …). The rest is what a page needs:
`looking` and `guessing` propose columns, `models`, `rules`, `service` say how far an import is.
"""
