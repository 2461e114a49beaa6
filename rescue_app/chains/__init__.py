"""What comes next, along a table of chains: to whom it reaches, and who is told."""
