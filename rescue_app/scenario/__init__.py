"""A made-up city on the real ground: for the tour, tests and load, marked synthetic throughout."""
