"""Traffic at an asset: where it is closed, which way leads around, and whether it is closed now."""
