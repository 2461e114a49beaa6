"""The day's pack of a street: what a phone must know where there is no network, signed whole."""
