"""Something is happening somewhere: what orders are given for."""
